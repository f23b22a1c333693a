"""A bureau's private authority: what it may vouch for, and the certificates it signs.

The authority is constrained (RFC 5280, 4.2.1.10) to the names and addresses
it was made for, to the suffixes of local networks and to private address
ranges: whoever steals its key can pose as no site of the internet.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from geo.errors import Message
from server.errors import TlsFault
from server.tls.places import Places

AUTHORITY_DAYS = 3652
# Apple takes a certificate of at most 398 days; one of them lies before today.
MAX_SERVER_DAYS = 397
BACKDATED = timedelta(days=1)  # for devices whose clocks are behind
LOCAL_SUFFIXES = ("localhost", "local", "lan", "internal", "home.arpa")
PRIVATE_RANGES = tuple(
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
_MAX_NAME = 64  # of an X.520 name's part
_TICK = timedelta(seconds=1)  # both ends of a certificate's time belong to it


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_authority(bureau_name: str, places: Places, now: datetime) -> Authority:
    """Return a new authority that may vouch for these places, for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _subject(f"GI Fieldkit CA {now:%Y-%m-%d} {bureau_name}", bureau_name)
    builder = (
        _begun(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(_constraints(places), critical=True)
    )
    return Authority(builder.sign(key, hashes.SHA256()), key)


def make_certificate(
    authority: Authority,
    public_key: ec.EllipticCurvePublicKey,
    places: Places,
    now: datetime,
    days: int = MAX_SERVER_DAYS,
) -> x509.Certificate:
    """Return the certificate of a server at these places, good for `days` days.

    Raises
    ------
    TlsFault
        ``tls-outside-authority``: it may not vouch for one of the places.
    """
    _require_within(authority.certificate, places)
    names = [x509.DNSName(name) for name in places.all_names]
    addresses = [x509.IPAddress(one) for one in places.all_addresses]
    issuer = authority.certificate.subject
    organisation = issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value
    subject = _subject("GI Fieldkit server", str(organisation))
    builder = (
        _begun(subject, issuer, public_key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(digital_signature=True), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        .add_extension(
            x509.SubjectAlternativeName([*names, *addresses]), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                authority.key.public_key()
            ),
            critical=False,
        )
    )
    return builder.sign(authority.key, hashes.SHA256())


def may_vouch_for(certificate: x509.Certificate, places: Places) -> bool:
    """Tell whether the authority's constraints allow all these places."""
    return not _outside(certificate, places)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days) - _TICK)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False
        )
    )


def _subject(common_name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:_MAX_NAME]),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:_MAX_NAME]),
        ]
    )


def _key_usage(**used: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: used.get(name, False) for name in names})


def _constraints(places: Places) -> x509.NameConstraints:
    names = (*LOCAL_SUFFIXES, *(n for n in places.names if not _is_local_name(n)))
    networks = (
        *PRIVATE_RANGES,
        *(ipaddress.ip_network(a) for a in places.addresses if not _is_private(a)),
    )
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    permitted += [x509.IPAddress(network) for network in networks]
    return x509.NameConstraints(permitted, None)


def _is_local_name(name: str) -> bool:
    return _is_below(name, LOCAL_SUFFIXES)


def _is_below(name: str, suffixes: Iterable[str]) -> bool:
    return any(name == one or name.endswith(f".{one}") for one in suffixes)


def _is_private(address: Any) -> bool:
    return any(address in network for network in PRIVATE_RANGES)


def _outside(certificate: x509.Certificate, places: Places) -> list[str]:
    held = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    permitted = held.value.permitted_subtrees or []
    suffixes = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    networks = [one.value for one in permitted if isinstance(one, x509.IPAddress)]
    names = [name for name in places.all_names if not _is_below(name, suffixes)]
    addresses = [
        str(one)
        for one in places.all_addresses
        if not any(one in network for network in networks)  # type: ignore[operator]
    ]
    return names + addresses


def _require_within(certificate: x509.Certificate, places: Places) -> None:
    outside = _outside(certificate, places)
    if outside:
        named = ", ".join(outside)
        raise TlsFault(
            "tls-outside-authority",
            Message(
                zh=f"自建证书机构不能为 {named} 签发：只限建立时的名称、局域网后缀"
                "（.local、.lan、.internal）和内网地址。如确需要，请将 keys/tls 文件夹"
                "移走后重新运行 gi-server tls init，所有设备须重新信任",
                en=f"the authority may not vouch for {named}: only for what it was "
                "made for, local suffixes (.local, .lan, .internal) and private "
                "addresses. If it must be, move the folder keys/tls away and run "
                "gi-server tls init again; every device must then trust the new one",
            ),
        )
