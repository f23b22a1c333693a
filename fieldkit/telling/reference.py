"""The reference documents in force here, whole, for a page that checks by itself."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from fieldkit.device import Device
from fieldkit.reference_store import HeldReference, ReferenceStore
from geo.area import canonical_bytes
from geo.package_data import counties_document, default_area, default_area_document
from schemas.package_data import DOCUMENTS, document
from sync.errors import ProtocolError
from sync.keys import VerifyingKey

SINGLE = (*DOCUMENTS, "counties")


def reference_documents(opened: Device) -> dict[str, Any]:
    """Return every document in force, the server's before those that are shipped.

    ``serial``, ``issued_at`` and ``received_at`` are null where nothing that
    the server signed is held; ``versions`` gives each document's version and
    the SHA-256 of its bytes by name. A reference that the server did not sign
    is not used, so that it keeps no evidence from being saved.
    """
    shipped: dict[str, Mapping[str, Any]] = {name: document(name) for name in DOCUMENTS}
    shipped["counties"] = counties_document()
    found = _Collected({name: _shipped(name, one) for name, one in shipped.items()})
    held = _held(opened)
    if held is not None:
        _collect(opened, held, found)
    if not found.areas:
        found.areas.append(_shipped_area())
    return found.to_json(held)


class _Collected:
    def __init__(self, single: dict[str, dict[str, Any]]) -> None:
        self.single = single
        self.areas: list[dict[str, Any]] = []

    def to_json(self, held: HeldReference | None) -> dict[str, Any]:
        named = {one["name"]: one for one in (*self.single.values(), *self.areas)}
        return {
            **{kind: one["document"] for kind, one in self.single.items()},
            "areas": [one["document"] for one in self.areas],
            "versions": {
                name: {"version": one["version"], "sha256": one["sha256"]}
                for name, one in named.items()
            },
            "serial": held.manifest.serial if held else None,
            "issued_at": held.manifest.issued_at if held else None,
            "received_at": held.received_at if held else None,
        }


def _held(opened: Device) -> HeldReference | None:
    identity = opened.outbox.identity()
    if identity is None:
        return None
    with ReferenceStore(opened.home.outbox_path) as store:
        try:
            return store.held(VerifyingKey.from_jwk(identity.server_jwk))
        except ProtocolError:
            return None


def _collect(opened: Device, held: HeldReference, found: _Collected) -> None:
    with ReferenceStore(opened.home.outbox_path) as store:
        for ref in held.manifest.documents:
            body = store.body(ref)
            if body is None:
                continue
            told = {
                "name": ref.name,
                "version": ref.version,
                "sha256": ref.sha256,
                "document": json.loads(body),
            }
            if ref.kind == "area":
                found.areas.append(told)
            elif ref.kind in SINGLE:
                found.single[ref.kind] = told


def _shipped(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a document of the package as the server that publishes it does."""
    sha256 = hashlib.sha256(canonical_bytes(content)).hexdigest()
    return {
        "name": content.get("name", kind),
        "version": content.get("version", sha256[:12]),
        "sha256": sha256,
        "document": content,
    }


def _shipped_area() -> dict[str, Any]:
    area = default_area()
    return {
        "name": f"area/{area.right}/{area.version}",
        "version": area.version,
        "sha256": area.sha256,
        "document": default_area_document(),
    }
