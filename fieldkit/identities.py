"""Every identity this device has had: what one sealed, only it can send.

A device that must enrol anew (a fork, a lost certificate) gets a new id and
key; its unsent records still go out under the id that sealed them.
"""

import json
from dataclasses import replace
from typing import Protocol

from fieldkit.outbox import DeviceIdentity

_EARLIER = "earlier_identities"


class IdentityFile(Protocol):
    """Where identities are kept (the outbox)."""

    def identity(self) -> DeviceIdentity | None:
        """Return the current identity."""

    def require_identity(self) -> DeviceIdentity:
        """Return the current identity; raises `NotEnrolled` where there is none."""

    def set_identity(self, identity: DeviceIdentity) -> None:
        """Keep the current identity."""

    def meta(self, key: str) -> str | None:
        """Return a fact."""

    def set_meta(self, key: str, value: str) -> None:
        """Keep a fact."""

    def forget_meta(self, key: str) -> None:
        """Forget a fact."""


def earlier_identities(file: IdentityFile) -> list[DeviceIdentity]:
    """Return the identities before the current one, oldest first."""
    texts = json.loads(file.meta(_EARLIER) or "[]")
    current = file.identity()
    known = [DeviceIdentity.from_json(text) for text in texts]
    return [one for one in known if current is None or not _is_same(one, current)]


def every_identity(file: IdentityFile) -> list[DeviceIdentity]:
    """Return the current identity, if there is one, and those before it.

    Raises
    ------
    NotEnrolled
        There was never one.
    """
    earlier = earlier_identities(file)
    if earlier and file.identity() is None:
        return earlier
    return [file.require_identity(), *earlier]


def adopt_identity(file: IdentityFile, identity: DeviceIdentity) -> None:
    """Make `identity` the current one and keep the one before it.

    The one before is kept first: a crash in between leaves it in both places.
    """
    current = file.identity()
    if current is not None and not _is_same(current, identity):
        kept = [*earlier_identities(file), replace(current, token=None)]
        file.set_meta(_EARLIER, json.dumps([one.to_json() for one in kept]))
    file.set_identity(identity)


def leave_identity(file: IdentityFile) -> None:
    """Leave the device without a current identity; what it sealed can still be sent.

    The one that leaves is kept as an earlier one, first.
    """
    current = file.identity()
    if current is not None:
        kept = [*earlier_identities(file), replace(current, token=None)]
        file.set_meta(_EARLIER, json.dumps([one.to_json() for one in kept]))
        file.forget_meta("identity")


def _is_same(one: DeviceIdentity, other: DeviceIdentity) -> bool:
    return one.device_id == other.device_id
