"""Instants on the wire, the day of an act, and how far a clock is off."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

# A fixed offset: no summer time since 1991, and no zone files on every tablet.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
DRIFT_FLAGGED_MS = 5 * 60 * 1000
"""An offset beyond five minutes is shown to the inspector; nothing is refused."""


def instant_text(instant: datetime) -> str:
    """Return an aware instant as UTC, RFC 3339, milliseconds, ``Z``.

    Raises
    ------
    ValueError
        If `instant` is naive.
    """
    if instant.tzinfo is None:
        raise ValueError("a naive time has no instant")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def instant(text: str) -> datetime:
    """Return the aware instant of RFC 3339 text.

    Raises
    ------
    ValueError
        If it is none, or has no offset.
    """
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError("a naive time has no instant")
    return parsed


def acted_at(payload: Mapping[str, Any]) -> datetime:
    """Return when the act was seen: by GNSS if it spoke, else by the device.

    The site's fix counts if its source is ``gnss``, it says ``fixed_at`` and is
    no mock one; otherwise ``observed_at`` less the offset (positive where the
    clock is ahead) of the clock that showed it: ``observed_offset_ms`` where the
    body says it, else the one measured at the sealing. Without an offset the
    device's word stands.

    Raises
    ------
    KeyError, ValueError
        If the payload was not accepted by the schema.
    """
    body = payload["body"]
    fix = (body.get("site") or {}).get("fix") or {}
    is_told = fix.get("source") == "gnss" and fix.get("fixed_at")
    if is_told and not fix.get("is_mock"):
        return instant(fix["fixed_at"])
    at_sealing = payload.get("clock", {}).get("offset_ms")
    offset_ms = body.get("observed_offset_ms", at_sealing) or 0
    observed_at = instant(body["observed_at"])
    try:
        return observed_at - timedelta(milliseconds=offset_ms)
    except OverflowError:
        return observed_at


def acted_on(payload: Mapping[str, Any]) -> date:
    """Return the day of the act in Asia/Shanghai; it selects law, area and period."""
    return acted_at(payload).astimezone(SHANGHAI).date()


def offset_ms(device_at: datetime, reference_at: datetime) -> int:
    """Return how far the device's clock is ahead of a reference, in milliseconds."""
    return round((device_at - reference_at) / timedelta(milliseconds=1))


def is_drift_flagged(clock_offset_ms: int | None) -> bool:
    """Tell whether an offset is large enough to be shown."""
    return clock_offset_ms is not None and abs(clock_offset_ms) > DRIFT_FLAGGED_MS
