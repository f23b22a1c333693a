"""The reference as the app's outbox gives it, made of the documents of the server."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from geo.area import Area, canonical_bytes
from geo.package_data import counties_document, default_area
from schemas.package_data import DOCUMENTS, document_bytes


def reference_json(areas: Iterable[Area] = ()) -> dict[str, Any]:
    """Return what `outbox.reference()` resolves to, with these areas in force."""
    held = tuple(areas) or (default_area(),)
    documents = {kind: json.loads(document_bytes(kind)) for kind in DOCUMENTS}
    documents["counties"] = counties_document()
    versions = {
        kind: {"version": str(content.get("version", "1")), "sha256": _hash(content)}
        for kind, content in documents.items()
    }
    versions |= {
        f"area/{area.area_version}": {"version": area.version, "sha256": area.sha256}
        for area in held
    }
    return documents | {
        "areas": [json.loads(area.document_bytes) for area in held],
        "versions": versions,
        "serial": 1,
        "issued_at": "2023-11-01T00:00:00.000Z",
        "received_at": "2023-11-01T00:00:00.000Z",
    }


def _hash(content: Any) -> str:
    return hashlib.sha256(canonical_bytes(content)).hexdigest()
