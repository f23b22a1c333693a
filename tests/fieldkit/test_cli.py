"""The commands as a script sees them: stdout, stderr and exit codes."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldkit.cli.session import note, put, put_table
from fieldkit.device_clock import note_server_time, read_clock
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox
from geo.errors import Message
from sync.clock import instant_text

Cli = Any


def records(fieldkit: Cli) -> list[dict[str, Any]]:
    listed = fieldkit("list", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(listed.stdout)["records"]
    return found


@pytest.fixture
def xunwu_file(tmp_path: Path, xunwu: dict[str, Any], photo: Path) -> Path:
    file = tmp_path / "xunwu.json"
    body = xunwu | {"evidence": [{"path": photo.name}]}
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


def test_the_issues_observation_is_recorded_and_advised_upon(
    fieldkit_process: Cli, fieldkit: Cli, xunwu_file: Path
) -> None:
    told = fieldkit_process("record", "--from", str(xunwu_file))
    assert told.returncode == 0, told.stderr
    assert "Sealed 360734-2023-00abcd-00001" in told.stdout
    assert "in 寻乌县 (360734)" in told.stdout
    assert "outside the protected origin" in told.stdout
    (record,) = records(fieldkit)
    assert (record["seq"], record["kind"]) == (1, "observation")
    assert (record["state"], record["outcome"], record["reason"]) == (
        "sealed",
        None,
        None,
    )
    assert record["photos"] == {"named": 1, "delivered": 0, "missing": 0}


def test_json_is_one_document_on_stdout(fieldkit: Cli, xunwu_file: Path) -> None:
    told = fieldkit("record", "--from", str(xunwu_file), "--json")
    document = json.loads(told.stdout)
    assert document["failed"] == []
    (saved,) = document["records"]
    assert (saved["seq"], saved["state"]) == (1, "sealed")
    assert saved["advice"]["county"]["code"] == "360734"
    assert saved["advice"]["lots"][0]["verdict"] == "outside"


def test_one_bad_item_among_many_is_told_by_its_line_and_blocks_no_other(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    bad = quick | {"colour": "orange"}
    gone = quick | {"evidence": [{"path": "gone.jpg"}]}
    lines = [json.dumps(quick), json.dumps(bad), "{", json.dumps(gone), "", "7"]
    lines.append(json.dumps(quick))
    told = fieldkit("record", "--from", "-", "--json", stdin="\n".join(lines))
    assert told.returncode == 3
    document = json.loads(told.stdout)
    assert [saved["line"] for saved in document["records"]] == [1, 7]
    failed = [(failure["line"], failure["code"]) for failure in document["failed"]]
    assert failed == [
        (2, "input-refused"),
        (3, "input-unreadable"),
        (4, "photo-unreadable"),
        (6, "input-refused"),
    ]
    assert document["failed"][0]["field"] == "colour"
    assert "Line 2 not sealed: colour" in told.stderr
    assert "2 sealed, 4 not sealed" not in told.stdout
    assert [record["seq"] for record in records(fieldkit)] == [1, 2]


def test_a_list_of_observations_is_recorded_in_its_order(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    bodies = [quick | {"note": note} for note in ("one", "two", "three")]
    told = fieldkit("record", "--from", "-", stdin=json.dumps(bodies))
    assert told.returncode == 0, told.stderr
    assert "3 sealed, 0 not sealed." in told.stderr
    notes = [
        json.loads(fieldkit("show", record["id"], "--json").stdout)["body"]["note"]
        for record in records(fieldkit)
    ]
    assert notes == ["one", "two", "three"]


def test_a_missing_photograph_is_told_with_its_exit_code(
    fieldkit: Cli, xunwu_file: Path, photo: Path
) -> None:
    photo.unlink()
    told = fieldkit("record", "--from", str(xunwu_file))
    assert told.returncode == 8
    assert "photo1.jpg" in told.stderr
    assert records(fieldkit) == []


def test_what_the_server_will_quarantine_is_said_at_once(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    foreign = json.dumps(quick | {"unit_code": "360722"})
    told = fieldkit("record", "--from", "-", stdin=foreign)
    assert told.returncode == 0
    assert "quarantine" in told.stderr


def test_a_clock_far_off_is_told_at_once(
    fieldkit: Cli, outbox: SqliteOutbox, quick: dict[str, Any]
) -> None:
    reading = read_clock()
    note_server_time(outbox, instant_text(reading.now - timedelta(hours=2)), reading)
    told = fieldkit("record", "--from", "-", stdin=json.dumps(quick))
    assert "120 minutes off" in told.stderr


def test_an_unknown_or_ambiguous_id_is_told(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    two = "\n".join([json.dumps(quick)] * 2)
    fieldkit("record", "--from", "-", stdin=two)
    assert fieldkit("show", "nothing").returncode == 4
    common = records(fieldkit)[0]["id"][:4]
    told = fieldkit("show", common)
    assert told.returncode == 4
    assert "2 records begin" in told.stderr
    number = records(fieldkit)[1]["record_no"]
    assert json.loads(fieldkit("show", number, "--json").stdout)["seq"] == 2


def test_the_list_shows_one_state_when_asked(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    fieldkit("record", "--from", "-", stdin=json.dumps(quick))
    for state, count in {"sealed": 1, "delivered": 0, "quarantined": 0}.items():
        listed = json.loads(fieldkit("list", "--state", state, "--json").stdout)
        assert len(listed["records"]) == count


def test_check_advises_on_a_position_by_words_and_by_json(fieldkit: Cli) -> None:
    inside = fieldkit("check", "114.93", "25.83")
    assert "Gannan navel orange: inside the protected origin" in inside.stdout
    outside = json.loads(fieldkit("check", "113.0", "24.9", "--json").stdout)
    assert (outside["verdict"], outside["band_m"]) == ("outside", 700.0)
    assert outside["checks"][0]["right"] == "gannan-navel-orange"
    assert outside["county_kind"] in ("other", "none")
    doubtful = fieldkit("check", "114.93", "25.83", "--radius", "90000", "--json")
    assert json.loads(doubtful.stdout)["verdict"] == "undetermined"


def test_check_adds_the_doubt_of_a_conversion(fieldkit: Cli) -> None:
    told = fieldkit("check", "114.93", "25.83", "--datum", "gcj02", "--json")
    converted = json.loads(told.stdout)
    assert converted["datum_path"] == "GCJ02>WGS84"
    assert converted["band_m"] > 700.0


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("check", "25.83", "114.93"), 3),
        (("check", "114.93", "25.83", "--radius", "0"), 3),
        (("check", "114.93", "25.83", "--datum", "mars"), 2),
        (("check", "-114.93", "25.83"), 0),
        (("check", "west", "25.83"), 2),
        (("record", "--from", "nothing.json"), 3),
        (("unknown-command",), 2),
        (("show",), 2),
    ],
)
def test_wrong_use_ends_in_words_not_in_a_traceback(
    fieldkit: Cli, arguments: tuple[str, ...], exit_code: int
) -> None:
    told = fieldkit(*arguments)
    assert told.returncode == exit_code
    assert "Traceback" not in told.stderr
    assert (told.stderr == "") == (exit_code == 0)


def test_chinese_is_spoken_by_default_and_english_by_choice(
    fieldkit: Cli, fieldkit_process: Cli, quick: dict[str, Any]
) -> None:
    body = json.dumps(quick)
    chinese = fieldkit("record", "--from", "-", stdin=body, GI_LANG="")
    assert chinese.stdout.startswith("已封存")
    english = fieldkit("record", "--from", "-", stdin=body, GI_LANG="en")
    assert english.stdout.startswith("Sealed")
    assert not re.search("[\u4e00-\u9fff]", english.stdout)
    assert "离线记录" in fieldkit_process("--help", GI_LANG="zh").stdout


def test_a_device_that_is_not_enrolled_is_told_how(
    fieldkit: Cli, tmp_path: Path
) -> None:
    told = fieldkit(
        "record", "--from", "-", stdin="{}", FIELDKIT_HOME=str(tmp_path / "new")
    )
    assert told.returncode == 5
    assert "fieldkit enrol" in told.stderr
    advised = fieldkit("check", "114.93", "25.83", FIELDKIT_HOME=str(tmp_path / "x"))
    assert advised.returncode == 0


def test_a_damaged_outbox_is_told_with_its_exit_code(fieldkit: Cli, home: Home) -> None:
    home.outbox_path.write_bytes(b"rubbish" * 1000)
    told = fieldkit("list")
    assert told.returncode == 7
    assert "Do not delete it" in told.stderr


def test_the_dialogue_answers_to_typed_lines(
    fieldkit_process: Cli, fieldkit: Cli
) -> None:
    typed = ["", "", "6", "", "室内", "000", "5", "", "", ""]
    told = fieldkit_process("record", stdin="\n".join(typed) + "\n")
    assert told.returncode == 0, told.stderr
    assert "Sealed" in told.stdout
    assert fieldkit("record", stdin="\n").returncode == 130
    assert [r["state"] for r in records(fieldkit)] == ["sealed", "draft"]


def test_what_others_wrote_commands_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A reason comes from the server, or from whoever sits between."""
    put("原因\x1b]0;done\x07 \x9b2J\t好\n二")
    note("\x1b[2J")
    put_table([Message("原因", "Reason")], [["\x1b[1A已送达"]])
    shown = capsys.readouterr()
    assert not {"\x1b", "\x07", "\x9b"} & set(shown.out + shown.err)
    assert "\t好\n二" in shown.out
