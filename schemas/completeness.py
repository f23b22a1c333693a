"""What the full on-site record (现场笔录) must hold before it can be finalised."""

from collections.abc import Iterator, Mapping
from typing import Any

_NEEDED = (
    ("ended_at",),
    ("source",),
    ("site", "address"),
    ("party",),
    ("on_site_record", "certificates_shown"),
    ("on_site_record", "rights_told"),
    ("on_site_record", "scene_text"),
    ("on_site_record", "party_statement"),
)


def missing_to_finalise(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (path, code) for each thing that a final on-site record lacks.

    References
    ----------
    市场监督管理行政处罚程序规定 21, 22, 28, 43; 行政处罚法 42 (two officers).
    """
    if len(body.get("officers", ())) < 2:
        yield "officers", "officers-too-few"
    for path in _NEEDED:
        if not _holds(body, path):
            yield ".".join(path), "needed-to-finalise"
    record = body.get("on_site_record", {})
    is_refused = "refusal_reason" in record
    if not is_refused and not record.get("read_back_confirmed"):
        # Who is absent or refuses cannot be read to: the reason says it.
        yield "on_site_record.read_back_confirmed", "needed-to-finalise"
    if len(record.get("officer_signatures", ())) < max(
        len(body.get("officers", ())), 1
    ):
        yield "on_site_record.officer_signatures", "needed-to-finalise"
    if "party_signature" not in record and not is_refused:
        yield "on_site_record.party_signature", "signature-or-refusal"


def _holds(body: Mapping[str, Any], path: tuple[str, ...]) -> bool:
    value: Any = body
    for name in path:
        if name not in value:
            return False
        value = value[name]
    return value not in ("", [])
