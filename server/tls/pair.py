"""A certificate and its key as ``gi-server run`` serves with them, checked first."""

import os
import stat
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from geo.errors import Message
from server.errors import TlsFault

RENEW_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Pair:
    """A server certificate, those that vouch for it, and where both files lie.

    One file may hold certificate and key.
    """

    certificate_path: Path
    key_path: Path
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """The server's own certificate: the first of its file."""
        return self.chain[0]

    @property
    def expires_at(self) -> datetime:
        """The instant from which on no device accepts it."""
        return self.certificate.not_valid_after_utc

    def is_ending(self, now: datetime) -> bool:
        """Tell whether it is time for a new certificate (30 days are left)."""
        return self.expires_at - now <= RENEW_WITHIN


def require_pair(certificate_path: Path, key_path: Path, now: datetime) -> Pair:
    """Return the pair in these two PEM files once it is fit to serve with.

    Raises
    ------
    TlsFault
        ``tls-unreadable``, ``tls-key-exposed`` (others may read the key),
        ``tls-mismatch`` (the key is another certificate's), ``tls-expired``
        or ``tls-not-yet`` (by this machine's clock).
    """
    require_owner_only(key_path)
    chain = read_certificates(certificate_path)
    key = _read_key(key_path)
    pair = Pair(certificate_path, key_path, chain)
    if _spki(key.public_key()) != _spki(pair.certificate.public_key()):
        raise TlsFault(
            "tls-mismatch",
            Message(
                zh=f"私钥 {key_path} 与证书 {certificate_path} 不匹配："
                "请成对指定 --tls-cert 与 --tls-key",
                en=f"the key {key_path} does not belong to the certificate "
                f"{certificate_path}: give --tls-cert and --tls-key of one pair",
            ),
        )
    _require_in_time(pair, now)
    return pair


def require_owner_only(key_path: Path) -> None:
    """Require that nobody but its owner can read the key's file.

    Raises
    ------
    TlsFault
        ``tls-unreadable`` or ``tls-key-exposed``.
    """
    try:
        mode = stat.S_IMODE(key_path.stat().st_mode)
    except OSError as fault:
        raise _unreadable(key_path, str(fault.strerror)) from fault
    if os.name == "posix" and mode & 0o077:
        raise TlsFault(
            "tls-key-exposed",
            Message(
                zh=f"其他用户可以读取私钥 {key_path}：请运行 chmod 600 {key_path}",
                en=f"others may read the key {key_path}: run chmod 600 {key_path}",
            ),
        )


def read_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of a PEM file, in its order; at least one.

    Raises
    ------
    TlsFault
        ``tls-unreadable``.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as fault:
        raise _unreadable(path, str(fault.strerror)) from fault
    except ValueError as fault:
        raise _unreadable(path, "no PEM certificate") from fault


def _read_key(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except OSError as fault:
        raise _unreadable(path, str(fault.strerror)) from fault
    except (TypeError, ValueError) as fault:
        raise _unreadable(path, "no PEM private key without a password") from fault


def _unreadable(path: Path, why: str) -> TlsFault:
    return TlsFault(
        "tls-unreadable",
        Message(
            zh=f"无法使用 TLS 文件 {path}（{why}）：须为 PEM 格式，私钥不设密码",
            en=f"the TLS file {path} cannot be used ({why}): PEM is needed, the key "
            "without a password",
        ),
    )


def _require_in_time(pair: Pair, now: datetime) -> None:
    begins_at = pair.certificate.not_valid_before_utc
    if now >= pair.expires_at:
        raise TlsFault(
            "tls-expired",
            Message(
                zh=f"证书 {pair.certificate_path} 已于 {pair.expires_at:%Y-%m-%d} "
                "过期：自建证书请运行 gi-server tls renew，其他证书请换新",
                en=f"the certificate {pair.certificate_path} expired on "
                f"{pair.expires_at:%Y-%m-%d}: run gi-server tls renew if it is of your "
                "own authority, else get a new one",
            ),
        )
    if now < begins_at:
        raise TlsFault(
            "tls-not-yet",
            Message(
                zh=f"证书 {pair.certificate_path} 自 {begins_at:%Y-%m-%d} 起有效："
                "请校正本机时钟",
                en=f"the certificate {pair.certificate_path} is valid from "
                f"{begins_at:%Y-%m-%d} on: set this machine's clock right",
            ),
        )


def _spki(key: object) -> bytes:
    return bytes(
        key.public_bytes(  # type: ignore[attr-defined]
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
    )
