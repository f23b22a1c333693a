"""The private authority: what it signs, what it may not, and what is kept."""

import ipaddress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from server.errors import TlsFault
from server.tls.authority import make_authority, make_certificate
from server.tls.files import OwnFiles
from server.tls.own import (
    Standing,
    initialise_tls,
    load_authority,
    renew_certificate,
    standing,
)
from server.tls.places import Places, places_here, places_of, read_places

APPLE_LIMIT = timedelta(days=398)


def extension(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> object:
    return certificate.extensions.get_extension_for_class(kind).value


def test_the_certificate_names_the_server_and_its_own_machine(made: Standing) -> None:
    held = made.certificate.extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    ).value
    assert held.get_values_for_type(x509.DNSName) == [
        "gi.xunwu.lan",
        "bureau",
        "localhost",
    ]
    assert [str(one) for one in held.get_values_for_type(x509.IPAddress)] == [
        "192.168.1.10",
        "59.63.1.2",
        "127.0.0.1",
        "::1",
    ]


def test_the_certificate_is_what_apple_and_browsers_ask_for(
    made: Standing, now: datetime
) -> None:
    leaf = made.certificate
    lasts = leaf.not_valid_after_utc - leaf.not_valid_before_utc
    assert lasts < APPLE_LIMIT
    assert leaf.not_valid_before_utc < now
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.SERVER_AUTH]
    key = leaf.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert isinstance(key.curve, ec.SECP256R1)
    leaf.verify_directly_issued_by(made.authority)


def test_the_authority_signs_nothing_but_servers_and_lasts_ten_years(
    made: Standing, now: datetime
) -> None:
    constraints = made.authority.extensions.get_extension_for_class(
        x509.BasicConstraints
    )
    assert constraints.critical
    assert (constraints.value.ca, constraints.value.path_length) == (True, 0)
    assert made.authority.not_valid_after_utc.year == now.year + 10
    usage = made.authority.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign
    assert not usage.digital_signature


def test_the_authority_is_confined_to_its_places_and_to_private_networks(
    made: Standing,
) -> None:
    held = made.authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert held.critical
    permitted = [one.value for one in held.value.permitted_subtrees or ()]
    assert "bureau" in permitted
    assert "gi.xunwu.lan" not in permitted  # below .lan already
    assert ipaddress.ip_network("59.63.1.2/32") in permitted
    assert ipaddress.ip_network("192.168.0.0/16") in permitted


def test_a_second_call_changes_nothing(
    files: OwnFiles, made: Standing, places: Places, now: datetime
) -> None:
    before = {path: path.read_bytes() for path in files.folder.iterdir()}
    again = initialise_tls(files, "寻乌县局", places, 397, now + timedelta(days=300))
    assert not again.is_new_authority
    assert not again.is_new_certificate
    assert again.certificate == made.certificate
    assert {path: path.read_bytes() for path in files.folder.iterdir()} == before


@pytest.mark.parametrize("days", [368, 397, 4000])
def test_an_ending_certificate_is_made_anew_by_the_same_authority(
    files: OwnFiles, made: Standing, places: Places, now: datetime, days: int
) -> None:
    later = now + timedelta(days=days)
    again = initialise_tls(files, "寻乌县局", places, 397, later)
    assert again.is_new_certificate
    assert again.authority == made.authority
    assert again.certificate.public_key() != made.certificate.public_key()


def test_another_address_in_a_private_network_needs_no_new_trust(
    files: OwnFiles, made: Standing, now: datetime
) -> None:
    moved = read_places(["gi.xunwu.lan"], ["10.20.0.5"])
    renewed = renew_certificate(files, moved, 30, now)
    assert places_of(renewed.certificate) == moved
    assert renewed.authority == made.authority
    assert standing(files).certificate == renewed.certificate


