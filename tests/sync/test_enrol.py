"""Enrolment: a code, a proof, a certificate, and tokens that no wrong clock breaks."""

from datetime import timedelta

import pytest
from contract.sealing import NOW, key_of
from hypothesis import given
from hypothesis import strategies as st

from sync.enrol import (
    CHALLENGE_LIFETIME,
    Invitation,
    check_proof,
    check_token_proof,
    code_hash,
    make_certificate,
    make_challenge,
    make_proof,
    make_token,
    make_token_proof,
    new_code,
    open_certificate,
    open_token,
    qr_text,
    read_qr_text,
)
from sync.errors import BadSignature, Expired, MalformedDocument, WrongAudience
from sync.jws import sign_document

SERVER, DEVICE, OTHER = key_of("server"), key_of("device"), key_of("other")


@given(st.binary(min_size=5, max_size=5))
def test_a_code_is_eight_letters_that_cannot_be_misread(random_bytes: bytes) -> None:
    code = new_code(random_bytes)
    assert len(code) == 9
    assert code[4] == "-"
    assert not set(code) & set("ILOU")
    assert code_hash(code) == code_hash(code.lower().replace("0", "o"))


def test_different_bytes_give_different_codes() -> None:
    codes = {new_code(number.to_bytes(5, "big")) for number in range(0, 2**40, 2**31)}
    assert len(codes) == 2**9
    with pytest.raises(ValueError, match="five"):
        new_code(b"1234")


def test_a_proof_is_good_for_one_code_key_and_server() -> None:
    proof = make_proof(DEVICE, code="K7QF-3MZP", server_thumbprint=SERVER.thumbprint)

    def check(
        code: str = "k7qf3mzp", key: object = DEVICE, aud: object = SERVER
    ) -> str:
        return check_proof(
            proof,
            code=code,
            jwk=key.public_jwk,  # type: ignore[attr-defined]
            server_thumbprint=aud.thumbprint,  # type: ignore[attr-defined]
        ).thumbprint

    assert check() == DEVICE.thumbprint
    with pytest.raises(WrongAudience):
        check(code="K7QF-3MZ9")
    with pytest.raises(WrongAudience):
        check(aud=OTHER)
    with pytest.raises(BadSignature):
        check(key=OTHER)


def certificate() -> str:
    return make_certificate(
        SERVER,
        device_id="d1",
        unit_code="360734",
        unit_name="寻乌",
        officers=[{"name": "甲", "certificate_no": "1"}],
        jwk={**DEVICE.public_jwk, "d": "secret"},
        issued_at=NOW,
        epoch=2,
    )


def test_a_certificate_says_whose_key_it_is() -> None:
    opened = open_certificate(certificate(), SERVER.verifying_key)
    assert (opened.device_id, opened.unit_code, opened.epoch) == ("d1", "360734", 2)
    assert opened.jwk == DEVICE.public_jwk, "no private member passes through"
    with pytest.raises(BadSignature):
        open_certificate(certificate(), OTHER.verifying_key)
    text = sign_document({"v": 1}, "gi-device-cert+jws", SERVER)
    with pytest.raises(MalformedDocument):
        open_certificate(text, SERVER.verifying_key)


def test_a_token_holds_until_its_time() -> None:
    token = make_token(SERVER, device_id="d1", expires_at=NOW)
    key = SERVER.verifying_key
    assert open_token(token, key, NOW - timedelta(milliseconds=1)) == "d1"
    with pytest.raises(Expired):
        open_token(token, key, NOW)
    with pytest.raises(BadSignature):
        open_token(token, OTHER.verifying_key, NOW)
    with pytest.raises(MalformedDocument):
        open_token(certificate(), key, NOW)
    with pytest.raises(MalformedDocument):
        open_token(sign_document({}, "gi-token+jws", SERVER), key, NOW)


def challenge(device_id: str = "d1") -> str:
    return make_challenge(
        SERVER, device_id=device_id, random_bytes=b"x" * 16, issued_at=NOW
    )


def answered(text: str, device_id: str = "d1", age: timedelta = timedelta()) -> None:
    proof = make_token_proof(DEVICE, challenge=text, device_id=device_id)
    check_token_proof(
        proof,
        device_id="d1",
        device_key=DEVICE.verifying_key,
        server_key=SERVER.verifying_key,
        now=NOW + age,
    )


def test_a_challenge_is_answered_by_its_device_within_two_minutes() -> None:
    """Only the server's clock counts: the device's may be ten years off."""
    answered(challenge(), age=CHALLENGE_LIFETIME - timedelta(seconds=1))
    with pytest.raises(Expired):
        answered(challenge(), age=CHALLENGE_LIFETIME)
    with pytest.raises(WrongAudience):
        answered(challenge("d2"))
    with pytest.raises(WrongAudience):
        answered(challenge(), device_id="d2")
    own = make_challenge(DEVICE, device_id="d1", random_bytes=b"x", issued_at=NOW)
    with pytest.raises(BadSignature):
        answered(own)


def test_a_proof_without_a_challenge_is_refused() -> None:
    text = sign_document({"device_id": "d1"}, "gi-token-proof+jws", DEVICE)
    with pytest.raises(MalformedDocument):
        check_token_proof(
            text,
            device_id="d1",
            device_key=DEVICE.verifying_key,
            server_key=SERVER.verifying_key,
            now=NOW,
        )


def test_the_qr_code_names_server_code_and_key() -> None:
    text = qr_text("http://10.0.0.1:8000", "K7QF-3MZP", SERVER.thumbprint)
    assert read_qr_text(text) == Invitation(
        "http://10.0.0.1:8000", "K7QF-3MZP", SERVER.thumbprint
    )
    for other in ("", "https://example.org", "gi1 a b", "gi2 a b c"):
        with pytest.raises(MalformedDocument):
            read_qr_text(other)


@pytest.mark.parametrize("device_id", ["", "../../d1", "a b", "\x1b[2J", "a" * 65])
def test_a_device_id_is_a_name_that_can_stand_in_a_path(device_id: str) -> None:
    """The device names its key's file by it, the server the folder of its parts."""
    server, device = key_of("server"), key_of("d1")
    certificate = make_certificate(
        server,
        device_id=device_id,
        unit_code="360734",
        unit_name="寻乌县",
        officers=(),
        jwk=device.public_jwk,
        issued_at=NOW,
        epoch=1,
    )
    with pytest.raises(MalformedDocument):
        open_certificate(certificate, server.verifying_key)
