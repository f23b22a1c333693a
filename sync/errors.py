"""What the protocol refuses, as exceptions.

ProtocolError
├── MalformedJws          not a compact JWS that this protocol reads
├── UnsupportedKey        neither P-256 nor Ed25519
├── BadSignature          the named key did not sign these bytes
├── MalformedDocument     signed, but not the document it should be
├── Expired               a challenge, token or code past its time
├── WrongAudience         meant for another server, device or key
├── StaleManifest         older reference data than what is held
├── RecordTooLarge        over MAX_RECORD_BYTES when sealed
├── HeadMoved             another record was sealed in between
├── UnknownRecord         not in this outbox
├── BundleUnreadable      cannot be decrypted, or is incomplete
└── EnvelopeAltered       encrypted at rest, and not what was put there
"""

from typing import ClassVar

from geo.errors import Message


class ProtocolError(Exception):
    """Root of everything that ``sync`` raises.

    ``code`` is stable; ``message`` says it in Chinese and English; the
    exception's own text is the detail, in English.
    """

    code: ClassVar[str] = "protocol-error"
    message: ClassVar[Message] = Message(
        zh="同步协议出错", en="The sync protocol was not followed"
    )


class MalformedJws(ProtocolError):
    """The text is not a compact JWS that this protocol reads."""

    code = "malformed"
    message = Message(zh="不是可读取的签名记录", en="Not a readable signed record")


class UnsupportedKey(ProtocolError):
    """The key is neither on P-256 (ES256) nor Ed25519 (EdDSA)."""

    code = "unsupported-key"
    message = Message(
        zh="不支持这种密钥，只支持 P-256 或 Ed25519",
        en="This kind of key is not supported; P-256 or Ed25519 is",
    )


class BadSignature(ProtocolError):
    """The signature was not made by the key that it is checked with."""

    code = "bad-signature"
    message = Message(
        zh="签名与密钥不符", en="The signature does not belong to the key"
    )


class MalformedDocument(ProtocolError):
    """The signature holds, but this is not the kind of document expected."""

    code = "malformed-document"
    message = Message(
        zh="签名有效，但内容不是所需的文件",
        en="Validly signed, but not the document that was expected",
    )


class Expired(ProtocolError):
    """The challenge, token or code is past its time."""

    code = "expired"
    message = Message(zh="已过有效期", en="Its time has run out")


class WrongAudience(ProtocolError):
    """The proof names another server, device, code or key than the one here."""

    code = "wrong-audience"
    message = Message(
        zh="该证明是给另一台服务器或设备的",
        en="This proof is meant for another server or device",
    )


class StaleManifest(ProtocolError):
    """The manifest's serial is lower than that of the one held."""

    code = "stale-manifest"
    message = Message(
        zh="参考数据比本机已有的旧，未采用",
        en="The reference data is older than what is held, and was not taken",
    )


class RecordTooLarge(ProtocolError):
    """The sealed record is larger than the protocol carries."""

    code = "over-size"
    message = Message(
        zh="记录超过 256 KiB，请缩短文字说明",
        en="The record is over 256 KiB; shorten its texts",
    )


class HeadMoved(ProtocolError):
    """The outbox's head is no longer what the sealer saw."""

    code = "head-moved"
    message = Message(
        zh="封存时另一条记录已先写入，请重试",
        en="Another record was sealed in between; try again",
    )


class UnknownRecord(ProtocolError):
    """The outbox holds no record with this id and hash."""

    code = "unknown-record"
    message = Message(zh="发件箱中没有这条记录", en="The outbox holds no such record")


class BundleUnreadable(ProtocolError):
    """The bundle was made for another key, was altered, or is incomplete."""

    code = "bundle-unreadable"
    message = Message(
        zh="导出文件无法解密或不完整",
        en="The export file cannot be decrypted, or is incomplete",
    )


class EnvelopeAltered(ProtocolError):
    """What lies encrypted is not what was put in this place under this key."""

    code = "content-altered"
    message = Message(
        zh="加密保存的内容已被改动或损坏",
        en="What was kept encrypted has been altered or damaged",
    )
