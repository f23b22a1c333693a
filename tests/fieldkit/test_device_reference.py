"""What the device advises by: the server's signed reference, else what is shipped."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fieldkit.device_reference import device_reference
from fieldkit.home import Home
from fieldkit.outbox import SqliteOutbox
from fieldkit.reference_store import ReferenceStore
from geo.package_data import default_area
from schemas.assessment import shipped_reference
from sync.errors import ProtocolError
from sync.keys import SigningKey
from sync.reference import DocumentRef, make_manifest, open_manifest

RIGHT = "gannan-navel-orange"
ON = date(2023, 12, 2)
NOW = datetime(2023, 12, 1, tzinfo=UTC)


def hold(home: Home, key: SigningKey, version: str) -> None:
    """Put a reference in force whose one area has this version."""
    body = replace(default_area(), version=version, tolerance_m=50).document_bytes
    digest = hashlib.sha256(body).hexdigest()
    ref = DocumentRef(f"area/{RIGHT}/{version}", "area", version, digest, len(body))
    with ReferenceStore(home.outbox_path) as store:
        compact = make_manifest(key, serial=1, issued_at=NOW, documents=[ref])
        store.keep(ref, body)
        store.adopt(open_manifest(compact, key.verifying_key), NOW)


def test_before_the_first_sync_it_is_what_was_shipped(
    home: Home, outbox: SqliteOutbox
) -> None:
    assert device_reference(home, outbox) is shipped_reference()


def test_what_the_server_signed_takes_its_place(
    home: Home, outbox: SqliteOutbox, server_key: SigningKey, fieldkit: Any
) -> None:
    hold(home, server_key, "surveyed-1")
    area = device_reference(home, outbox).areas.at(RIGHT, ON)
    assert area is not None
    assert (area.version, area.tolerance_m) == ("surveyed-1", 50)
    told = json.loads(fieldkit("check", "114.93", "25.83", "--json").stdout)
    assert (told["area_version"], told["band_m"]) == ("surveyed-1", 50.0)


def test_a_record_names_the_version_it_was_advised_by(
    home: Home, server_key: SigningKey, fieldkit: Any, quick: dict[str, Any]
) -> None:
    hold(home, server_key, "surveyed-1")
    saved = fieldkit("record", "--from", "-", "--json", stdin=json.dumps(quick))
    (record,) = json.loads(saved.stdout)["records"]
    shown = json.loads(fieldkit("show", record["id"], "--json").stdout)
    assert shown["body"]["area_versions"][RIGHT]["version"] == "surveyed-1"


def test_a_reference_that_another_key_signed_is_not_believed_but_blocks_no_record(
    home: Home, outbox: SqliteOutbox, fieldkit: Any, quick: dict[str, Any]
) -> None:
    hold(home, SigningKey.from_random(b"mallory".ljust(48, b".")), "forged")
    with pytest.raises(ProtocolError):
        device_reference(home, outbox)
    told = fieldkit("record", "--from", "-", stdin=json.dumps(quick))
    assert told.returncode == 0
    assert "not signed by its server" in told.stderr
