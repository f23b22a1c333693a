"""A home's files of TLS, by a clock that stands still."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from server.tls.files import OwnFiles
from server.tls.own import Standing, initialise_tls
from server.tls.places import Places, read_places

NOW = datetime(2023, 12, 2, 2, 20, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def files(tmp_path: Path) -> OwnFiles:
    return OwnFiles(tmp_path / "keys" / "tls")


@pytest.fixture
def places() -> Places:
    return read_places(["gi.xunwu.lan", "Bureau"], ["192.168.1.10", "59.63.1.2"])


@pytest.fixture
def made(files: OwnFiles, places: Places) -> Standing:
    return initialise_tls(files, "寻乌县局", places, 397, NOW)
