"""The field app's answers for what was found, to be finished in its form.

They are those of `newAnswers` in ``fieldkit/app/capture/answers.js``, version 1,
with what was found put in. What is not known stays unsaid. A missing position is
given a reason, lest the form take the place where it is opened for the place visited.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fieldkit.importing.found import LATER, NO_PLACE, NO_TIME, NO_ZONE, Found
from fieldkit.language import say
from geo.errors import Message
from sync.clock import SHANGHAI

VERSION = 1
NO_FINDING = "NV-000"
_PRODUCT = "gannan-navel-orange"
_MOST_NOTE = 4000


def answers_of(
    found: Found,
    now: datetime,
    *,
    imported: dict[str, Any],
    evidence: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return the answers; ``imported`` names where they come from."""
    remarks = remarks_on(found, now)
    noted = [found.note, say(_FROM, basis=found.basis), *map(say, remarks)]
    is_visit = found.code == NO_FINDING
    return {
        "version": VERSION,
        "amends": None,
        "observed_at": _observed_at(found, now),
        "site": {"premises_type": None, **found.site},
        "position": {
            "fix": found.fix,
            "measured_fix": None,
            "no_fix_reason": "" if found.fix else say(_NO_FIX),
        },
        "lots": [] if is_visit else [{"id": "g1", "product": _PRODUCT, "claims": []}],
        "violations": [{"id": "v1", "code": found.code}] if found.code else [],
        "evidence": list(evidence),
        "officers": None,
        "party": {},
        "measures": [],
        "on_site_record": {},
        "note": "；".join(filter(None, noted))[:_MOST_NOTE],
        # No clock of this device showed it, so none of its offsets applies.
        "kept": {"observed_offset_ms": 0} if _is_timed(found, now) else {},
        "imported": imported,
    }


def remarks_on(found: Found, now: datetime) -> list[Message]:
    """Return what is to be said of it: what was assumed, what is missing."""
    remarks = list(found.remarks)
    if found.moment is None:
        remarks.append(NO_TIME)
    elif found.moment.at > now:
        remarks.append(LATER)
    elif found.moment.is_zone_assumed:
        remarks.append(NO_ZONE)
    if found.fix is None:
        remarks.append(NO_PLACE)
    return remarks


def _is_timed(found: Found, now: datetime) -> bool:
    return found.moment is not None and found.moment.at <= now


def _observed_at(found: Found, now: datetime) -> str:
    at = found.moment.at if found.moment and _is_timed(found, now) else now
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


_FROM = Message(zh="导入自 {basis}", en="imported from {basis}")
_NO_FIX = Message(zh="导入的资料没有位置", en="What was imported has no position")
