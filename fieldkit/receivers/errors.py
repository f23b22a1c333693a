"""What can keep a receiver from giving a position, in words with a remedy.

FieldkitError
└── ReceiverTrouble
    ├── NoReceiver           none is connected
    ├── ReceiverUnknown      no such receiver is connected
    ├── ReceiverSoftware     the extra that reads serial ports is not installed
    ├── ReceiverUnplugged    it was unplugged
    ├── ReceiverForbidden    this user may not read its port
    ├── ReceiverBusy         another program holds its port
    ├── ReceiverSilent       it says nothing
    ├── ReceiverUnreadable   what it says is not NMEA 0183
    ├── NoFix                it sees too few satellites
    └── StaleFix             it repeats an old position
"""

import errno
import sys
from typing import ClassVar

from fieldkit.errors import FieldkitError
from fieldkit.exit_codes import ExitCode
from geo.errors import Message


class ReceiverTrouble(FieldkitError):
    """The receiver gives no position now."""

    code: ClassVar[str] = "receiver-trouble"
    exit_code: ClassVar[ExitCode] = ExitCode.NO_POSITION


class NoReceiver(ReceiverTrouble):
    """No receiver is connected."""

    code: ClassVar[str] = "receiver-none"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="没有接上接收机。请插好 USB 接收机或启动 gpsd；"
                "其他端口用 FIELDKIT_RECEIVER 指定。",
                en="No receiver is connected. Plug in a USB receiver or start gpsd; "
                "FIELDKIT_RECEIVER names any other port.",
            )
        )


class ReceiverUnknown(ReceiverTrouble):
    """No such receiver is connected."""

    code: ClassVar[str] = "receiver-unknown"

    def __init__(self, name: str) -> None:
        super().__init__(
            Message(
                zh=f"没有接收机“{name}”。请插好后重试；"
                "fieldkit position 列出已连接的。",
                en=f'There is no receiver "{name}". Plug it in and try again; '
                "fieldkit position lists those connected.",
            )
        )


class ReceiverSoftware(ReceiverTrouble):
    """What reads serial ports is not installed."""

    code: ClassVar[str] = "receiver-software"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="未安装接收机组件。请安装 gi-fieldkit[receivers]。",
                en="What reads receivers is not installed: gi-fieldkit[receivers].",
            )
        )


class ReceiverUnplugged(ReceiverTrouble):
    """The receiver cannot be reached, or no longer."""

    code: ClassVar[str] = "receiver-unplugged"

    def __init__(self, label: str) -> None:
        super().__init__(
            Message(
                zh=f"接收机 {label} 已断开。请重新插好，定位会自动继续。",
                en=f"The receiver {label} is unplugged. Plug it in again; the position "
                "goes on by itself.",
            )
        )


class ReceiverForbidden(ReceiverTrouble):
    """The user may not read the receiver's port."""

    code: ClassVar[str] = "receiver-forbidden"

    def __init__(self, label: str) -> None:
        super().__init__(
            Message(
                zh=f"无权读取接收机端口 {label}。请运行 "
                "sudo usermod -aG dialout 用户名，注销后重新登录。",
                en=f"This user may not read the receiver's port {label}. Run "
                "sudo usermod -aG dialout USER, then log out and in again.",
            )
        )


class ReceiverBusy(ReceiverTrouble):
    """Another program holds the receiver's port."""

    code: ClassVar[str] = "receiver-busy"

    def __init__(self, label: str) -> None:
        super().__init__(
            Message(
                zh=f"接收机端口 {label} 正被其他程序占用。请关闭该程序；"
                "若是 gpsd，请改选 gpsd。",
                en=f"Another program holds the receiver's port {label}. Close it; "
                "if it is gpsd, choose gpsd instead.",
            )
        )


class ReceiverSilent(ReceiverTrouble):
    """The receiver says nothing."""

    code: ClassVar[str] = "receiver-silent"

    def __init__(self, label: str) -> None:
        super().__init__(
            Message(
                zh=f"接收机 {label} 没有数据。请检查开关、电量和连接。",
                en=f"The receiver {label} says nothing. Check its switch, battery "
                "and cable.",
            )
        )


class ReceiverUnreadable(ReceiverTrouble):
    """What comes is not NMEA 0183 at any usual speed."""

    code: ClassVar[str] = "receiver-unreadable"

    def __init__(self, label: str) -> None:
        super().__init__(
            Message(
                zh=f"{label} 的数据不是 NMEA 0183。请检查是否为接收机及其输出设置。",
                en=f"What {label} sends is not NMEA 0183. Check that it is a receiver "
                "and what it is set to send.",
            )
        )


class NoFix(ReceiverTrouble):
    """The receiver sees too few satellites."""

    code: ClassVar[str] = "receiver-no-fix"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="接收机尚未定位。请移到开阔处稍等。",
                en="The receiver has no fix yet. Move to open sky and wait.",
            )
        )


class StaleFix(ReceiverTrouble):
    """The receiver repeats a position whose time stands still."""

    code: ClassVar[str] = "receiver-stale"

    def __init__(self) -> None:
        super().__init__(
            Message(
                zh="接收机一直重复旧的位置，未采用。请移到开阔处；"
                "若仍如此，请重新插拔接收机。",
                en="The receiver repeats an old position, which was not taken. Move to "
                "open sky; should it go on, plug the receiver in again.",
            )
        )


_FORBIDDEN = (errno.EACCES, errno.EPERM)
_BUSY = (errno.EBUSY, errno.EAGAIN)


def trouble_of(
    error: OSError, label: str, platform: str = sys.platform
) -> ReceiverTrouble:
    """Return what an error of the port means to a person."""
    # Windows says "access denied" when another program has the port open.
    if error.errno in _BUSY or (platform == "win32" and "denied" in str(error)):
        return ReceiverBusy(label)
    if error.errno in _FORBIDDEN:
        return ReceiverForbidden(label)
    return ReceiverUnplugged(label)
