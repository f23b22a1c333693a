"""Amending and withdrawing from the command line; nothing sealed is ever changed."""

import json
from pathlib import Path
from typing import Any

import pytest

Cli = Any


def records(fieldkit: Cli) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(fieldkit("list", "--json").stdout)[
        "records"
    ]
    return found


@pytest.fixture
def xunwu_file(tmp_path: Path, xunwu: dict[str, Any], photo: Path) -> Path:
    file = tmp_path / "xunwu.json"
    body = xunwu | {"evidence": [{"path": photo.name}]}
    file.write_text(json.dumps(body), encoding="utf-8")
    return file


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


def test_after_finalising_only_an_addendum_is_possible(
    fieldkit: Cli, quick: dict[str, Any]
) -> None:
    """市场监督管理行政处罚程序规定: after finalisation only 补正."""
    complete = quick | {
        "ended_at": "2030-01-01T10:00:00+08:00",
        "source": "patrol",
        "party": {"type": "unknown"},
        "evidence": [],
        "on_site_record": {
            "certificates_shown": True,
            "rights_told": True,
            "scene_text": "现场情况",
            "party_statement": "无",
            "read_back_confirmed": True,
            "refusal_reason": "拒绝签字",
        },
    }
    complete["site"]["address"] = "寻乌县"
    for id_ in ("e1", "e2"):
        Path(f"{id_}.png").write_bytes(b"\x89PNG\r\n\x1a\n signature " + id_.encode())
        complete["evidence"].append({"id": id_, "path": f"{id_}.png"})
    complete["on_site_record"]["officer_signatures"] = ["e1", "e2"]
    recorded = fieldkit("record", "--from", "-", stdin=json.dumps(complete))
    assert recorded.returncode == 0, recorded.stderr
    root = records(fieldkit)[0]["id"]
    kinds = {"finalise": 0, "correction": 3, "addendum": 0}
    for kind, exit_code in kinds.items():
        change = json.dumps({"note": kind})
        told = fieldkit("amend", root, "--from", "-", "--kind", kind, stdin=change)
        assert told.returncode == exit_code, told.stderr
    assert [r["seq"] for r in records(fieldkit)] == [1, 2, 3]
