"""``fieldkit protect``: what stands between a copy of the folder and its content."""

from pathlib import Path
from typing import Annotated, Any

import typer

from fieldkit.cli.session import put
from fieldkit.device import opened_device
from fieldkit.language import say
from fieldkit.vault.errors import KeyStillHere
from fieldkit.vault.key_places import Protection
from geo.errors import Message

_ABOUT = Message(
    zh="显示或改变本机数据的保护方式；已保存的内容不变。",
    en="Show or change what protects this device's data; the data stay as they are.",
)
_KIND = Message(
    zh="keyring（系统密钥环）、passphrase（口令）或 key-file（密钥文件）；不写则只显示",
    en="keyring, passphrase or key-file; without it, only tell",
)
_FILE = Message(
    zh="存放新口令的文件；不写则在终端询问",
    en="the file that holds the new passphrase; else it is asked for",
)
_ANEW = Message(
    zh="设备密钥已丢失时换用新密钥；旧内容只有市局能恢复",
    en="begin with a new device key, the old one being lost; what it protected only "
    "the bureau can recover",
)
KINDS = {
    Protection.KEYRING.value: Message("系统密钥环", "the system's keyring"),
    Protection.PASSPHRASE.value: Message("口令", "a passphrase"),
    Protection.KEY_FILE.value: Message(
        "密钥文件（与数据同放：拿到整个文件夹者即可读）",
        "a key file (beside the data: whoever has the whole folder can read it)",
    ),
}
_NOT_YET = Message(zh="尚无内容", en="nothing is kept yet")
_LOCKED = Message(zh="，未解锁", en=", locked")
_RECOVERABLE = Message(zh="；市局可恢复", en="; the bureau can recover it")
_ALONE = Message(
    zh="；市局尚不能恢复（登记后可以）",
    en="; the bureau cannot recover it (after enrolling it can)",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("protect", help=say(_ABOUT))(protect)


def protect(
    kind: Annotated[Protection | None, typer.Argument(help=say(_KIND))] = None,
    new_passphrase_file: Annotated[Path | None, typer.Option(help=say(_FILE))] = None,
    anew: Annotated[bool, typer.Option("--anew", help=say(_ANEW))] = False,
) -> None:
    """Change the protection, if one is named, and tell which is in force."""
    from fieldkit.telling.standing import protection_of
    from fieldkit.vault.asking import ask_new_passphrase, chosen_protection

    def ask_new() -> str:
        return ask_new_passphrase(new_passphrase_file)

    with opened_device() as opened:
        vault = opened.outbox.vault
        if anew:
            if not vault.is_locked():
                raise KeyStillHere
            vault.renew(kind or chosen_protection(), ask_new)
        elif kind is not None:
            vault.protect(kind, ask_new)
        put(protection_words(protection_of(vault)))


def protection_words(found: dict[str, Any]) -> str:
    """Return what is in force, as a person reads it."""
    if found["kind"] is None:
        return say(_NOT_YET)
    locked = say(_LOCKED) if found["is_locked"] else ""
    after = _RECOVERABLE if found["is_recoverable"] else _ALONE
    return f"{say(KINDS[found['kind']])}{locked}{say(after)}"
