"""Getting a passphrase without it ever being an argument, printed or logged."""

import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from fieldkit.language import say
from fieldkit.vault.errors import (
    PassphraseNeeded,
    PassphraseUnusable,
    ProtectionNeeded,
)
from fieldkit.vault.key_places import Protection
from geo.errors import Message

Ask = Callable[[], str]

PASSPHRASE_FILE = "FIELDKIT_PASSPHRASE_FILE"
PROTECTION = "FIELDKIT_PROTECTION"

LEAST_CHARACTERS = 8
_CHOOSE = Message(
    zh="请设定保护本机数据的口令。忘记口令后，只有市局能恢复这些数据。",
    en="Choose the passphrase that protects what this device holds. Once forgotten, "
    "only the bureau can recover it.",
)
_PROMPT = Message(zh="口令：", en="Passphrase: ")
_NEW = Message(zh="新口令（至少 8 个字符）：", en="New passphrase (8 or more): ")
_AGAIN = Message(zh="再输入一次：", en="Once more: ")


def chosen_protection() -> Protection | None:
    """Return what the environment says shall protect a new device key, if it does.

    Raises
    ------
    ProtectionNeeded
        There is no such protection.
    """
    named = os.environ.get(PROTECTION)
    if named:
        try:
            return Protection(named)
        except ValueError as error:
            raise ProtectionNeeded(f"{PROTECTION}={named}") from error
    return Protection.PASSPHRASE if os.environ.get(PASSPHRASE_FILE) else None


def passphrase_unasked() -> str:
    """Return the passphrase from the file that the environment names.

    Raises
    ------
    PassphraseNeeded
        It names none, or one that cannot be read.
    """
    named = os.environ.get(PASSPHRASE_FILE)
    if not named:
        raise PassphraseNeeded
    return read_passphrase(Path(named))


def ask_passphrase() -> str:
    """Return the passphrase, from the file that the environment names or a person.

    Raises
    ------
    PassphraseNeeded
        There is no terminal to ask at, or the file cannot be read.
    """
    if os.environ.get(PASSPHRASE_FILE) or not sys.stderr.isatty():
        return passphrase_unasked()
    return getpass.getpass(say(_PROMPT), stream=sys.stderr)


def ask_first_passphrase() -> str:
    """Return a new device's passphrase, as `ask_passphrase` or typed twice.

    Raises
    ------
    ProtectionNeeded
        Nobody is there to choose one.
    PassphraseNeeded, PassphraseUnusable
        The file cannot be read; or as `ask_new_passphrase` says.
    """
    named = os.environ.get(PASSPHRASE_FILE)
    return ask_new_passphrase(Path(named) if named else None)


def ask_new_passphrase(file: Path | None) -> str:
    """Return a new passphrase, from the file or asked twice.

    Raises
    ------
    ProtectionNeeded
        There is no terminal to ask at.
    PassphraseNeeded
        The file cannot be read.
    PassphraseUnusable
        It is shorter than 8 characters, or the two entries differ.
    """
    if file is not None:
        chosen = read_passphrase(file)
    elif sys.stderr.isatty():
        sys.stderr.write(f"{say(_CHOOSE)}\n")
        chosen = getpass.getpass(say(_NEW), stream=sys.stderr)
        if chosen != getpass.getpass(say(_AGAIN), stream=sys.stderr):
            raise PassphraseUnusable(
                Message(zh="两次输入不同，未做改动。", en="The two differ; no change.")
            )
    else:
        raise ProtectionNeeded
    if len(chosen) < LEAST_CHARACTERS:
        raise PassphraseUnusable(
            Message(
                zh=f"口令不足 {LEAST_CHARACTERS} 个字符，未做改动。",
                en=f"A passphrase needs {LEAST_CHARACTERS} characters or more; "
                "nothing was changed.",
            )
        )
    return chosen


def read_passphrase(file: Path) -> str:
    """Return a file's first line; `PassphraseNeeded` if it cannot be read."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseNeeded from error
    return lines[0] if lines else ""
