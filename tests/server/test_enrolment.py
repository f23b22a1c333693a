"""Enrolment: a one-time code lets one key in, and nobody else."""

import json
from datetime import timedelta

import sqlalchemy as sa
from bureau_rig import (
    OFFICERS,
    Clock,
    Device,
    device_key,
    new_code,
    offer,
    problem_of,
    proof_of,
)
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.bureau import Bureau
from server.database import reading, writing
from server.enrolment import issue_code
from server.guesses import MAX_WRONG_CODES
from server.tables import device, enrolment_code
from sync.enrol import code_hash, open_certificate
from sync.keys import SigningKey


def devices_of(bureau: Bureau) -> int:
    with reading(bureau.engine) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(device)) or 0


def test_a_code_becomes_a_device_with_a_certificate_of_its_key(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    key = device_key(1)
    reply = offer(any_http, any_bureau, key, new_code(any_bureau))
    assert reply.status_code == 201
    given = reply.get_json()
    certificate = open_certificate(given["certificate"], any_bureau.key.verifying_key)
    assert certificate.device_id == given["device_id"]
    assert certificate.jwk == key.public_jwk
    assert certificate.officers == OFFICERS
    assert given["unit"] == {"code": "360734", "name": "寻乌县"}
    assert given["officers"] == list(OFFICERS)
    assert given["server_jwk"] == any_bureau.key.public_jwk
    assert given["epoch"] == certificate.epoch == 1


def test_a_lost_reply_is_answered_again_with_the_same_device(
    any_http: FlaskClient, any_bureau: Bureau, clock: Clock
) -> None:
    """Lesson 1: the reply is lost after the commit; here even for half an hour."""
    key, code = device_key(1), new_code(any_bureau)
    first = offer(any_http, any_bureau, key, code)
    clock.forward(minutes=30)
    again = offer(any_http, any_bureau, key, code)
    assert (first.status_code, again.status_code) == (201, 200)
    same = ("device_id", "certificate", "unit", "officers", "epoch")
    assert [again.get_json()[name] for name in same] == [
        first.get_json()[name] for name in same
    ]
    assert devices_of(any_bureau) == 1


def test_a_code_is_good_for_one_key_only(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    code = new_code(any_bureau)
    offer(any_http, any_bureau, device_key(1), code)
    second = offer(any_http, any_bureau, device_key(2), code)
    assert second.status_code == 409
    assert problem_of(second) == "code-used"
    assert "若不是您所为，请立即报告" in second.get_json()["zh"]["detail"]
    assert devices_of(any_bureau) == 1


def test_a_code_is_good_for_fifteen_minutes(
    http: FlaskClient, bureau: Bureau, clock: Clock
) -> None:
    issued = issue_code(bureau, "360734", OFFICERS)
    assert issued.expires_at == "2023-12-02T02:35:00.000Z"
    clock.forward(minutes=15)
    late = offer(http, bureau, device_key(1), issued.code)
    assert late.status_code == 410
    assert problem_of(late) == "code-expired"
    assert "ask the bureau for a new one" in late.get_json()["detail"]
    assert "请向市局要新码" in late.get_json()["zh"]["detail"]


def test_a_code_read_over_the_telephone_is_understood(
    http: FlaskClient, bureau: Bureau
) -> None:
    code = new_code(bureau)
    heard = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert offer(http, bureau, device_key(1), heard).status_code == 201


def test_the_database_does_not_hold_the_code_itself(bureau: Bureau) -> None:
    code = new_code(bureau)
    with reading(bureau.engine) as connection:
        row = connection.execute(sa.select(enrolment_code)).mappings().one()
    assert row["code_hash"] == code_hash(code)
    assert code not in json.dumps(dict(row))


def test_a_proof_by_another_key_lets_nobody_in(
    http: FlaskClient, bureau: Bureau
) -> None:
    code = new_code(bureau)
    stolen = offer(
        http,
        bureau,
        device_key(1),
        code,
        proof=proof_of(bureau, device_key(2), code),
    )
    assert stolen.status_code == 403
    assert problem_of(stolen) == "proof-invalid"
    assert offer(http, bureau, device_key(1), code).status_code == 201


def test_a_proof_for_another_code_is_not_taken(
    http: FlaskClient, bureau: Bureau
) -> None:
    code, other = new_code(bureau), new_code(bureau)
    key = device_key(1)
    reply = offer(http, bureau, key, code, proof=proof_of(bureau, key, other))
    assert problem_of(reply) == "proof-invalid"


def test_a_key_of_another_kind_is_refused_in_words(
    http: FlaskClient, bureau: Bureau
) -> None:
    jwk = {"kty": "RSA", "n": "AQAB", "e": "AQAB"}
    reply = offer(http, bureau, device_key(1), new_code(bureau), jwk=jwk)
    assert reply.status_code == 422
    assert problem_of(reply) == "key-unsupported"


def test_an_ed25519_key_enrols_too(http: FlaskClient, bureau: Bureau) -> None:
    key = SigningKey.from_random(bytes(48), "EdDSA")
    assert offer(http, bureau, key, new_code(bureau)).status_code == 201


def test_one_key_is_never_two_devices(http: FlaskClient, bureau: Bureau) -> None:
    Device.enrol(http, bureau)
    again = offer(http, bureau, device_key(1), new_code(bureau))
    assert again.status_code == 409
    assert problem_of(again) == "key-enrolled"


def test_a_revoked_device_does_not_come_back_by_its_old_code(
    http: FlaskClient, bureau: Bureau
) -> None:
    code = new_code(bureau)
    offer(http, bureau, device_key(1), code)
    with writing(bureau.engine) as connection:
        connection.execute(device.update().values(state="revoked"))
    assert problem_of(offer(http, bureau, device_key(1), code)) == "device-revoked"


def test_guessing_codes_is_locked_out_and_the_lock_outlives_the_process(
    any_http: FlaskClient, any_bureau: Bureau, clock: Clock
) -> None:
    good = new_code(any_bureau)
    for guess in range(MAX_WRONG_CODES):
        wrong = offer(any_http, any_bureau, device_key(1), f"0000-{guess:04}")
        assert problem_of(wrong) == "code-unknown"
    locked = offer(any_http, any_bureau, device_key(1), good)
    assert locked.status_code == 429
    assert problem_of(locked) == "too-many-guesses"
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60 + 1
    elsewhere = any_http.post(
        "/api/v1/devices",
        json={
            "code": good,
            "jwk": device_key(2).public_jwk,
            "proof": proof_of(any_bureau, device_key(2), good),
        },
        environ_base={"REMOTE_ADDR": "10.1.2.3"},
    )
    assert elsewhere.status_code == 201


def test_the_lock_out_ends_with_its_window(
    http: FlaskClient, bureau: Bureau, clock: Clock
) -> None:
    for guess in range(MAX_WRONG_CODES):
        offer(http, bureau, device_key(1), f"0000-{guess:04}")
    clock.forward(minutes=15, seconds=1)
    assert offer(http, bureau, device_key(1), new_code(bureau)).status_code == 201


def test_an_address_is_one_guesser_however_many_ipv6_numbers_it_has(
    http: FlaskClient, bureau: Bureau
) -> None:
    for guess in range(MAX_WRONG_CODES + 1):
        last = guess_from(http, bureau, guess, f"2001:db8::{guess:x}")
    assert problem_of(last) == "too-many-guesses"


def test_codes_have_forty_bits_and_do_not_repeat(bureau: Bureau) -> None:
    codes = {new_code(bureau) for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code.replace("-", "")) * 5 == 40 for code in codes)
    assert timedelta(minutes=bureau.settings.code_minutes) == timedelta(minutes=15)


def test_one_ipv4_guesser_on_a_socket_for_both_families_locks_out_no_other(
    http: FlaskClient, bureau: Bureau
) -> None:
    """``::ffff:a.b.c.d`` lies in one /64 for the whole of IPv4."""
    for guess in range(MAX_WRONG_CODES + 1):
        guessed = guess_from(http, bureau, guess, "::ffff:203.0.113.7")
    assert problem_of(guessed) == "too-many-guesses"
    other = guess_from(http, bureau, 0, "::ffff:203.0.113.8")
    assert problem_of(other) == "code-unknown"


def guess_from(
    http: FlaskClient, bureau: Bureau, guess: int, address: str
) -> TestResponse:
    code = f"0000-{guess:04}"
    asked = {
        "code": code,
        "jwk": device_key(1).public_jwk,
        "proof": proof_of(bureau, device_key(1), code),
    }
    environ = {"REMOTE_ADDR": address}
    return http.post("/api/v1/devices", json=asked, environ_base=environ)
