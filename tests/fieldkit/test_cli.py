"""The commands as a script sees them: stdout, stderr and exit codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fieldkit.home import Home

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
    assert "Saved 360734-2023-00abcd-00001" in told.stdout
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
    assert "Line 2 not saved: colour" in told.stderr
    assert "2 saved, 4 not saved" not in told.stdout
    assert [record["seq"] for record in records(fieldkit)] == [1, 2]


def test_a_list_of_observations_is_recorded_in_its_order(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    bodies = [quick | {"note": note} for note in ("one", "two", "three")]
    told = fieldkit("record", "--from", "-", stdin=json.dumps(bodies))
    assert told.returncode == 0, told.stderr
    assert "3 saved, 0 not saved." in told.stderr
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


def test_show_tells_everything_and_its_body_can_be_amended(
    fieldkit: Cli, xunwu_file: Path
) -> None:
    fieldkit("record", "--from", str(xunwu_file))
    first = records(fieldkit)[0]
    shown = json.loads(fieldkit("show", first["id"], "--json").stdout)
    assert shown["evidence_files"][0]["is_on_disk"] is True
    body = shown["body"]
    body["goods"][0]["quantity"]["value"] = "350000"
    told = fieldkit(
        "amend", first["id"][:13], "--from", "-", "--json", stdin=json.dumps(body)
    )
    assert told.returncode == 0, told.stderr
    amendment = json.loads(told.stdout)
    assert amendment["kind"] == "amendment"
    assert amendment["record_no"] == first["record_no"]
    assert amendment["observation_id"] == first["id"]
    after = json.loads(fieldkit("show", amendment["id"], "--json").stdout)
    assert after["amends"] == first["id"]
    assert after["body"]["amendment"] == {"kind": "correction"}
    assert after["body"]["evidence"] == body["evidence"]
    assert after["body"]["observed_at"] == body["observed_at"]
    assert [version["seq"] for version in after["versions"]] == [1, 2]


def test_an_amendment_stands_on_the_newest_version(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    fieldkit("record", "--from", "-", stdin=json.dumps(quick | {"note": "first"}))
    root = records(fieldkit)[0]["id"]
    for note in ("second", "third"):
        change = json.dumps({"note": note})
        assert fieldkit("amend", root, "--from", "-", stdin=change).returncode == 0
    assert (
        fieldkit("amend", root, "--from", "-", stdin='{"note": null}').returncode == 0
    )
    found = records(fieldkit)
    assert [r["amends"] for r in found] == [None, *(r["id"] for r in found[:-1])]
    last = json.loads(fieldkit("show", found[-1]["id"], "--json").stdout)
    assert "note" not in last["body"]
    assert last["body"]["violations"][0]["code"] == "NV-000"


def test_ids_of_dropped_lots_are_never_used_again(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    lot = {"product": "navel-orange"}
    fieldkit("record", "--from", "-", stdin=json.dumps(quick | {"goods": [lot, lot]}))
    root = records(fieldkit)[0]["id"]
    fieldkit("amend", root, "--from", "-", stdin='{"goods": []}')
    fieldkit("amend", root, "--from", "-", stdin=json.dumps({"goods": [lot]}))
    last = json.loads(fieldkit("show", records(fieldkit)[-1]["id"], "--json").stdout)
    assert [lot["id"] for lot in last["body"]["goods"]] == ["g3"]


def test_what_was_withdrawn_cannot_be_changed(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    fieldkit("record", "--from", "-", stdin=json.dumps(quick))
    root = records(fieldkit)[0]["id"]
    told = fieldkit("withdraw", root, "--reason", "entered twice", "--json")
    assert json.loads(told.stdout)["kind"] == "withdrawal"
    assert fieldkit("amend", root, "--from", "-", stdin="{}").returncode == 3
    again = fieldkit("withdraw", root, "--reason", "again")
    assert again.returncode == 3
    assert "was withdrawn" in again.stderr
    assert [r["kind"] for r in records(fieldkit)] == ["observation", "withdrawal"]


def test_an_incomplete_record_cannot_be_finalised_and_says_what_lacks(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    fieldkit("record", "--from", "-", stdin=json.dumps(quick))
    root = records(fieldkit)[0]["id"]
    told = fieldkit("amend", root, "--from", "-", "--kind", "finalise", stdin="{}")
    assert told.returncode == 3
    assert "on_site_record.scene_text" in told.stderr
    assert len(records(fieldkit)) == 1


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
    assert chinese.stdout.startswith("已保存")
    english = fieldkit("record", "--from", "-", stdin=body, GI_LANG="en")
    assert english.stdout.startswith("Saved")
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
    assert "Saved" in told.stdout
    assert fieldkit("record", stdin="\n").returncode == 130
    assert [r["state"] for r in records(fieldkit)] == ["sealed", "draft"]
