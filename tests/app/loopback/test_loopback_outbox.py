"""The laptop's outbox in JavaScript against the real ``fieldkit app``, and a bureau."""

import json
from pathlib import Path

from journeys.commanded import CommandedBureau
from local_app import LocalApp
from node import run_node
from simulated_receiver import SimulatedReceiver

from fieldkit.receivers.sources import VARIABLE

SUITE = Path(__file__).with_name("outbox_suite.mjs")


def test_the_laptops_outbox_keeps_every_promise_of_the_port(
    commanded_bureau: CommandedBureau, tmp_path: Path
) -> None:
    bureau = commanded_bureau
    with SimulatedReceiver() as receiver:
        receiver.go_on()
        with LocalApp(tmp_path / "laptop", **{VARIABLE: receiver.path}) as laptop:
            given = {
                "entrance": laptop.entrance,
                "url": bureau.url,
                "code": bureau.new_code(),
            }
            ran = run_node("--test-reporter=spec", str(SUITE), json.dumps(given))
            assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-4000:]
        # What the page was told is what the commands find, and the bureau counted.
        listed = laptop.listed.values()
        assert {one["state"] for one in listed} == {"delivered"}
        assert bureau.total("observations") == 1
