"""Photographs: original bytes into a draft, and out again to be looked at."""

import re
from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, jsonify, request

from fieldkit.draft_photos import DraftPhotos
from fieldkit.errors import NotFound
from fieldkit.local.api.drafts import require_draft
from fieldkit.local.bench import bench, opened
from fieldkit.photos import PhotoStore
from fieldkit.thumbnails import thumbnail_of
from geo.errors import Message
from schemas.evidence import MAX_FILE_BYTES

blueprint = Blueprint("photos", __name__)

_HASH = re.compile(r"[0-9a-f]{64}")
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f/\\]")
_NAME_CHARS = 255
_GONE = Message(zh="照片已不在本机。", en="The photograph is no longer on this device.")


@blueprint.put("/drafts/<int:number>/photos")
def add(number: int) -> Any:
    """Keep the request's bytes as a photograph of the draft; again is once."""
    named = _UNSPEAKABLE.sub("_", request.args.get("file_name", "")).strip()
    with opened() as device:
        require_draft(device.outbox, number)
        held = DraftPhotos(device.home, device.outbox).add(
            number,
            cast("BinaryIO", request.stream),
            bytes_told=min(request.content_length or 0, MAX_FILE_BYTES),
            file_name=named[-_NAME_CHARS:] or "photo",
            captured_at=request.args.get("captured_at"),
            kind=request.args.get("kind"),
        )
    return held.to_json(), 201


@blueprint.delete("/drafts/<int:number>/photos/<sha256>")
def remove(number: int, sha256: str) -> Any:
    """Take a photograph from a draft."""
    with bench().recording, opened() as device:
        DraftPhotos(device.home, device.outbox).remove(number, _hash(sha256))
    return jsonify(None)


@blueprint.get("/photos/<sha256>")
def original(sha256: str) -> Response:
    """Return a photograph's original bytes; never as a page."""
    content = PhotoStore(bench().home.photos_path).read(_hash(sha256))
    if content is None:
        raise NotFound(_GONE)
    return _download(content, "application/octet-stream")


@blueprint.get("/photos/<sha256>/thumbnail")
def thumbnail(sha256: str) -> Response:
    """Return a small picture of a photograph; 204 where it cannot be shown here."""
    content = PhotoStore(bench().home.photos_path).read(_hash(sha256))
    if content is None:
        raise NotFound(_GONE)
    small = thumbnail_of(content)
    return Response(status=204) if small is None else _download(small, "image/jpeg")


def _hash(sha256: str) -> str:
    if not _HASH.fullmatch(sha256):
        raise NotFound(_GONE)
    return sha256


def _download(content: bytes, media_type: str) -> Response:
    response = Response(content, content_type=media_type)
    # What an inspector photographed must never run as a page of ours.
    response.headers["Content-Disposition"] = "attachment"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
