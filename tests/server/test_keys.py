"""The server's key and its revocations lie in files that only it may read."""

import stat
import threading
from pathlib import Path

import pytest

from server.errors import KeyFault
from server.keys import (
    KEY_FILE,
    REVOCATIONS_FILE,
    Revocation,
    keep_revocation,
    kept_revocations,
    load_server_key,
    require_server_key,
)


def test_the_key_is_drawn_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = require_server_key(folder)
    assert require_server_key(folder).thumbprint == first.thumbprint
    assert load_server_key(folder).thumbprint == first.thumbprint
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]


def test_of_several_that_start_at_once_all_use_the_same_key(tmp_path: Path) -> None:
    barrier = threading.Barrier(4)
    seen: list[str] = []

    def start() -> None:
        barrier.wait()
        seen.append(require_server_key(tmp_path / "keys").thumbprint)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 4
    assert len(set(seen)) == 1


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    require_server_key(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(KeyFault) as refusal:
        load_server_key(tmp_path)
    assert refusal.value.code == "server-key-exposed"


def test_a_missing_key_says_to_run_init(tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="gi-server init"):
        load_server_key(tmp_path)


def test_a_damaged_key_is_not_replaced(tmp_path: Path) -> None:
    require_server_key(tmp_path)
    (tmp_path / KEY_FILE).write_text("-----BEGIN NOTHING-----")
    with pytest.raises(KeyFault) as refusal:
        require_server_key(tmp_path)
    assert refusal.value.code == "server-key-unreadable"


def test_the_latest_revocation_of_a_device_counts(tmp_path: Path) -> None:
    earlier = Revocation("d1", "2024-01-01T00:00:00.000Z")
    later = Revocation("d1", "2024-01-02T00:00:00.000Z", 7, "ab" * 32)
    other = Revocation("d2", "2024-01-01T00:00:00.000Z")
    for revocation in (earlier, other, later):
        keep_revocation(tmp_path, revocation)
    assert kept_revocations(tmp_path) == {"d1": later, "d2": other}


def test_without_the_file_nobody_is_revoked(tmp_path: Path) -> None:
    assert kept_revocations(tmp_path) == {}


def test_a_line_cut_off_by_a_crash_hides_no_revocation(tmp_path: Path) -> None:
    whole, later = (
        Revocation("d1", "2023-12-02T02:20:00.000Z"),
        Revocation("d2", "2023-12-02T02:21:00.000Z"),
    )
    keep_revocation(tmp_path, whole)
    with (tmp_path / REVOCATIONS_FILE).open("a") as file:
        file.write('{"device_id": "d3", "revo')
    assert kept_revocations(tmp_path) == {"d1": whole}
    keep_revocation(tmp_path, later)
    assert kept_revocations(tmp_path) == {"d1": whole, "d2": later}
