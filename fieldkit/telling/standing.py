"""How the device stands: what waits, since when, how old the reference is."""

from datetime import datetime
from typing import Any

from fieldkit.device import Device
from fieldkit.outbox import DeviceIdentity, SqliteOutbox
from fieldkit.reference_store import ReferenceStore
from fieldkit.runner.contact import LAST_CONTACT
from fieldkit.vault import Vault
from sync.keys import VerifyingKey


def standing(opened: Device, now: datetime) -> dict[str, Any]:
    """Return what ``status --json`` prints; times are UTC by the device's clock.

    Nobody is asked for a passphrase: while the outbox is locked, what is
    encrypted is null and ``protection.is_locked`` says so.
    """
    outbox = opened.outbox
    is_locked = outbox.vault.is_locked()
    identity = None if is_locked else outbox.identity()
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
        "unreadable": None if is_locked else len(outbox.unreadable()),
        "protection": protection_of(outbox.vault),
    }


def protection_of(vault: Vault) -> dict[str, Any]:
    """Tell what stands between a copy of the folder and its content.

    ``kind`` is null before anything was sealed; ``is_recoverable`` says whether
    the bureau, too, can open what is sealed from now on.
    """
    kind = vault.protection
    return {
        "kind": None if kind is None else kind.value,
        "is_locked": vault.is_locked(),
        "is_recoverable": vault.is_recoverable,
    }


def _photos(outbox: SqliteOutbox) -> dict[str, int]:
    """Count photographs, each once however many records name it (lesson 16)."""
    counted = {state: len(outbox.blobs(state)) for state in ("delivered", "missing")}
    return {"named": len(outbox.blobs()), **counted}


def _reference(
    opened: Device, identity: DeviceIdentity | None, now: datetime
) -> dict[str, Any] | None:
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
