"""``fieldkit status``: what waits, since when, and how old the reference is."""

from typing import Annotated, Any

import typer

from fieldkit.cli.protect import protection_words
from fieldkit.cli.session import put, put_json
from fieldkit.device import opened_device
from fieldkit.language import say
from fieldkit.words import STATES, STATUSES
from geo.errors import Message

_ABOUT = Message(zh="显示本机的状况。", en="Show how this device stands.")
_NEVER = Message(zh="从未", en="never")
_NONE = Message(zh="无", en="none")
_LINES = {
    "device_id": Message("设备", "Device"),
    "unit": Message("单位", "Unit"),
    "server_url": Message("服务器", "Server"),
    "counts": Message("记录", "Records"),
    "statuses": Message("服务器上", "At the server"),
    "photos": Message("照片已送达", "Photographs delivered"),
    "oldest_unsent_at": Message("最早未送达", "Oldest unsent"),
    "last_contact_at": Message("上次联系服务器", "Last contact"),
    "reference": Message("参考数据", "Reference data"),
    "unreadable": Message("打不开的记录", "Records that do not open"),
    "protection": Message("加密", "Encryption"),
}
_NOT_ENROLLED = Message(
    zh="尚未登记；fieldkit enrol 网址 登记码",
    en="not enrolled; fieldkit enrol URL CODE",
)
_SHIPPED = Message(zh="随软件附带，尚未从服务器更新", en="as shipped, never updated")
_LOCKED = Message(zh="（未解锁）", en="(locked)")
_ENCRYPTED = ("device_id", "unit", "server_url", "reference", "unreadable")
_AGE = Message(
    zh="第 {serial} 号，{days} 天前与服务器核对",
    en="no. {serial}, confirmed {days} d ago",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status", help=say(_ABOUT))(status)


def status(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Print the device's state; nothing is asked of the server."""
    from fieldkit.device_clock import read_clock
    from fieldkit.telling.standing import standing

    with opened_device() as opened:
        found = standing(opened, read_clock().now)
    if as_json:
        put_json(found)
    else:
        _put_words(found)


def _put_words(found: dict[str, Any]) -> None:
    told = found | {
        "device_id": found["device_id"] or say(_NOT_ENROLLED),
        "unit": " ".join(filter(None, (found["unit_code"], found["unit_name"]))),
        "counts": _listed(found["counts"], STATES),
        "statuses": _listed(found["statuses"], STATUSES),
        "photos": "{delivered}/{named}".format(**found["photos"]),
        "oldest_unsent_at": found["oldest_unsent_at"] or say(_NONE),
        "last_contact_at": found["last_contact_at"] or say(_NEVER),
        "reference": _reference_words(found["reference"]),
        "protection": protection_words(found["protection"]),
    }
    if found["protection"]["is_locked"]:
        told |= {name: say(_LOCKED) for name in _ENCRYPTED}
    for name, heading in _LINES.items():
        if name != "unreadable" or told[name]:
            put(f"{say(heading)}: {told[name] or '-'}")


def _reference_words(held: dict[str, Any] | None) -> str:
    if held is None:
        return say(_SHIPPED)
    return say(_AGE, serial=held["serial"], days=held["age_days"])


def _listed(counts: dict[str, int], words: dict[str, Message]) -> str:
    shown = [
        f"{say(words[name]) if name in words else name} {count}"
        for name, count in counts.items()
        if count
    ]
    return ", ".join(shown)
