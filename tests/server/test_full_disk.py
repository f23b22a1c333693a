"""A full disk under the server: a real one, a small tmpfs (see `small_disk`)."""

from pathlib import Path

import pytest
from small_disk import run_on_a_small_disk

SCRIPT = Path(__file__).with_name("full_disk.py")


@pytest.mark.parametrize(
    ("scenario", "size"),
    [
        ("a_full_sqlite_keeps_nothing_of_the_batch", "16m"),
        ("a_full_postgres_keeps_nothing_of_the_batch", "160m"),
        ("a_full_disk_takes_no_part_of_a_photograph_and_says_so", "2m"),
    ],
)
def test_on_a_full_disk(tmp_path: Path, scenario: str, size: str) -> None:
    """What the disk held stays, what it cannot hold is refused whole, in words."""
    disk, home = tmp_path / "disk", tmp_path / "home"
    arguments = (scenario, str(disk), str(home))
    # PostgreSQL refuses to run as root.
    run_on_a_small_disk(disk, size, SCRIPT, *arguments, as_nobody=True)
