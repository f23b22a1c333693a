"""Reading request bodies with a bound on every step."""

import zlib
from typing import Any

import orjson
from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from geo.errors import Message
from schemas.errors import Fault
from server.errors import RequestRefused

MAX_BODY_BYTES = 16 * 1024 * 1024
MAX_SMALL_BODY_BYTES = 64 * 1024
GZIP_WBITS = 31


class InvalidRequest(RequestRefused):
    """Fields of the request are not as the schema says; ``faults`` names each."""

    def __init__(self, faults: list[Fault]) -> None:
        named = "; ".join(f"{fault.field}: {fault.message.en}" for fault in faults)
        in_chinese = "；".join(f"{fault.field}：{fault.message.zh}" for fault in faults)
        super().__init__("request-invalid", Message(zh=in_chinese, en=named))
        self.faults = faults


def read_json(max_bytes: int = MAX_BODY_BYTES) -> Any:
    """Return the JSON of the request's body, gunzipped if it says so.

    Raises
    ------
    RequestRefused
        Not JSON by type or content, cut short, damaged, or more than
        `max_bytes` before or after decompression (a gzip bomb is given up
        at that size).
    """
    _require_type("application/json")
    data = read_bytes(max_bytes)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "gzip":
        data = _gunzip(data, max_bytes)
    elif encoding != "identity":
        raise _refused("content-encoding", "只接受 gzip", "only gzip is taken")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as fault:
        place = f"{fault.msg}, byte {fault.pos}"
        raise _refused("body-malformed", f"不是有效的 JSON：{place}", place) from None


def read_small(schema: Schema) -> dict[str, Any]:
    """Return a small JSON body that fits the schema.

    Raises
    ------
    RequestRefused
        As `read_json`; each field that does not fit is named.
    """
    document = read_json(MAX_SMALL_BODY_BYTES)
    try:
        loaded: dict[str, Any] = schema.load(document)
    except ValidationError as fault:
        raise InvalidRequest(_faults(_by_field(fault))) from None
    return loaded


def read_part(max_bytes: int) -> bytes:
    """Return a body of plain bytes (``application/octet-stream``)."""
    _require_type("application/octet-stream")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _refused("content-encoding", "分片不得压缩", "parts are sent as they are")
    return read_bytes(max_bytes)


def read_bytes(max_bytes: int) -> bytes:
    """Return the body as sent, read to the end but never past the bound."""
    # One more than the bound: a stream without a length ends there in silence.
    request.max_content_length = max_bytes + 1
    try:
        data = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise _too_large(max_bytes) from None
    except (ClientDisconnected, OSError):
        raise _truncated() from None
    if len(data) > max_bytes:
        raise _too_large(max_bytes)
    if request.content_length is not None and len(data) < request.content_length:
        raise _truncated()
    return data


def _gunzip(data: bytes, max_bytes: int) -> bytes:
    inflater = zlib.decompressobj(wbits=GZIP_WBITS)
    try:
        plain = inflater.decompress(data, max_bytes + 1)
    except zlib.error:
        raise _refused(
            "encoding-malformed", "gzip 数据损坏", "the gzip data is damaged"
        ) from None
    if len(plain) > max_bytes:
        raise _too_large(max_bytes)
    if not inflater.eof:
        raise _truncated()
    if inflater.unused_data:
        # A second member could be a second bomb, and no client needs one.
        raise _refused(
            "encoding-malformed", "gzip 之后还有数据", "data after the gzip stream"
        )
    return plain


def _require_type(wanted: str) -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != wanted or charset != "utf-8":
        raise _refused("content-type", f"须为 {wanted}", f"expected {wanted}")


_REASONS = {
    "Missing data for required field.": ("field-missing", "缺少必填字段"),
    "Unknown field.": ("field-unknown", "未知字段"),
}


def _by_field(fault: ValidationError) -> dict[str, Any]:
    if isinstance(fault.messages, dict):
        return fault.messages
    return {"": fault.messages}


def _faults(messages: dict[str, Any]) -> list[Fault]:
    return [_fault(field, reason) for field, reason in sorted(messages.items())]


def _fault(field: str, reason: Any) -> Fault:
    while not isinstance(reason, str):
        reason = next(iter(reason.values() if isinstance(reason, dict) else reason))
    code, in_chinese = _REASONS.get(reason, ("field-invalid", "字段无效"))
    return Fault(field, code, Message(zh=in_chinese, en=reason))


def _too_large(max_bytes: int) -> RequestRefused:
    return _refused(
        "body-too-large",
        f"请求内容解压后不得超过 {max_bytes} 字节",
        f"the body may have {max_bytes} bytes once decompressed",
    )


def _truncated() -> RequestRefused:
    return _refused("body-truncated", "请求内容不完整", "the body was cut short")


def _refused(code: str, zh: str, en: str) -> RequestRefused:
    return RequestRefused(code, Message(zh=zh, en=en))
