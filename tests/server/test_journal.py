"""Lines that only grow: whole, in the order of their writing, none lost to another."""

import json
import threading
from pathlib import Path

from server.journal import append_line, locked, read_lines


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "new" / "lines"
    assert read_lines(path) == []
    for line in ("一", "二"):
        append_line(path, line)
    assert read_lines(path) == ["一", "二"]


def test_a_line_that_is_being_written_is_waited_for(tmp_path: Path) -> None:
    """It would be taken for one that a crash cut off."""
    path = tmp_path / "lines"
    another = threading.Thread(target=append_line, args=(path, "second"))
    with path.open("a+b", buffering=0) as file, locked(file):
        file.write(b"fi")
        another.start()
        another.join(timeout=0.3)
        assert another.is_alive()
        file.write(b"rst\n")
    another.join()
    assert read_lines(path) == ["first", "second"]


def test_of_many_writers_none_loses_a_line(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    barrier = threading.Barrier(4)

    def write(name: int) -> None:
        barrier.wait()
        for number in range(25):
            append_line(path, json.dumps([name, number]))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = [tuple(json.loads(line)) for line in read_lines(path)]
    assert sorted(lines) == [
        (name, number) for name in range(4) for number in range(25)
    ]
