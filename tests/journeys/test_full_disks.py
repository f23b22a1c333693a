"""A sync where the device's disk, or the server's, is really full."""

from pathlib import Path

import pytest
from small_disk import run_on_a_small_disk

SCRIPT = Path(__file__).with_name("full_disks.py")


@pytest.mark.parametrize(
    ("scenario", "size"),
    [
        ("a_full_device_says_so_and_syncs_once_there_is_room", "8m"),
        ("a_device_that_is_full_when_the_answer_comes_asks_again", "8m"),
        ("a_full_server_keeps_what_it_confirmed_and_takes_the_rest_later", "96m"),
    ],
)
def test_on_a_full_disk(tmp_path: Path, scenario: str, size: str) -> None:
    """Lesson 20: said in words, nothing lost; with room again it goes on."""
    disk = tmp_path / "disk"
    run_on_a_small_disk(disk, size, SCRIPT, scenario, str(disk), str(tmp_path))
