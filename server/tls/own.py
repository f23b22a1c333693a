"""The bureau's own authority and certificate on disk: made, kept, renewed.

What is written appears whole or not at all, the keys readable by their owner
only (0600).
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from geo.errors import Message
from server.durable_files import keep_file
from server.errors import TlsFault
from server.tls.authority import Authority, make_authority, make_certificate
from server.tls.files import OwnFiles
from server.tls.pair import read_certificates, require_owner_only, require_pair
from server.tls.places import Places, places_of


@dataclass(frozen=True, slots=True)
class Standing:
    """The authority and the server's certificate, and which of them are new."""

    authority: x509.Certificate
    certificate: x509.Certificate
    is_new_authority: bool = False
    is_new_certificate: bool = False


def initialise_tls(
    files: OwnFiles, bureau_name: str, places: Places, days: int, now: datetime
) -> Standing:
    """Make what is missing: an authority, and a certificate for these places.

    Safe to repeat: a certificate that is for these places, of this authority
    and good for more than 30 days is kept; an authority always is.

    Raises
    ------
    TlsFault
        ``tls-outside-authority``, ``tls-authority-incomplete`` (its
        certificate is there and its key is not), ``tls-key-exposed`` or
        ``tls-unreadable``.
    StorageFull
        The disk has no room.
    """
    is_new = not files.authority_certificate.exists()
    authority = _new_authority(files, bureau_name, places, now) if is_new else None
    kept = None if is_new else _kept(files, places, now)
    if kept is not None:
        return kept
    authority = authority or load_authority(files)
    certificate = _issue(files, authority, places, days, now)
    return Standing(authority.certificate, certificate, is_new, True)


def renew_certificate(
    files: OwnFiles, places: Places, days: int, now: datetime
) -> Standing:
    """Put a new key and certificate in place; devices need not trust anew.

    Raises
    ------
    TlsFault
        As `initialise_tls`, or ``tls-none`` if there is no authority.
    """
    authority = load_authority(files)
    certificate = _issue(files, authority, places, days, now)
    return Standing(authority.certificate, certificate, is_new_certificate=True)


def standing(files: OwnFiles) -> Standing:
    """Return what there is, good or not.

    Raises
    ------
    TlsFault
        ``tls-none`` or ``tls-unreadable``.
    """
    authority = load_authority_certificate(files)
    return Standing(authority, read_certificates(files.server)[0])


def load_authority_certificate(files: OwnFiles) -> x509.Certificate:
    """Return what devices are to trust.

    Raises
    ------
    TlsFault
        ``tls-none`` or ``tls-unreadable``.
    """
    if not files.authority_certificate.exists():
        raise TlsFault(
            "tls-none",
            Message(
                zh="尚无自建证书机构：请运行 gi-server tls init",
                en="there is no authority of your own: run gi-server tls init",
            ),
        )
    return read_certificates(files.authority_certificate)[0]


def load_authority(files: OwnFiles) -> Authority:
    """Return the authority with its key.

    Raises
    ------
    TlsFault
        ``tls-none``, ``tls-authority-incomplete``, ``tls-key-exposed`` or
        ``tls-unreadable``.
    """
    certificate = load_authority_certificate(files)
    path = files.authority_key
    if not path.exists():
        raise TlsFault(
            "tls-authority-incomplete",
            Message(
                zh=f"缺少证书机构的私钥 {path}：请从备份放回；若已丢失，请将 "
                f"{files.folder} 移走后重新运行 gi-server tls init，所有设备须重新信任",
                en=f"the authority's key {path} is missing: put it back from its "
                f"backup; if it is lost, move {files.folder} away and run gi-server "
                "tls init again, and every device must trust the new authority",
            ),
        )
    require_owner_only(path)
    # The pair's own checks: readable, of each other, in time.
    require_pair(files.authority_certificate, path, certificate.not_valid_before_utc)
    key = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return Authority(certificate, key)


def _new_authority(
    files: OwnFiles, bureau_name: str, places: Places, now: datetime
) -> Authority:
    """Make an authority; its certificate comes last, so that it means both."""
    authority = make_authority(bureau_name, places, now)
    keep_file(files.authority_key, _pem(authority.key))
    keep_file(
        files.authority_certificate, authority.certificate.public_bytes(Encoding.PEM)
    )
    return authority


def _kept(files: OwnFiles, places: Places, now: datetime) -> Standing | None:
    """Return what is there if it still serves; None: a new certificate is due."""
    authority = load_authority_certificate(files)
    try:
        pair = require_pair(files.server, files.server, now)
        pair.certificate.verify_directly_issued_by(authority)
    except (TlsFault, ValueError, TypeError, InvalidSignature):
        return None
    if pair.is_ending(now) or _as_sets(places_of(pair.certificate)) != _as_sets(places):
        return None
    return Standing(authority, pair.certificate)


def _as_sets(places: Places) -> tuple[frozenset[str], frozenset[object]]:
    return frozenset(places.names), frozenset(places.addresses)


def _issue(
    files: OwnFiles, authority: Authority, places: Places, days: int, now: datetime
) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = make_certificate(authority, key.public_key(), places, now, days)
    keep_file(files.server, _pem(key) + certificate.public_bytes(Encoding.PEM))
    return certificate


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
