"""What protects a device's data, and what is said when it cannot be opened."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keyring
import pytest
from session_keyring import SessionKeyring

from fieldkit.exit_codes import ExitCode
from fieldkit.home import Home, open_home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import DeviceIdentity, SqliteOutbox
from fieldkit.vault import Vault
from fieldkit.vault.asking import ask_first_passphrase
from fieldkit.vault.errors import (
    DeviceKeyGone,
    KeyringMissing,
    PassphraseNeeded,
    PassphraseUnusable,
    PassphraseWrong,
    ProtectionNeeded,
    StoreKeyGone,
)
from fieldkit.vault.key_places import Protection
from sync.envelope import place_of
from sync.keys import SigningKey

NOW = datetime(2023, 12, 2, 2, 20, tzinfo=UTC)
PLACE = place_of("draft", 1)
PASSPHRASE = "赣州脐橙 2023"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return open_home(tmp_path / "vaulted").keys_path


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", "utf-8")
    return file


@pytest.fixture
def unprotected(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing is chosen, and nobody is at a terminal."""
    monkeypatch.delenv("FIELDKIT_PROTECTION")
    return monkeypatch


@pytest.fixture
def session(unprotected: pytest.MonkeyPatch) -> Iterator[SessionKeyring]:
    """A desktop's keyring."""
    before, backend = keyring.get_keyring(), SessionKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def sealed_by(folder: Path) -> bytes:
    return Vault(folder).seal(PLACE, b"content")


def opened_by(folder: Path, envelope: bytes) -> bytes:
    """As a process that starts anew opens it."""
    return Vault(folder).open(PLACE, envelope)


def keys_in_clear(folder: Path) -> list[Path]:
    return [*folder.glob("device-*.key")]


def test_a_keyring_is_taken_where_there_is_one(
    folder: Path, session: SessionKeyring
) -> None:
    envelope = sealed_by(folder)
    assert Vault(folder).protection is Protection.KEYRING
    assert keys_in_clear(folder) == []
    assert opened_by(folder, envelope) == b"content"


def test_without_keyring_or_passphrase_nothing_is_kept_and_the_choices_are_told(
    folder: Path, unprotected: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ProtectionNeeded) as refusal:
        sealed_by(folder)
    for text in (refusal.value.message.zh, refusal.value.message.en):
        assert "FIELDKIT_PASSPHRASE_FILE" in text
        assert "FIELDKIT_PROTECTION=key-file" in text
    assert not [*folder.iterdir()]
    assert Vault(folder).protection is None


def test_a_locked_keyring_is_never_replaced_by_a_weaker_protection(
    folder: Path, session: SessionKeyring
) -> None:
    session.is_locked = True
    with pytest.raises(ProtectionNeeded):
        sealed_by(folder)
    session.is_locked = False
    envelope = sealed_by(folder)
    session.is_locked = True
    with pytest.raises(DeviceKeyGone) as refusal:
        opened_by(folder, envelope)
    assert "unlock its keyring" in refusal.value.message.en
    session.is_locked = False
    assert opened_by(folder, envelope) == b"content"


def test_a_keyring_asked_for_and_missing_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PROTECTION", "keyring")
    with pytest.raises(KeyringMissing):
        sealed_by(folder)


def test_a_protection_that_does_not_exist_is_not_guessed_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDKIT_PROTECTION", "none")
    with pytest.raises(ProtectionNeeded):
        sealed_by(folder)


def test_a_passphrase_opens_and_another_does_not(
    folder: Path, unprotected: pytest.MonkeyPatch, passphrase_file: Path
) -> None:
    unprotected.setenv("FIELDKIT_PASSPHRASE_FILE", str(passphrase_file))
    envelope = sealed_by(folder)
    assert Vault(folder).protection is Protection.PASSPHRASE
    assert keys_in_clear(folder) == []
    assert opened_by(folder, envelope) == b"content"
    passphrase_file.write_text("another passphrase")
    with pytest.raises(PassphraseWrong):
        opened_by(folder, envelope)
    unprotected.delenv("FIELDKIT_PASSPHRASE_FILE")
    with pytest.raises(PassphraseNeeded):
        opened_by(folder, envelope)


