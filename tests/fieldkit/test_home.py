"""The device's folder and its key."""

from pathlib import Path

import pytest

from fieldkit.errors import HomeUnusable, NotEnrolled
from fieldkit.home import Home, home_path, open_home
from fieldkit.keys import PemKeyStore
from sync.keys import SigningKey


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_only_the_user_can_read_the_home_and_the_key(
    home: Home, device_key: SigningKey
) -> None:
    assert mode(home.path) == 0o700
    assert mode(home.keys_path) == 0o700
    PemKeyStore(home).save("another", device_key)
    assert mode(home.keys_path / "another.signing") == 0o600
    assert mode(home.outbox_path) == 0o600


def test_a_home_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    open_home(tmp_path / "open")
    assert mode(tmp_path / "open") == 0o700


def test_the_environment_names_the_home() -> None:
    assert home_path({"FIELDKIT_HOME": "/data/fk"}) == Path("/data/fk")
    assert home_path({"XDG_DATA_HOME": "/data"}) == Path("/data/gi-fieldkit")


def test_a_home_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeUnusable) as refused:
        open_home(tmp_path / "file")
    assert "FIELDKIT_HOME" in refused.value.message.en
    assert "FIELDKIT_HOME" in refused.value.message.zh


def test_a_key_comes_back_as_it_was_saved(home: Home, device_key: SigningKey) -> None:
    loaded = PemKeyStore(home).load("018c0000-0000-7000-8000-00000000abcd")
    assert loaded.thumbprint == device_key.thumbprint


def test_a_missing_key_is_told_not_drawn_anew(home: Home) -> None:
    with pytest.raises(NotEnrolled):
        PemKeyStore(home).load("nobody")
    assert not (home.keys_path / "nobody.pem").exists()
