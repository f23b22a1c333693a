"""The areas as this server signed them: what every verdict must rest on."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from geo.area import Area, area_from_document
from geo.errors import GeoError
from server.tables import area, reference_document, reference_manifest
from server.verify.faults import Report
from sync.errors import ProtocolError
from sync.keys import VerifyingKey
from sync.reference import DocumentRef, open_manifest

_NOWHERE = (None, None)


class PublishedArea(NamedTuple):
    """An area, and when a manifest first named it: it was in force from then on."""

    published_at: str
    area: Area


def read_published_areas(
    connection: sa.Connection, key: VerifyingKey, report: Report
) -> list[PublishedArea]:
    """Return every area that a signed manifest names, the first published first.

    Documents and the rows of areas are compared with what was signed.
    """
    named = _named_areas(connection, key, report)
    bodies = _documents(connection, report)
    found = []
    for sha256, (ref, published_at) in named.items():
        area_ = _area(ref, bodies.get(sha256), report)
        if area_ is not None:
            found.append(PublishedArea(published_at, area_))
    _check_rows(connection, found, report)
    return sorted(found, key=lambda each: each.published_at)


def _named_areas(
    connection: sa.Connection, key: VerifyingKey, report: Report
) -> dict[str, tuple[DocumentRef, str]]:
    named: dict[str, tuple[DocumentRef, str]] = {}
    rows = sa.select(reference_manifest).order_by(reference_manifest.c.serial)
    for row in connection.execute(rows):
        report.checked["manifests"] += 1
        try:
            manifest = open_manifest(row.jws, key)
        except ProtocolError as fault:
            report.add(
                "manifest-invalid",
                f"参考数据清单 {row.serial} 无效：{fault}",
                f"reference manifest {row.serial} is not one by this server: {fault}",
            )
            continue
        report.compare(
            "manifest-differs",
            f"manifest {row.serial}",
            (
                ("serial", row.serial, manifest.serial),
                ("issued_at", row.issued_at, manifest.issued_at),
            ),
            _NOWHERE,
        )
        for ref in manifest.documents:
            if ref.kind == "area":
                named.setdefault(ref.sha256, (ref, manifest.issued_at))
    return named


def _documents(connection: sa.Connection, report: Report) -> dict[str, str]:
    """Return the areas' documents by hash, those that are what their hash says."""
    bodies = {}
    for row in connection.execute(sa.select(reference_document)):
        report.checked["documents"] += 1
        if hashlib.sha256(row.body.encode()).hexdigest() != row.sha256:
            report.add(
                "document-altered",
                f"参考文件 {row.name} 已被改动",
                f"reference document {row.name} is not what its hash says",
            )
        elif row.kind == "area":
            bodies[row.sha256] = row.body
    return bodies


def _area(ref: DocumentRef, body: str | None, report: Report) -> Area | None:
    if body is None:
        report.add(
            "document-missing",
            f"已签发的参考文件 {ref.name} 不见了",
            f"the published document {ref.name} is not there",
        )
        return None
    try:
        return area_from_document(json.loads(body))
    except (GeoError, ValueError) as fault:
        report.add(
            "area-invalid",
            f"产地范围 {ref.name} 无效：{fault}",
            f"area {ref.name} is not valid: {fault}",
        )
        return None


def _check_rows(
    connection: sa.Connection, found: list[PublishedArea], report: Report
) -> None:
    published = {(each.area.right, each.area.version): each for each in found}
    for row in connection.execute(sa.select(area)).mappings():
        report.checked["areas"] += 1
        name = f"{row['right']}/{row['version']}"
        signed = published.pop((row["right"], row["version"]), None)
        if signed is None:
            report.add(
                "area-unpublished",
                f"产地范围 {name} 从未签发",
                f"area {name} was never published",
            )
            continue
        report.compare("area-differs", f"area {name}", _pairs(row, signed), _NOWHERE)
    for right, version in published:
        report.add(
            "area-missing",
            f"已签发的产地范围 {right}/{version} 不见了",
            f"area {right}/{version} was published and is not there",
        )


def _pairs(row: Mapping[Any, Any], signed: PublishedArea) -> list[tuple[str, Any, Any]]:
    must, last_day = signed.area, signed.area.in_force_to
    document = hashlib.sha256(row["document"].encode()).hexdigest()
    return [
        ("sha256", row["sha256"], must.sha256),
        ("document", document, must.sha256),
        ("in_force_from", row["in_force_from"], must.in_force_from.isoformat()),
        ("in_force_to", row["in_force_to"], last_day and last_day.isoformat()),
        ("supersedes", row["supersedes"], must.supersedes),
        (
            "imported_at",
            row["imported_at"],
            min(row["imported_at"], signed.published_at),
        ),
    ]
