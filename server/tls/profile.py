"""The authority as files that devices install: DER, PEM and Apple's profile."""

import plistlib
import uuid
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

_IDENTIFIER = "cn.gi-fieldkit.authority"


def der(certificate: x509.Certificate) -> bytes:
    """Return the certificate as Android and Windows take it."""
    return certificate.public_bytes(Encoding.DER)


def pem(certificate: x509.Certificate) -> bytes:
    """Return the certificate as Linux and Firefox take it."""
    return certificate.public_bytes(Encoding.PEM)


def mobileconfig(certificate: x509.Certificate) -> bytes:
    """Return a profile for iPad: the same bytes for the same authority."""
    named = certificate.fingerprint(hashes.SHA256()).hex()
    shared = {"PayloadVersion": 1, "PayloadOrganization": _organisation(certificate)}
    authority = shared | {
        "PayloadType": "com.apple.security.root",
        "PayloadIdentifier": f"{_IDENTIFIER}.root",
        "PayloadUUID": _uuid(named, "root"),
        "PayloadDisplayName": "GI Fieldkit CA",
        "PayloadCertificateFileName": "gi-fieldkit-ca.crt",
        "PayloadContent": der(certificate),
    }
    profile = shared | {
        "PayloadType": "Configuration",
        "PayloadIdentifier": _IDENTIFIER,
        "PayloadUUID": _uuid(named, "profile"),
        "PayloadDisplayName": "GI Fieldkit",
        "PayloadDescription": "信任本单位的地标巡检服务器 / Trusts the bureau's server",
        "PayloadRemovalDisallowed": False,
        "PayloadContent": [authority],
    }
    return plistlib.dumps(profile)


FORMS: dict[str, tuple[str, Callable[[x509.Certificate], bytes]]] = {
    "crt": ("application/x-x509-ca-cert", der),
    "pem": ("application/x-pem-file", pem),
    "mobileconfig": ("application/x-apple-aspen-config", mobileconfig),
}


def _organisation(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def _uuid(fingerprint: str, part: str) -> str:
    name = f"{_IDENTIFIER}/{fingerprint}/{part}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name)).upper()
