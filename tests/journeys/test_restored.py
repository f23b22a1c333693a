"""A server put back to an older backup, by the commands that people type."""

from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau, CommandedDevice


def photo(folder: Path, name: str) -> Path:
    path = folder / f"{name}.jpg"
    path.write_bytes(b"\xff\xd8\xff" + name.encode() * 50_000)
    return path


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)]
)
def test_a_restored_server_gets_back_what_it_lost_from_its_devices(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    """Lesson 10 (cht-core#8093): the server forgets, and clients believe they are done.

    Once on a new disk, with nothing but the keys; once over the present
    database, while the server runs.
    """
    url = request.getfixturevalue("postgres_url") if database != "sqlite" else None
    backup = tmp_path / "backup.zip"
    tablet = CommandedDevice(tmp_path / "tablet")
    late = CommandedDevice(tmp_path / "late")
    with CommandedBureau(tmp_path / "bureau", url) as bureau:
        tablet.do("enrol", bureau.url, bureau.new_code())
        before = tablet.record(photo(tmp_path, "before"))
        tablet.do("sync")
        bureau.do("backup", str(backup))
        after = tablet.record(photo(tmp_path, "after"))
        tablet.do("sync")
        late.do("enrol", bureau.url, bureau.new_code())
        of_late = late.record()
        late.do("sync")
        if database == "sqlite":
            restore_on_a_new_disk(bureau, backup)
        else:
            restore_over_what_is_there(bureau, backup)
        assert bureau.total("acts") == 1

        report = tablet.ask("sync", "--json")
        assert report["epoch"] == 2
        assert report["offered_again"] == 2
        assert report["outcomes"] == {"replayed": 1, "stored": 1}
        assert report["troubles"] == []
        shown = tablet.listed
        assert {shown[one]["state"] for one in (before, after)} == {"delivered"}
        assert [shown[one]["photos"]["delivered"] for one in (before, after)] == [1, 1]

        require_confirmed(bureau, late, of_late)
        assert bureau.total("acts") == 3
        verified = bureau.ask("verify", "--json")
        assert verified["checked"]["records"] == 3
        assert verified["faults"] == []


def restore_on_a_new_disk(bureau: CommandedBureau, backup: Path) -> None:
    bureau.kill()
    for path in sorted(bureau.home.rglob("*"), reverse=True):
        if "keys" not in path.relative_to(bureau.home).parts:
            path.rmdir() if path.is_dir() else path.unlink()
    bureau.do("init")
    bureau.do("restore", str(backup))
    bureau.start()


def restore_over_what_is_there(bureau: CommandedBureau, backup: Path) -> None:
    refused = bureau.run("restore", str(backup))
    assert refused.returncode == 3
    assert "--replace" in refused.stderr
    bureau.do("restore", "--replace", str(backup))


def require_confirmed(
    bureau: CommandedBureau, late: CommandedDevice, record: str
) -> None:
    """Its certificate is ours, but nobody here remembers it: an official decides."""
    late.do("sync")
    shown = late.listed[record]
    assert (shown["state"], shown["status"]) == ("delivered", "quarantined")
    assert shown["code"] == "device-unknown"
    (waiting,) = bureau.ask("quarantine", "list", "--json")["quarantine"]
    assert waiting["code"] == "device-unknown"
    bureau.do("quarantine", "accept", waiting["id"], "--reason", "登记台账可查")
    late.do("sync")
    assert late.listed[record]["status"] == "released"
