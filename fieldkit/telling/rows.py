"""The rows of the queue: records and drafts with what a person knows them by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fieldkit.exports import exported_records
from fieldkit.outbox import Draft, PhotoCount, SqliteOutbox, StoredRecord
from fieldkit.outbox.drafts import FORM
from fieldkit.revision import body_of
from fieldkit.telling.records import NO_PHOTOS, draft_entry, entry

PLACE = ("lon_deg", "lat_deg", "datum", "radius95_m")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person knows a record by, and the text that a search looks through."""

    title: str | None
    premises_name: str | None
    codes: tuple[str, ...]
    synthetic: bool
    fix: dict[str, Any] | None
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return the members that a row has besides those of `entry`."""
        return {
            "title": self.title,
            "premises_name": self.premises_name,
            "codes": list(self.codes),
            "synthetic": self.synthetic,
            "fix": self.fix,
        }


class Summaries:
    """Summaries of sealed records, each made once: what is sealed never changes."""

    def __init__(self) -> None:
        self._made: dict[str, Summary] = {}

    def of(self, stored: StoredRecord) -> Summary:
        """Return a record's summary."""
        name = stored.record.id
        if name not in self._made:
            known = (name, stored.record_no or "")
            body = {} if stored.fault else body_of(stored)
            self._made[name] = summary_of(body, known)
        return self._made[name]

    def fitting(
        self, outbox: SqliteOutbox, state: str | None, wanted: str
    ) -> list[int]:
        """Return the positions of the records that a search finds, newest first."""
        names = outbox.names(state)
        unknown = [position for position, name in names if name not in self._made]
        for stored in outbox.at(unknown):
            self.of(stored)
        return [place for place, name in names if wanted in self._made[name].text]


def summary_of(body: Mapping[str, Any], known_by: Iterable[str] = ()) -> Summary:
    """Return the summary of a body, or of a form's answers that are like one."""
    site = body.get("site")
    site = site if isinstance(site, dict) else {}
    violations = body.get("violations")
    items = violations if isinstance(violations, list) else []
    codes = tuple(
        item["code"]
        for item in items
        if isinstance(item, dict) and isinstance(item.get("code"), str)
    )
    premises_name = _text(site.get("name"))
    title = premises_name or _text(site.get("address")) or _text(body.get("reason"))
    words = (title, premises_name, *codes, *known_by)
    return Summary(
        title=title,
        premises_name=premises_name,
        codes=codes,
        synthetic=body.get("synthetic") is True,
        fix=_place(site.get("fix")),
        text="\n".join(word for word in words if word).casefold(),
    )


def form_drafts(outbox: SqliteOutbox) -> list[Draft]:
    """Return the drafts that the field app's form began, oldest first."""
    return [draft for draft in outbox.drafts() if FORM in draft.body]


def rows(
    outbox: SqliteOutbox,
    summaries: Summaries,
    *,
    state: str | None,
    query: str,
    offset: int,
    limit: int,
) -> dict[str, Any]:
    """Return ``{"records", "total"}``: the newest first, the drafts before all."""
    wanted = query.strip().casefold()
    drafts = [
        _draft_row(draft)
        for draft in reversed(form_drafts(outbox))
        if state in (None, "draft") and wanted in _draft_summary(draft).text
    ]
    shown = drafts[offset : offset + limit]
    more, after = limit - len(shown), max(offset - len(drafts), 0)
    if state == "draft":
        return {"records": shown, "total": len(drafts)}
    if wanted:
        fitting = summaries.fitting(outbox, state, wanted)
        found, total = outbox.at(fitting[after : after + more]), len(fitting)
    else:
        found, total = outbox.page(state, offset=after, limit=more)
    photos = outbox.photo_counts([one.position for one in found])
    exported = exported_records(outbox) if found else frozenset()
    shown += [
        _row(one, photos, summaries) | {"is_exported": one.record.id in exported}
        for one in found
    ]
    return {"records": shown, "total": len(drafts) + total}


def _row(
    stored: StoredRecord, photos: Mapping[int, PhotoCount], summaries: Summaries
) -> dict[str, Any]:
    counted = photos.get(stored.position, NO_PHOTOS)
    return entry(stored, counted) | summaries.of(stored).to_json()


def _draft_row(draft: Draft) -> dict[str, Any]:
    return draft_entry(draft) | _draft_summary(draft).to_json()


def _draft_summary(draft: Draft) -> Summary:
    answers = draft.body.get(FORM)
    return summary_of(answers if isinstance(answers, dict) else {})


def _place(fix: Any) -> dict[str, Any] | None:
    """Return what a map needs of a fix, None where there is none."""
    if not isinstance(fix, dict):
        return None
    return {name: fix.get(name) for name in PLACE}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
