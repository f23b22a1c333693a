"""Fingerprints as the certificate dialogs of devices show them."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hashes import HashAlgorithm


def sha256_fingerprint(certificate: x509.Certificate) -> str:
    """Return it in pairs of hex digits with colons; what people compare."""
    return _told(certificate, hashes.SHA256())


def sha1_fingerprint(certificate: x509.Certificate) -> str:
    """Return the one that the dialogs of Windows call the thumbprint."""
    return _told(certificate, hashes.SHA1())


def _told(certificate: x509.Certificate, algorithm: HashAlgorithm) -> str:
    return certificate.fingerprint(algorithm).hex(":").upper()
