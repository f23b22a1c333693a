"""Settings come from the environment, then from one file, then from defaults."""

from pathlib import Path

import pytest

from server.errors import SettingsFault
from server.settings import SETTINGS_FILE, Settings


def test_a_home_alone_is_enough(tmp_path: Path) -> None:
    settings = Settings.read({"GI_HOME": str(tmp_path)})
    assert settings.home == tmp_path
    assert settings.database_url == f"sqlite:///{tmp_path / 'gi.sqlite3'}"
    assert settings.keys_folder == tmp_path / "keys"
    assert settings.blobs_folder == tmp_path / "blobs"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text('port = 1\nname = "赣州市局"\n', "utf-8")
    settings = Settings.read({"GI_HOME": str(tmp_path), "GI_PORT": "2"})
    assert (settings.port, settings.name) == (2, "赣州市局")


@pytest.mark.parametrize(("word", "value"), [("no", False), ("TRUE", True)])
def test_a_switch_is_read_as_words(tmp_path: Path, word: str, value: bool) -> None:
    environ = {"GI_HOME": str(tmp_path), "GI_CONVERT_DATUM": word}
    assert Settings.read(environ).convert_datum is value


def test_an_unknown_setting_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("prot = 1\n", "utf-8")
    with pytest.raises(SettingsFault, match="prot") as refusal:
        Settings.read({"GI_HOME": str(tmp_path)})
    assert refusal.value.code == "settings-unknown"


def test_a_file_cannot_move_the_home_it_lies_in(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text('home = "/elsewhere"\n', "utf-8")
    with pytest.raises(SettingsFault, match="home"):
        Settings.read({"GI_HOME": str(tmp_path)})


def test_a_value_of_another_type_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault, match="GI_PORT") as refusal:
        Settings.read({"GI_HOME": str(tmp_path), "GI_PORT": "eighty"})
    assert refusal.value.code == "settings-value"


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("port: 1", "utf-8")
    with pytest.raises(SettingsFault) as refusal:
        Settings.read({"GI_HOME": str(tmp_path)})
    assert refusal.value.code == "settings-unreadable"
