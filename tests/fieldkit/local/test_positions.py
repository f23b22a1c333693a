"""Positions of the receivers of a laptop, as a page and the command ask for them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from simulated_receiver import SimulatedReceiver

from fieldkit.exit_codes import ExitCode
from fieldkit.receivers.sources import VARIABLE

POSITIONS = "/local/v1/positions"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedReceiver]:
    with SimulatedReceiver() as receiver:
        monkeypatch.setenv(VARIABLE, receiver.path)
        yield receiver


def test_a_page_is_told_each_reading_of_a_receiver(
    page: Any, receiver: SimulatedReceiver
) -> None:
    receiver.go_on()
    source, *_others = page.get(POSITIONS)
    assert source["kind"] == "nmea"
    told = page.get(f"{POSITIONS}/{source['id']}?after=0&wait_s=20")
    assert told["fix"]["source"] == "external"
    assert told["fix"]["is_mock"] is True
    assert told["details"]["is_estimated"] is True
    later = page.get(f"{POSITIONS}/{source['id']}?after={told['cursor']}&wait_s=20")
    assert later["cursor"] > told["cursor"]


def test_trouble_is_told_in_both_languages_as_part_of_the_answer(
    page: Any, receiver: SimulatedReceiver
) -> None:
    receiver.go_on(lambda _at: [b"nonsense\r\n"] * 9)
    path = f"{POSITIONS}/serial:{receiver.path}"
    problem = page.get(f"{path}?after=0&wait_s=20")["problem"]
    assert problem["code"] == "receiver-unreadable"
    assert problem["zh"]
    assert problem["en"]


def test_a_port_that_is_no_receiver_of_this_machine_is_not_opened(
    page: Any, refused: Any
) -> None:
    refused(page.ask("GET", f"{POSITIONS}/serial:/etc/passwd"), 409, "receiver-unknown")


def test_the_command_prints_a_position_and_what_it_rests_on(
    fieldkit: Any, receiver: SimulatedReceiver
) -> None:
    receiver.go_on()
    told = fieldkit("position", "--json", **{VARIABLE: receiver.path})
    assert told.returncode == 0, told.stderr
    document = json.loads(told.stdout)
    assert document["fix"]["basis"].startswith("NMEA HDOP")
    assert document["receivers"][0]["id"] == f"serial:{receiver.path}"
    plain = fieldkit("position", **{VARIABLE: receiver.path})
    assert "accurate to 9 m" in plain.stdout
    assert "simulated" in plain.stderr


def test_the_command_says_what_is_wrong_and_how_to_help(
    fieldkit: Any, receiver: SimulatedReceiver
) -> None:
    receiver.go_on(lambda _at: [b"nonsense\r\n"] * 9)
    told = fieldkit("position", **{VARIABLE: receiver.path})
    assert told.returncode == ExitCode.NO_POSITION
    assert "not NMEA" in told.stderr
    unknown = fieldkit("position", "--receiver", "serial:/dev/nothing")
    assert unknown.returncode == ExitCode.NO_POSITION
