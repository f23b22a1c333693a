"""The one table that turns what was refused into RFC 9457 problems.

The rooms below raise errors with a stable ``code``; here each code has its
HTTP status and its title. `docs/problems.md` says what a client should do.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from geo.errors import Message
from schemas.errors import Fault

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:gi-fieldkit:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of refusal: its code never changes, its words may."""

    code: str
    status: int
    title: Message


def _table(*rows: tuple[str, int, str, str]) -> Mapping[str, Problem]:
    return {
        code: Problem(code, status, Message(zh=zh, en=en))
        for code, status, zh, en in rows
    }


CATALOGUE = _table(
    # how the request is written
    ("body-malformed", 400, "请求内容不是有效的 JSON", "The body is not valid JSON"),
    ("body-truncated", 400, "请求内容不完整", "The body was cut short"),
    ("encoding-malformed", 400, "压缩数据损坏", "The compressed data is damaged"),
    ("request-malformed", 400, "不是有效的 HTTP 请求", "Not a valid HTTP request"),
    ("request-invalid", 422, "请求字段有误", "A field of the request is not valid"),
    ("content-type", 415, "内容类型不受支持", "The content type is not supported"),
    ("content-encoding", 415, "压缩方式不受支持", "The encoding is not supported"),
    ("body-too-large", 413, "请求内容过大", "The body is too large"),
    ("too-many-records", 413, "一批记录过多", "Too many records in one batch"),
    # who asks
    ("token-missing", 401, "未提供令牌", "No token was given"),
    ("token-invalid", 401, "令牌无效", "The token is not valid"),
    ("token-expired", 401, "令牌已过期", "The token has expired"),
    ("loopback-only", 403, "仅限服务器本机访问", "Answered on this machine only"),
    ("access-undeclared", 403, "未声明访问权限", "No access was declared here"),
    ("proof-invalid", 403, "持有证明无效", "The proof of possession is not valid"),
    ("challenge-invalid", 403, "质询无效或已过期", "The challenge is not valid"),
    ("certificate-invalid", 403, "设备证书无效", "The certificate is not valid"),
    ("device-revoked", 403, "设备已被吊销", "The device was revoked"),
    ("too-many-guesses", 429, "登记码错误次数过多", "Too many wrong codes"),
    # enrolment
    ("code-unknown", 404, "登记码不存在", "There is no such enrolment code"),
    ("code-expired", 410, "登记码已过期", "The enrolment code has expired"),
    ("code-used", 409, "登记码已被使用", "The enrolment code was used before"),
    ("key-enrolled", 409, "密钥已属于另一设备", "The key belongs to another device"),
    ("key-unsupported", 422, "密钥类型不受支持", "The key is of an unsupported kind"),
    # what is asked for
    ("not-found", 404, "没有此地址", "There is nothing at this address"),
    ("method-not-allowed", 405, "不支持此方法", "The method is not allowed here"),
    ("document-unknown", 404, "没有此参考文件", "There is no such document"),
    ("blob-not-named", 404, "没有记录引用此文件", "No kept record names this file"),
    ("blob-too-large", 413, "文件过大", "The file is too large"),
    ("blob-size", 422, "文件大小与记录不符", "The file has another size"),
    ("part-unknown", 404, "没有此分片", "The file has no such part"),
    ("part-size", 422, "分片大小不符", "The part has the wrong size"),
    ("blob-incomplete", 404, "照片尚未收齐", "The photograph is not here whole"),
    ("thumbnail-none", 404, "没有缩略图", "There can be no thumbnail of this file"),
    ("tls-none", 404, "服务器没有自建证书机构", "The server has no own authority"),
    # the server's own state
    ("storage-full", 503, "服务器存储空间不足", "The server's disk is full"),
    ("database-not-ready", 503, "数据库尚未就绪", "The database is not ready"),
    ("database-unavailable", 503, "数据库暂不可用", "The database cannot be reached"),
    ("thumbnail-busy", 503, "正在生成其他缩略图", "Other thumbnails are being made"),
    ("thumbnail-unavailable", 501, "服务器未安装图片组件", "No library for pictures"),
    ("internal-error", 500, "服务器内部错误", "The server failed"),
)
RETRY_AFTER_S = {
    "storage-full": 300,
    "database-not-ready": 60,
    "database-unavailable": 10,
    "thumbnail-busy": 10,
}


def problem_document(
    code: str, detail: Message | None = None, faults: Iterable[Fault] = ()
) -> dict[str, Any]:
    """Return the members of a problem; a code that has no row is an internal error."""
    problem = CATALOGUE.get(code, CATALOGUE["internal-error"])
    detail = detail or problem.title
    document: dict[str, Any] = {
        "type": TYPE_PREFIX + problem.code,
        "title": problem.title.en,
        "status": problem.status,
        "code": problem.code,
        "detail": detail.en,
        "zh": {"title": problem.title.zh, "detail": detail.zh},
    }
    errors = [
        {
            "field": fault.field,
            "code": fault.code,
            "reason": {"zh": fault.message.zh, "en": fault.message.en},
        }
        for fault in faults
    ]
    return document | ({"errors": errors} if errors else {})


def problem_response(
    code: str,
    detail: Message | None = None,
    faults: Iterable[Fault] = (),
    retry_after_s: int | None = None,
) -> Response:
    """Return the problem as a response; 401 and 503 say what to do next."""
    document = problem_document(code, detail, faults)
    response = Response(
        orjson.dumps(document), status=document["status"], mimetype=MEDIA_TYPE
    )
    if document["status"] == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    wait_s = RETRY_AFTER_S.get(code) if retry_after_s is None else retry_after_s
    if wait_s is not None:
        response.headers["Retry-After"] = str(wait_s)
    return response