@pytest.mark.parametrize(
    ("name", "address"),
    [("www.gov.cn", None), ("xbureau", None), (None, "8.8.8.8"), (None, "2001:db8::1")],
)
def test_it_vouches_for_nothing_outside_and_says_what_to_do(
    files: OwnFiles, made: Standing, now: datetime, name: str, address: str
) -> None:
    held = files.server.read_bytes()
    outside = read_places([name] if name else [], [address] if address else [])
    with pytest.raises(TlsFault) as refusal:
        renew_certificate(files, outside, 30, now)
    assert refusal.value.code == "tls-outside-authority"
    assert (name or address) in refusal.value.message.zh
    assert files.server.read_bytes() == held


def test_the_keys_are_readable_by_their_owner_only(
    files: OwnFiles, made: Standing
) -> None:
    for path in (files.authority_key, files.server):
        assert path.stat().st_mode & 0o777 == 0o600
    assert files.folder.stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in files.authority_certificate.read_bytes()


def test_an_exposed_key_of_the_authority_signs_nothing(
    files: OwnFiles, made: Standing, places: Places, now: datetime
) -> None:
    files.authority_key.chmod(0o644)
    with pytest.raises(TlsFault) as refusal:
        renew_certificate(files, places, 30, now)
    assert refusal.value.code == "tls-key-exposed"


def test_an_authority_without_its_key_is_not_replaced_behind_anybodys_back(
    files: OwnFiles, made: Standing, places: Places, now: datetime
) -> None:
    files.authority_key.unlink()
    later = now + timedelta(days=390)
    with pytest.raises(TlsFault) as refusal:
        initialise_tls(files, "寻乌县局", places, 397, later)
    assert refusal.value.code == "tls-authority-incomplete"
    assert str(files.authority_key) in refusal.value.message.en


def test_a_key_whose_certificate_never_came_is_made_anew(
    files: OwnFiles, places: Places, now: datetime
) -> None:
    files.folder.mkdir(parents=True, mode=0o700)
    files.authority_key.write_text("cut off by a crash")
    made = initialise_tls(files, "寻乌县局", places, 397, now)
    assert load_authority(files).certificate == made.authority


def test_another_authoritys_certificate_is_replaced(
    files: OwnFiles, made: Standing, places: Places, now: datetime
) -> None:
    files.authority_certificate.unlink()
    again = initialise_tls(files, "寻乌县局", places, 397, now)
    assert again.is_new_authority
    again.certificate.verify_directly_issued_by(again.authority)


def test_without_an_authority_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TlsFault) as refusal:
        standing(OwnFiles(tmp_path))
    assert refusal.value.code == "tls-none"
    assert "gi-server tls init" in refusal.value.message.zh


@pytest.mark.parametrize("name", ["", "a_b", "-a", "a..b", "地标", "10.0.0.1", "a b"])
def test_what_is_no_host_name_is_refused_by_its_words(name: str) -> None:
    with pytest.raises(TlsFault) as refusal:
        read_places([name], [])
    assert refusal.value.code == "tls-name"


@pytest.mark.parametrize("address", ["", "gi.lan", "0.0.0.0", "::", "224.0.0.1"])
def test_what_is_no_machines_address_is_refused(address: str) -> None:
    with pytest.raises(TlsFault) as refusal:
        read_places([], [address])
    assert refusal.value.code == "tls-address"


def test_what_this_machine_proposes_can_be_certified(now: datetime) -> None:
    here = places_here()
    assert all(not address.is_loopback for address in here.addresses)
    authority = make_authority("寻乌县局", here, now)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert places_of(make_certificate(authority, key, here, now)) == here


def test_the_address_for_devices_is_one_that_they_can_look_up() -> None:
    many = read_places(["bureau", "bureau.local", "gi.xunwu.cn"], ["fd00::1"])
    assert many.urls(8470) == [
        "https://gi.xunwu.cn:8470",
        "https://[fd00::1]:8470",
        "https://bureau:8470",
        "https://bureau.local:8470",
    ]