def test_what_is_kept_of_a_passphrase_says_its_cost_and_not_the_key(
    folder: Path, unprotected: pytest.MonkeyPatch, passphrase_file: Path
) -> None:
    unprotected.setenv("FIELDKIT_PASSPHRASE_FILE", str(passphrase_file))
    sealed_by(folder)
    document = json.loads((folder / "device.json").read_text())
    cost = document["argon2id"]
    assert (cost["memory_kib"], cost["iterations"], cost["lanes"]) == (65536, 3, 4)
    assert len(bytes.fromhex(cost["salt"])) == 16
    assert len(bytes.fromhex(document["wrapped"])) == 40


def test_a_passphrase_of_seven_characters_is_refused(
    folder: Path, unprotected: pytest.MonkeyPatch, passphrase_file: Path
) -> None:
    passphrase_file.write_text("seven77")
    unprotected.setenv("FIELDKIT_PASSPHRASE_FILE", str(passphrase_file))
    with pytest.raises(PassphraseUnusable):
        sealed_by(folder)
    assert Vault(folder).protection is None


def test_a_key_file_is_the_users_alone(folder: Path) -> None:
    sealed_by(folder)
    (key,) = keys_in_clear(folder)
    assert key.stat().st_mode & 0o777 == 0o600


def test_moving_the_key_keeps_what_it_protects(
    folder: Path,
    session: SessionKeyring,
    passphrase_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    envelope = sealed_by(folder)
    monkeypatch.setenv("FIELDKIT_PASSPHRASE_FILE", str(passphrase_file))
    for wanted in (Protection.PASSPHRASE, Protection.KEY_FILE, Protection.KEYRING):
        Vault(folder).protect(wanted, ask_first_passphrase)
        assert Vault(folder).protection is wanted
        assert bool(session.kept) == (wanted is Protection.KEYRING)
        assert bool(keys_in_clear(folder)) == (wanted is Protection.KEY_FILE)
        assert opened_by(folder, envelope) == b"content"


def test_a_new_device_is_protected_by_what_it_is_told(
    folder: Path, unprotected: pytest.MonkeyPatch, passphrase_file: Path
) -> None:
    with pytest.raises(KeyringMissing):
        Vault(folder).protect(Protection.KEYRING, ask_first_passphrase)
    assert Vault(folder).protection is None
    unprotected.setenv("FIELDKIT_PASSPHRASE_FILE", str(passphrase_file))
    Vault(folder).protect(Protection.PASSPHRASE, ask_first_passphrase)
    assert Vault(folder).protection is Protection.PASSPHRASE
    assert keys_in_clear(folder) == []


def test_a_lost_key_opens_nothing_and_a_new_one_goes_on_after_it(folder: Path) -> None:
    envelope = sealed_by(folder)
    (key,) = keys_in_clear(folder)
    key.unlink()
    with pytest.raises(DeviceKeyGone) as refusal:
        opened_by(folder, envelope)
    assert "gi-server device recover" in refusal.value.message.zh
    Vault(folder).renew(Protection.KEY_FILE, ask_first_passphrase)
    with pytest.raises(StoreKeyGone):
        opened_by(folder, envelope)
    assert opened_by(folder, sealed_by(folder)) == b"content"
    assert len([*folder.glob("given-up-by-*.json")]) == 1


def test_a_lost_device_document_is_not_replaced_by_a_new_key(folder: Path) -> None:
    sealed_by(folder)
    (folder / "device.json").unlink()
    with pytest.raises(DeviceKeyGone):
        sealed_by(folder)


def test_the_bureau_can_recover_from_the_first_enrolment_on(
    folder: Path, server_key: SigningKey
) -> None:
    vault = Vault(folder)
    before = vault.seal(PLACE, b"before")
    assert not vault.is_recoverable
    vault.adopt_server(server_key.public_jwk)
    assert vault.is_recoverable
    (wrapped,) = Vault(folder).wrapped_keys().values()
    recovered = wrapped.recover_with(server_key)
    assert recovered.key == vault.store_key(recovered.id)
    assert vault.open(PLACE, before) == b"before"


def test_the_devices_own_signing_key_opens_to_no_server(
    home: Home, server_key: SigningKey
) -> None:
    (file,) = home.keys_path.glob("*.signing")
    envelope = file.read_bytes()
    for wrapped in Vault(home.keys_path).wrapped_keys().values():
        assert wrapped.id not in envelope.hex()
        assert wrapped.recover_with(server_key).key not in envelope


def altered(home: Home, change: str, *values: Any) -> None:
    with SqliteOutbox(home.outbox_path) as outbox, outbox._writing() as connection:
        connection.execute(change, values)


def test_a_tampered_record_is_told_and_holds_up_no_other(
    recorder: Any, home: Home, quick: dict[str, Any], fieldkit: Any
) -> None:
    first, second = (recorder.record(quick).sealed for _ in range(2))
    # One column in clear, one byte of the envelope: either is found.
    altered(
        home,
        "UPDATE record SET sealed_at = '2023-12-02T02:21:00.000Z' WHERE id = ?",
        first.id,
    )
    shown = json.loads(fieldkit("list", "--json").stdout)["records"]
    assert [one["code"] for one in shown] == ["content-altered", None]
    assert "gi-server device recover" in shown[0]["reason"]
    assert [one.id for one in recorder.outbox.pending()] == [second.id]
    told = fieldkit("show", first.id)
    assert told.returncode == ExitCode.ALTERED
    assert fieldkit("amend", first.id, "--from", "-", stdin="{}").returncode == (
        ExitCode.ALTERED
    )
    status = json.loads(fieldkit("status", "--json").stdout)
    assert status["unreadable"] == 1
    assert recorder.record(quick).sealed.seq == 3


def test_two_rows_exchanged_are_both_told(
    recorder: Any, home: Home, quick: dict[str, Any]
) -> None:
    first, second = (recorder.record(quick).sealed.id for _ in range(2))
    with sqlite3.connect(home.outbox_path) as connection:
        rows = connection.execute("SELECT envelope, id FROM record").fetchall()
        (one, _), (other, _) = rows
        for envelope, name in ((other, rows[0][1]), (one, rows[1][1])):
            change = "UPDATE record SET envelope = ? WHERE id = ?"
            connection.execute(change, (envelope, name))
    connection.close()
    assert [one.record.id for one in recorder.outbox.unreadable()] == [first, second]
    assert recorder.outbox.pending() == []


def under_a_passphrase(home: Home, passphrase_file: Path, fieldkit: Any) -> None:
    told = fieldkit(
        "protect", "passphrase", "--new-passphrase-file", str(passphrase_file)
    )
    assert told.returncode == 0, told.stderr
    assert "a passphrase; the bureau can recover it" in told.stdout


def test_status_works_without_the_passphrase_and_says_what_it_cannot_know(
    recorder: Any,
    home: Home,
    quick: dict[str, Any],
    fieldkit: Any,
    fieldkit_process: Any,
    passphrase_file: Path,
) -> None:
    record = recorder.record(quick).sealed
    under_a_passphrase(home, passphrase_file, fieldkit)
    status = json.loads(fieldkit_process("status", "--json").stdout)
    assert status["protection"] == {
        "kind": "passphrase",
        "is_locked": True,
        "is_recoverable": True,
    }
    assert status["unit_name"] is None
    assert status["counts"]["sealed"] == 1
    assert status["oldest_unsent_at"] == record.sealed_at
    assert "(locked)" in fieldkit_process("status").stdout
    given = {"FIELDKIT_PASSPHRASE_FILE": str(passphrase_file)}
    opened = json.loads(fieldkit_process("status", "--json", **given).stdout)
    assert opened["unit_name"] == "寻乌县"
    assert opened["protection"]["is_locked"] is False


def test_a_wrong_or_missing_passphrase_ends_with_its_code_and_changes_nothing(
    recorder: Any,
    home: Home,
    quick: dict[str, Any],
    fieldkit: Any,
    fieldkit_process: Any,
    passphrase_file: Path,
) -> None:
    record = recorder.record(quick).sealed
    recorder.outbox.close()
    under_a_passphrase(home, passphrase_file, fieldkit)
    missing = fieldkit_process("list", GI_LANG="zh")
    assert missing.returncode == ExitCode.LOCKED
    assert "FIELDKIT_PASSPHRASE_FILE" in missing.stderr
    wrong = passphrase_file.with_name("wrong")
    wrong.write_text("not the passphrase")
    refused = fieldkit_process("list", FIELDKIT_PASSPHRASE_FILE=str(wrong))
    assert refused.returncode == ExitCode.LOCKED
    assert "passphrase is wrong" in refused.stderr
    assert "gi-server device recover" in refused.stderr
    given = {"FIELDKIT_PASSPHRASE_FILE": str(passphrase_file)}
    listed = json.loads(fieldkit_process("list", "--json", **given).stdout)
    assert [one["id"] for one in listed["records"]] == [record.id]


def test_a_key_that_is_here_is_not_given_up(home: Home, fieldkit: Any) -> None:
    told = fieldkit("protect", "--anew")
    assert told.returncode == ExitCode.INPUT_REFUSED
    assert "still here" in told.stderr


def test_after_a_lost_key_the_device_tells_what_is_left_and_can_enrol_anew(
    recorder: Any, home: Home, quick: dict[str, Any], fieldkit_process: Any
) -> None:
    record = recorder.record(quick).sealed
    recorder.outbox.close()
    for key in keys_in_clear(home.keys_path):
        key.unlink()
    gone = fieldkit_process("list")
    assert gone.returncode == ExitCode.LOCKED
    assert "its key file is not there" in gone.stderr
    assert fieldkit_process("protect", "--anew").returncode == 0
    (shown,) = json.loads(fieldkit_process("list", "--json").stdout)["records"]
    assert (shown["id"], shown["code"]) == (record.id, "key-gone")
    assert fieldkit_process("sync").returncode == ExitCode.NOT_ENROLLED


def test_a_damaged_copy_of_a_store_key_costs_no_record(
    recorder: Any, home: Home, quick: dict[str, Any]
) -> None:
    record = recorder.record(quick).sealed
    recorder.outbox.close()
    for file in home.keys_path.glob("store-*.json"):
        file.write_text("{")
    moved = open_home(home.path.with_name("moved"))
    shutil.copytree(home.path, moved.path, dirs_exist_ok=True)
    with SqliteOutbox(moved.outbox_path) as outbox:
        assert [one.compact for one in outbox.records()] == [record.compact]


def test_the_folder_of_an_older_version_is_not_opened_without_a_choice(
    home: Home, recorder: Any, quick: dict[str, Any], unprotected: pytest.MonkeyPatch
) -> None:
    from older_outbox import write_as_version

    recorder.record(quick)
    recorder.outbox.close()
    unprotected.setenv("FIELDKIT_PROTECTION", "key-file")
    write_as_version(home, 2)
    older = open_home(home.path.with_name("older"))
    shutil.copy(home.outbox_path, older.outbox_path)
    unprotected.delenv("FIELDKIT_PROTECTION")
    with pytest.raises(ProtectionNeeded):
        SqliteOutbox(older.outbox_path)
    assert not [*older.path.glob("*.copy")]
    unprotected.setenv("FIELDKIT_PROTECTION", "key-file")
    with SqliteOutbox(older.outbox_path) as outbox:
        assert len(outbox.records()) == 1


def test_the_identity_opens_from_any_process_of_the_user(home: Home) -> None:
    with SqliteOutbox(home.outbox_path, Vault(home.keys_path)) as outbox:
        assert isinstance(outbox.identity(), DeviceIdentity)
        device_id = outbox.require_identity().device_id
    key = PemKeyStore(home, Vault(home.keys_path)).load(device_id)
    assert isinstance(key, SigningKey)
