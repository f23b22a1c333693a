"""``fieldkit status``: what waits, since when, and how old the reference is."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.session import Device, device, put, put_json
from fieldkit.language import say
from fieldkit.words import STATES, STATUSES
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.outbox import DeviceIdentity, SqliteOutbox

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
}
_NOT_ENROLLED = Message(
    zh="尚未登记；fieldkit enrol 网址 登记码",
    en="not enrolled; fieldkit enrol URL CODE",
)
_SHIPPED = Message(zh="随软件附带，尚未从服务器更新", en="as shipped, never updated")
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

    with device() as opened:
        found = described(opened, read_clock().now)
    if as_json:
        put_json(found)
    else:
        _put_words(found)


def described(opened: Device, now: datetime) -> dict[str, Any]:
    """Return what ``--json`` prints; times are UTC by the device's clock."""
    from fieldkit.runner.contact import LAST_CONTACT

    outbox = opened.outbox
    identity = outbox.identity()
    return {
        "device_id": identity.device_id if identity else None,
        "unit_code": identity.unit_code if identity else None,
        "unit_name": identity.unit_name if identity else None,
        "server_url": identity.server_url if identity else None,
        "counts": outbox.counts(),
        "statuses": outbox.statuses(),
        "photos": _photos(outbox),
        "oldest_unsent_at": outbox.oldest_unsent_at(),
        "last_contact_at": outbox.meta(LAST_CONTACT),
        "epoch": outbox.epoch(),
        "reference": _reference(opened, identity, now),
    }


def _photos(outbox: "SqliteOutbox") -> dict[str, int]:
    """Count photographs, each once however many records name it (lesson 16)."""
    counted = {state: len(outbox.blobs(state)) for state in ("delivered", "missing")}
    return {"named": len(outbox.blobs()), **counted}


def _reference(
    opened: Device, identity: "DeviceIdentity | None", now: datetime
) -> dict[str, Any] | None:
    from fieldkit.reference_store import ReferenceStore
    from sync.keys import VerifyingKey

    if identity is None:
        return None
    with ReferenceStore(opened.home.outbox_path) as store:
        held = store.held(VerifyingKey.from_jwk(identity.server_jwk))
    if held is None:
        return None
    return {
        "serial": held.manifest.serial,
        "issued_at": held.manifest.issued_at,
        "received_at": held.received_at,
        "age_days": held.age(now).days,
    }


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
    }
    for name, heading in _LINES.items():
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
