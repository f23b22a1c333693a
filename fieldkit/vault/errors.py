"""Why something encrypted cannot be opened here.

FieldkitError
├── VaultLocked           the device key is not to be had now
│   ├── ProtectionNeeded  nothing is chosen yet that could protect one
│   ├── KeyringMissing    no keyring keeps a key here
│   ├── PassphraseNeeded  nobody is there to be asked
│   ├── PassphraseWrong   this is not the passphrase
│   └── DeviceKeyGone     neither in the keyring nor in its file
├── KeyStillHere          a key is to be given up that is not lost
├── StoreKeyGone          made under a device key that was given up
└── ContentAltered        a row or a file is not what was put there
"""

from typing import ClassVar

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode
from geo.errors import Message


class VaultLocked(FieldkitError):
    """What is kept encrypted cannot be opened now; nothing was changed."""

    code: ClassVar[str] = "vault-locked"
    exit_code: ClassVar[ExitCode] = ExitCode.LOCKED


class ProtectionNeeded(VaultLocked):
    """What shall protect this device is not chosen, and nobody can be asked."""

    code: ClassVar[str] = "protection-needed"

    def __init__(self, why: str = "") -> None:
        before = f"{why}: " if why else ""
        super().__init__(
            Message(
                zh=f"{before}尚未选定如何保护本机数据，未保存任何内容。此处没有可用的"
                "系统密钥环。请在终端运行以设定口令，或用 FIELDKIT_PASSPHRASE_FILE "
                "指明存放口令的文件；确需无口令时设 FIELDKIT_PROTECTION=key-file"
                "（密钥与数据同放，拿到文件夹者即可读）。",
                en=f"{before}Nothing is chosen yet that protects this device's data, "
                "and nothing was saved. No system keyring is to be had here. Run this "
                "at a terminal to choose a passphrase, or name a file that holds one "
                "by FIELDKIT_PASSPHRASE_FILE; where there must be none, set "
                "FIELDKIT_PROTECTION=key-file (the key then lies beside the data, for "
                "whoever has the folder).",
            )
        )


class KeyringMissing(VaultLocked):
    """The system's keyring was asked for, and there is none that keeps a key."""

    code: ClassVar[str] = "keyring-missing"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="此处没有可用的系统密钥环（未登录桌面，或未解锁），未做改动。"
                "请登录桌面后重试，或改用口令：fieldkit protect passphrase。",
                en="No system keyring can be used here (no desktop session, or it is "
                "locked); nothing was changed. Log in to the desktop and try again, or "
                "use a passphrase: fieldkit protect passphrase.",
            )
        )


class PassphraseNeeded(VaultLocked):
    """A passphrase protects this device, and nobody can be asked for it."""

    code: ClassVar[str] = "passphrase-needed"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="本机数据由口令保护。请在终端运行，或用 FIELDKIT_PASSPHRASE_FILE "
                "指明存放口令的文件。",
                en="A passphrase protects this device. Run this at a terminal, or name "
                "a file that holds it by FIELDKIT_PASSPHRASE_FILE.",
            )
        )


class PassphraseWrong(VaultLocked):
    """The passphrase given does not open the device key."""

    code: ClassVar[str] = "passphrase-wrong"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="口令不对，未做任何改动。如已忘记：本机数据可由市局恢复"
                "（gi-server device recover），再运行 fieldkit protect --anew。",
                en="The passphrase is wrong; nothing was changed. If it is forgotten, "
                "the bureau can recover what is here (gi-server device recover); then "
                "run fieldkit protect --anew.",
            )
        )


class PassphraseUnusable(FieldkitError):
    """A new passphrase is too short, or the two entries differ."""

    code: ClassVar[str] = "passphrase-unusable"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_REFUSED


class DeviceKeyGone(VaultLocked):
    """The place that should hold the device key does not, or does not answer."""

    code: ClassVar[str] = "device-key-gone"

    def __init__(self, where_zh: str, where_en: str) -> None:
        super().__init__(
            Message(
                zh=f"找不到本机的设备密钥（{where_zh}）。请先登录桌面、解锁密钥环后"
                "重试。若确已丢失，数据并未丢失：把设备文件夹交市局恢复"
                "（gi-server device recover），再运行 fieldkit protect --anew。",
                en=f"The device key cannot be found ({where_en}). Log in to the "
                "desktop, unlock its keyring and try again. If it is lost, the data "
                "are not: give the device's folder to the bureau (gi-server device "
                "recover), then run fieldkit protect --anew.",
            )
        )


class KeyStillHere(FieldkitError):
    """The device key is not lost: giving it up would lose what it protects."""

    code: ClassVar[str] = "key-still-here"
    exit_code: ClassVar[ExitCode] = ExitCode.INPUT_REFUSED

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="设备密钥仍在本机，未做改动。要换保护方式，请用 fieldkit protect "
                "passphrase 等；--anew 只用于密钥已丢失或口令已忘记时。",
                en="The device key is still here; nothing was changed. To protect it "
                "otherwise, run fieldkit protect passphrase or the like; --anew is for "
                "a key that is lost or a passphrase that is forgotten.",
            )
        )


class StoreKeyGone(FieldkitError):
    """It was encrypted under a device key that was given up by a reset."""

    code: ClassVar[str] = "key-gone"
    exit_code: ClassVar[ExitCode] = ExitCode.LOCKED


class ContentAltered(FieldkitError):
    """What is kept here was altered or damaged; the message names it."""

    code: ClassVar[str] = "content-altered"
    exit_code: ClassVar[ExitCode] = ExitCode.ALTERED


def key_gone() -> StoreKeyGone:
    """Return the refusal for what only the bureau can open now."""
    return StoreKeyGone(
        Message(
            zh="其密钥已丢失，本机打不开；市局可以恢复（gi-server device recover）。",
            en="Its key is lost and it cannot be opened here; the bureau can recover "
            "it (gi-server device recover).",
        )
    )


def device_key_gone() -> DeviceKeyGone:
    """Return the refusal for a folder whose ``device.json`` is not there."""
    return DeviceKeyGone("keys/device.json 不在", "keys/device.json is not there")


def content_altered(what_zh: str, what_en: str) -> ContentAltered:
    """Return the refusal for something kept here that does not open as it was put."""
    return ContentAltered(
        Message(
            zh=f"本机保存的{what_zh}已被改动或损坏，未采用。记录可由市局恢复："
            "gi-server device recover。",
            en=f"The {what_en} kept on this device was altered or damaged and is not "
            "used. The bureau can recover the records: gi-server device recover.",
        )
    )


def refusal_of(fault: str) -> FieldkitError:
    """Return the refusal for a record whose content does not open, by its fault."""
    return (
        key_gone() if fault == StoreKeyGone.code else content_altered("记录", "record")
    )
