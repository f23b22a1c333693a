"""The bureau's own TLS authority: given once when enrolling, then the only one trusted.

Without one the system's store decides. What is kept here is a certificate, no
secret; only ``fieldkit enrol --ca`` replaces it.
"""

import ssl
from pathlib import Path
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from fieldkit.disk import write_durably
from fieldkit.errors import InputRefused
from fieldkit.home import Home
from geo.errors import Message


class AuthorityUnusable(InputRefused):
    """The file given is not the certificate of an authority."""

    code: ClassVar[str] = "authority-unusable"


def read_authority(path: Path) -> bytes:
    """Return the authority's certificate in a PEM or DER file, as PEM.

    Raises
    ------
    AuthorityUnusable
        It cannot be read, or is a server's certificate or something else.
    """
    try:
        data = path.read_bytes()
        certificate = _certificate(data)
        constraints = certificate.extensions.get_extension_for_class(
            x509.BasicConstraints
        )
    except OSError as error:
        raise _unusable(path, str(error.strerror)) from error
    except (ValueError, x509.ExtensionNotFound) as error:
        raise _unusable(path, "no authority's certificate") from error
    if not constraints.value.ca:
        raise _unusable(path, "a server's certificate, not its authority's")
    return certificate.public_bytes(Encoding.PEM)


def keep_authority(home: Home, pem: bytes) -> None:
    """Trust this authority alone from now on; durable on return.

    Raises
    ------
    DiskFull
        There is no room; whichever was trusted before still is.
    """
    write_durably(home.authority_path, pem)


def kept_authority(home: Home) -> bytes | None:
    """Return the only authority trusted; None: the system's store decides."""
    try:
        return home.authority_path.read_bytes()
    except FileNotFoundError:
        return None


def trusting_only(pem: bytes) -> ssl.SSLContext:
    """Return a client's context that trusts this authority and no other."""
    context = ssl.create_default_context(cadata=pem.decode("ascii"))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _certificate(data: bytes) -> x509.Certificate:
    if data.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(data)
    return x509.load_der_x509_certificate(data)


def _unusable(path: Path, why: str) -> AuthorityUnusable:
    return AuthorityUnusable(
        Message(
            zh=f"--ca {path} 不能用（{why}）：应为证书机构的 .pem 或 .crt 文件，"
            "可从服务器的 /trust 页面下载",
            en=f"--ca {path} cannot be used ({why}): give the authority's .pem or "
            ".crt file, from the server's page /trust",
        ),
        "--ca",
    )
