"""Evidence as sealed: a file by the SHA-256 of its original bytes."""

from schemas.fields import SHA256, Choice, Instant, Text, Whole
from schemas.goods import item_id
from schemas.strict import StrictSchema
from schemas.vocabulary import words

MAX_FILE_BYTES = 64 * 1024 * 1024
MEDIA_TYPE = r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,79}"
FILE_NAME = r"[^\x00-\x1f\x7f/\\]+"
# A photograph is electronic data unless the officer says otherwise (Art. 23).
DEFAULT_KIND = "electronic_data"


def sha256_text(*, required: bool = True) -> Text:
    """Return the field of a SHA-256 in lower-case hex."""
    return Text(64, pattern=SHA256, code="sha256-malformed", required=required)


def byte_count(*, required: bool = True) -> Whole:
    """Return the field of a file's size."""
    return Whole(1, MAX_FILE_BYTES, required=required)


def media_type(*, required: bool = True) -> Text:
    """Return the field of a media type without parameters (RFC 6838)."""
    return Text(100, pattern=MEDIA_TYPE, code="media-type-malformed", required=required)


class EvidenceSchema(StrictSchema):
    """One file, hashed at capture before any processing."""

    id = item_id()
    kind = Choice(words("evidence_kind"), required=True)
    sha256 = sha256_text()
    bytes = byte_count()
    media_type = media_type()
    file_name = Text(255, pattern=FILE_NAME, code="file-name-malformed", required=True)
    captured_at = Instant(required=True)
    captured_by = Text(100)
    method = Text(400)
    original_medium = Text(400)
    same_as_original_note = Text(400)
    sm3 = Text(64, pattern=SHA256, code="sha256-malformed")
    recorder_no = Text(64)
    note = Text(1000, min_chars=0, lines=True)


class BlobSchema(StrictSchema):
    """A file as the envelope announces it."""

    sha256 = sha256_text()
    bytes = byte_count()
    media_type = media_type()
