"""The pair that ``gi-server run`` serves with: refused in words if unfit."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from server.errors import TlsFault
from server.serving import require_plain
from server.settings import Settings
from server.tls.files import OwnFiles, is_served_over_tls, serving_pair
from server.tls.own import Standing, renew_certificate
from server.tls.pair import require_pair
from server.tls.places import Places


def code_of(certificate: Path, key: Path, now: datetime) -> str:
    with pytest.raises(TlsFault) as refusal:
        require_pair(certificate, key, now)
    message = refusal.value.message
    assert message.zh != message.en
    return refusal.value.code


@pytest.fixture
def settings(files: OwnFiles) -> Settings:
    return Settings(home=files.folder.parents[1], database_url="sqlite://")


def test_a_good_pair_tells_when_it_ends(
    files: OwnFiles, made: Standing, now: datetime
) -> None:
    pair = require_pair(files.server, files.server, now)
    assert pair.certificate == made.certificate
    assert not pair.is_ending(now)
    assert pair.is_ending(now + timedelta(days=370))


def test_a_key_that_others_can_read_is_refused(
    files: OwnFiles, made: Standing, now: datetime
) -> None:
    for mode in (0o640, 0o604, 0o620):
        files.server.chmod(mode)
        assert code_of(files.server, files.server, now) == "tls-key-exposed"


def test_a_key_of_another_certificate_is_refused(
    files: OwnFiles, made: Standing, now: datetime
) -> None:
    assert code_of(files.server, files.authority_key, now) == "tls-mismatch"


def test_out_of_its_time_it_is_refused(
    files: OwnFiles, made: Standing, now: datetime
) -> None:
    own = files.server
    assert code_of(own, own, now + timedelta(days=397)) == "tls-expired"
    assert code_of(own, own, now - timedelta(days=2)) == "tls-not-yet"


def test_what_cannot_be_read_is_named(
    files: OwnFiles, made: Standing, now: datetime, tmp_path: Path
) -> None:
    nothing, noise = tmp_path / "nothing.pem", tmp_path / "noise.pem"
    noise.write_bytes(b"\x00\xff")
    noise.chmod(0o600)
    for certificate, key in (
        (nothing, files.server),
        (files.server, nothing),
        (noise, files.server),
        (files.server, noise),
        (files.server, files.authority_certificate),
    ):
        assert code_of(certificate, key, now) == "tls-unreadable"


def test_the_own_pair_is_taken_unless_another_is_set_or_tls_is_off(
    files: OwnFiles, made: Standing, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    own = serving_pair(settings, now)
    assert own is not None
    assert own.certificate_path == files.server
    other = tmp_path / "other.crt"
    other.write_bytes(made.certificate.public_bytes(Encoding.PEM))
    named = replace(settings, tls_cert=str(other), tls_key=str(files.server))
    taken = serving_pair(named, now)
    assert taken is not None
    assert taken.certificate_path == other
    for each in (settings, named):
        assert is_served_over_tls(each)
        off = replace(each, tls=False)
        assert serving_pair(off, now) is None
        assert not is_served_over_tls(off)


def test_without_any_certificate_it_speaks_http(
    settings: Settings, now: datetime
) -> None:
    assert serving_pair(settings, now) is None
    assert not is_served_over_tls(settings)


@pytest.mark.parametrize("half", ["tls_cert", "tls_key"])
def test_half_a_pair_is_refused(settings: Settings, now: datetime, half: str) -> None:
    with pytest.raises(TlsFault) as refusal:
        serving_pair(replace(settings, **{half: "server.pem"}), now)
    assert refusal.value.code == "tls-half-set"


def test_on_windows_it_says_that_a_proxy_is_needed(
    files: OwnFiles, made: Standing, now: datetime
) -> None:
    with pytest.raises(TlsFault) as refusal:
        require_plain(require_pair(files.server, files.server, now))
    assert refusal.value.code == "tls-not-on-windows"
    assert "--no-tls" in refusal.value.message.zh
    require_plain(None)


def test_renewing_replaces_key_and_certificate_as_one(
    files: OwnFiles, made: Standing, places: Places, now: datetime
) -> None:
    renew_certificate(files, places, 30, now)
    assert require_pair(files.server, files.server, now).certificate != made.certificate
