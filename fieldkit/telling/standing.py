"""How the device stands: what waits, since when, how old the reference is."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from fieldkit.device import Device
from fieldkit.outbox import DeviceIdentity, SqliteOutbox
from fieldkit.reference_store import ReferenceStore
from fieldkit.runner.contact import LAST_CONTACT
from fieldkit.vault import Vault
from sync.keys import VerifyingKey


class Openings:
    """Which records do not open here; each is tried once, for it never changes.

    Those that did not open are tried again: their key may be back.
    """

    def __init__(self) -> None:
        self._tried: tuple[int, frozenset[int]] = (0, frozenset())

    def unreadable(self, outbox: SqliteOutbox) -> frozenset[str]:
        """Return the records, by id, that cannot be opened now."""
        (up_to, closed), newest = self._tried, outbox.newest_position()
        found = outbox.unreadable(after=up_to, again=closed)
        self._tried = newest, frozenset(stored.position for stored in found)
        return frozenset(stored.record.id for stored in found)


def standing(
    opened: Device, now: datetime, unreadable: Collection[str] | None = None
) -> dict[str, Any]:
    """Return what ``status --json`` prints; times are UTC by the device's clock.

    ``unreadable`` are the records that cannot be opened, where that is known.

    Nobody is asked for a passphrase: while the outbox is locked, what is
    encrypted is null and ``protection.is_locked`` says so.
    """
    outbox = opened.outbox
    is_locked = outbox.vault.is_locked()
    identity = None if is_locked else outbox.identity()
    if unreadable is None and not is_locked:
        unreadable = Openings().unreadable(outbox)
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
        "unreadable": None if unreadable is None else len(unreadable),
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
    counted = outbox.blob_states()
    told = {state: counted.get(state, 0) for state in ("delivered", "missing")}
    return {"named": sum(counted.values()), **told}


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
