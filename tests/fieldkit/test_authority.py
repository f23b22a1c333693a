"""The bureau's own TLS authority on a device: read, kept, and the only one trusted."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from fieldkit.home import Home, open_home
from fieldkit.link.authority import (
    AuthorityUnusable,
    keep_authority,
    kept_authority,
    read_authority,
    trusting_only,
)


def certificate(*, is_authority: bool | None) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "county")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2023, 12, 1, tzinfo=UTC))
        .not_valid_after(datetime(2023, 12, 1, tzinfo=UTC) + timedelta(days=9))
    )
    if is_authority is not None:
        constraints = x509.BasicConstraints(ca=is_authority, path_length=None)
        builder = builder.add_extension(constraints, critical=True)
    return builder.sign(key, hashes.SHA256())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return open_home(tmp_path / "device")


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_it_is_read_as_the_page_offers_it_and_kept_as_pem(
    home: Home, tmp_path: Path, encoding: Encoding
) -> None:
    authority = certificate(is_authority=True)
    file = tmp_path / "gi.crt"
    file.write_bytes(authority.public_bytes(encoding))
    assert kept_authority(home) is None
    keep_authority(home, read_authority(file))
    assert kept_authority(home) == authority.public_bytes(Encoding.PEM)
    assert home.authority_path.stat().st_mode & 0o777 == 0o600


def test_only_that_authority_is_trusted_and_tls_stays_checked() -> None:
    authority = certificate(is_authority=True)
    context = trusting_only(authority.public_bytes(Encoding.PEM))
    (trusted,) = context.get_ca_certs(binary_form=True)
    assert trusted == authority.public_bytes(Encoding.DER)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("is_authority", [False, None])
def test_a_servers_certificate_is_not_taken_for_its_authority(
    tmp_path: Path, is_authority: bool | None
) -> None:
    file = tmp_path / "server.crt"
    file.write_bytes(certificate(is_authority=is_authority).public_bytes(Encoding.PEM))
    with pytest.raises(AuthorityUnusable) as refusal:
        read_authority(file)
    assert refusal.value.field == "--ca"
    assert "/trust" in refusal.value.message.zh


def test_what_is_no_certificate_is_refused(tmp_path: Path) -> None:
    noise = tmp_path / "noise.crt"
    noise.write_bytes(b"-----BEGIN nothing")
    for file in (noise, tmp_path / "nowhere.crt", tmp_path):
        with pytest.raises(AuthorityUnusable) as refusal:
            read_authority(file)
        assert str(file) in refusal.value.message.en
