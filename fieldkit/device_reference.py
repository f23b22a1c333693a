"""What this device advises by: the server's signed reference, else what is shipped."""

import json
from collections.abc import Iterator

from fieldkit.device import Device
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox
from fieldkit.reference_store import ReferenceStore
from geo.area import area_from_document
from geo.catalogue import AreaCatalogue
from geo.counties import CountyMap
from geo.package_data import load_counties
from schemas.assessment import Reference, shipped_reference
from schemas.codes import code_list, code_list_from_document
from schemas.units import units, units_from_document
from sync.errors import ProtocolError
from sync.keys import VerifyingKey
from sync.reference import Manifest


def device_reference(home: Home, outbox: SqliteOutbox) -> Reference:
    """Return the reference in force on this device.

    Raises
    ------
    ProtocolError
        The manifest that lies here was not signed by the device's server.
    """
    identity = outbox.identity()
    if identity is None:
        return shipped_reference()
    with ReferenceStore(home.outbox_path) as store:
        held = store.held(VerifyingKey.from_jwk(identity.server_jwk))
        return shipped_reference() if held is None else _read(store, held.manifest)


def believed_reference(device: Device) -> Reference:
    """Return the same, or what is shipped where its own cannot be believed.

    A reference that cannot be believed must not keep evidence from being saved.
    """
    try:
        return device_reference(device.home, device.outbox)
    except ProtocolError:
        return shipped_reference()


def reference_key(device: Device) -> tuple[str, int]:
    """Return what changes whenever the reference in force may have."""
    identity = device.outbox.identity()
    with ReferenceStore(device.home.outbox_path) as store:
        return (identity.device_id if identity else "", store.serial())


def _read(store: ReferenceStore, manifest: Manifest) -> Reference:
    areas = [
        area_from_document(json.loads(b)) for b in _bodies(store, manifest, "area")
    ]
    codes = [json.loads(b) for b in _bodies(store, manifest, "codes")]
    unit_lists = [json.loads(b) for b in _bodies(store, manifest, "units")]
    counties = [json.loads(b) for b in _bodies(store, manifest, "counties")]
    return Reference(
        areas=AreaCatalogue(areas),
        counties=CountyMap.from_geojson(counties[0]) if counties else load_counties(),
        codes=code_list_from_document(codes[0]) if codes else code_list(),
        units=tuple(units_from_document(unit_lists[0])) if unit_lists else units(),
    )


def _bodies(store: ReferenceStore, manifest: Manifest, kind: str) -> Iterator[bytes]:
    for ref in manifest.documents:
        body = store.body(ref) if ref.kind == kind else None
        if body is not None:
            yield body
