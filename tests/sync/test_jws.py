"""Signatures: made and checked as RFC 7515 has them, and by nobody else's rules."""

import pytest
from contract.sealing import key_of
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws as second_jws
from joserfc.jwk import ECKey

from sync.errors import (
    BadSignature,
    MalformedDocument,
    MalformedJws,
    ProtocolError,
    UnsupportedKey,
)
from sync.jws import (
    _read_header_once,
    canonical_json,
    compact,
    decode,
    encode,
    open_document,
    parse,
    read_object,
    sign_document,
)
from sync.keys import SigningKey, VerifyingKey

KEY = key_of("device")
ED = SigningKey.from_random(b"e" * 48, "EdDSA")


@given(st.binary(max_size=300))
def test_base64url_goes_there_and_back(data: bytes) -> None:
    assert decode(encode(data).encode()) == data


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_a_jws_or_malformed_and_nothing_else(text: str | bytes) -> None:
    try:
        parse(text)
    except MalformedJws:
        return
    assert b"." in (text if isinstance(text, bytes) else text.encode())


@pytest.mark.parametrize("key", [KEY, ED], ids=["ES256", "EdDSA"])
def test_what_a_key_signs_it_verifies(key: SigningKey) -> None:
    jws = parse(compact({"typ": "t"}, b"payload", key))
    assert key.verifying_key.verify(jws)
    assert jws.payload == b"payload"
    assert VerifyingKey.from_jwk(key.public_jwk).verify(jws)


def test_a_second_implementation_signs_what_we_verify() -> None:
    theirs = ECKey.import_key(KEY.to_pem())
    text = second_jws.serialize_compact({"alg": "ES256"}, b"payload", theirs)
    assert KEY.verifying_key.verify(parse(text))


def test_the_same_bytes_get_the_same_signature() -> None:
    """RFC 6979: sealing is a function of its arguments."""
    assert compact({}, b"x", KEY) == compact({}, b"x", KEY)


def test_one_flipped_bit_anywhere_is_found() -> None:
    text = compact({"kid": "d"}, b'{"a":1}', KEY)
    jws = parse(text)
    for index in (0, 20, 40, len(jws.signing_input) - 1):
        altered = bytearray(jws.signing_input)
        altered[index] ^= 1
        assert not KEY.verifying_key.verify(jws._replace(signing_input=bytes(altered)))
    for index in (0, 31, 32, 63):
        signature = bytearray(jws.signature)
        signature[index] ^= 1
        assert not KEY.verifying_key.verify(jws._replace(signature=bytes(signature)))


def test_the_text_can_be_had_again() -> None:
    text = compact({"kid": "d"}, b"{}", KEY)
    assert parse(text).compact == text
    assert parse(text.encode()).compact == text


def test_a_key_survives_its_pem() -> None:
    for key in (KEY, ED):
        again = SigningKey.from_pem(key.to_pem())
        assert again.thumbprint == key.thumbprint
        assert again.sign(b"x") == key.sign(b"x")


def test_other_keys_are_refused() -> None:
    p384 = ec.generate_private_key(ec.SECP384R1())
    pem = p384.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    for bad in (pem, b"", b"no pem"):
        with pytest.raises(UnsupportedKey):
            SigningKey.from_pem(bad)
    off_curve = {**KEY.public_jwk, "x": KEY.public_jwk["y"]}
    short = {**KEY.public_jwk, "x": "AA"}
    for jwk in ({}, {"kty": "RSA", "crv": "P-256"}, off_curve, short, {"kty": "EC"},
                {"kty": "EC", "crv": "P-256", "x": 1, "y": 2}):  # fmt: skip
        with pytest.raises(UnsupportedKey):
            VerifyingKey.from_jwk(jwk)


def test_a_key_takes_enough_randomness() -> None:
    with pytest.raises(ValueError, match="48"):
        SigningKey.from_random(b"short")
    with pytest.raises(ValueError, match="RS256"):
        SigningKey.from_random(b"x" * 48, "RS256")


def test_a_document_is_opened_by_signer_and_type() -> None:
    text = sign_document({"a": 1}, "gi-x+jws", KEY)
    assert open_document(text, "gi-x+jws", KEY.verifying_key) == {"a": 1}
    with pytest.raises(BadSignature):
        open_document(text, "gi-x+jws", ED.verifying_key)
    with pytest.raises(MalformedDocument):
        open_document(text, "gi-y+jws", KEY.verifying_key)
    no_object = compact({"typ": "gi-x+jws"}, b"[1]", KEY)
    with pytest.raises(MalformedDocument):
        open_document(no_object, "gi-x+jws", KEY.verifying_key)


def test_canonical_json_has_no_nan() -> None:
    assert canonical_json({"b": 1, "a": "甲"}) == '{"a":"甲","b":1}'.encode()
    with pytest.raises(ValueError, match="JSON"):
        canonical_json({"a": float("nan")})


@pytest.mark.parametrize(
    "data",
    [b"", b"1", b"[]", b"NaN", b'{"a":-Infinity}', b'{"a":"\\ud800"}', b"\xff",
     b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_json_object_reads_as_none(data: bytes) -> None:
    assert read_object(data) is None


def test_surrogate_pairs_are_read() -> None:
    assert read_object(b'{"a":"\\ud83c\\udf4a"}') == {"a": "🍊"}


def test_every_refusal_has_a_code_and_words_in_two_languages() -> None:
    classes = [ProtocolError, *ProtocolError.__subclasses__()]
    assert len({kind.code for kind in classes}) == len(classes)
    for kind in classes:
        assert kind.code == kind.code.lower().replace("_", "-")
        assert kind.message.zh
        assert kind.message.en


SMALL_ORDER = ("00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f")


@pytest.mark.parametrize("point", [*SMALL_ORDER, "01" + "00" * 30 + "80"])
def test_a_key_that_anybody_can_sign_for_is_no_key(point: str) -> None:
    """Under a point of small order one signature fits many texts (RFC 8032, 8.9)."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encode(bytes.fromhex(point))}
    with pytest.raises(UnsupportedKey):
        VerifyingKey.from_jwk(jwk)


def test_headers_that_only_fill_the_memory_are_not_remembered() -> None:
    """Anybody may send 4,096 different ones."""
    _read_header_once.cache_clear()
    for number in range(20):
        header = canonical_json({"alg": "ES256", "x": [[]] * 999, "n": number})
        parse(f"{encode(header)}.e30.e30")
    assert _read_header_once.cache_info().currsize == 0
    for _ in range(2):
        parse(f"{encode(canonical_json({'alg': 'ES256', 'kid': 'd1'}))}.e30.e30")
    assert _read_header_once.cache_info().hits == 1


def test_a_number_beyond_any_float_is_no_json() -> None:
    """1e999 would be infinity here, and an error in the next decoder."""
    assert read_object(b'{"a": 1e999}') is None
    assert read_object(b'{"a": -1e999}') is None
    assert read_object(b'{"a": 1e308}') == {"a": 1e308}
