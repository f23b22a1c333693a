"""Tokens: an hour's access for whoever holds the certificate's key."""

import pytest
from bureau_rig import Clock, Device, device_key, problem_of
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.bureau import Bureau
from server.database import writing
from server.tables import device
from sync.enrol import make_certificate, make_token, make_token_proof
from sync.keys import SigningKey


def challenge_for(http: FlaskClient, device_id: str) -> str:
    reply = http.post("/api/v1/devices/challenge", json={"device_id": device_id})
    assert reply.status_code == 200
    return str(reply.get_json()["challenge"])


def renew(tablet: Device, key: SigningKey | None = None) -> TestResponse:
    challenge = challenge_for(tablet.http, tablet.id)
    proof = make_token_proof(
        key or tablet.key, challenge=challenge, device_id=tablet.id
    )
    asked = {"certificate": tablet.reply["certificate"], "proof": proof}
    return tablet.http.post("/api/v1/devices/token", json=asked)


def test_a_token_ends_after_an_hour_and_is_renewed_by_signature(
    tablet: Device, clock: Clock
) -> None:
    assert tablet.get("/api/v1/reference").status_code == 200
    clock.forward(minutes=60)
    expired = tablet.get("/api/v1/reference")
    assert expired.status_code == 401
    assert problem_of(expired) == "token-expired"
    assert expired.headers["WWW-Authenticate"] == "Bearer"
    renewed = renew(tablet)
    assert renewed.status_code == 200
    tablet.reply = {**tablet.reply, **renewed.get_json()}
    assert tablet.get("/api/v1/reference").status_code == 200


def test_another_key_gets_no_token(tablet: Device) -> None:
    assert problem_of(renew(tablet, device_key(2))) == "proof-invalid"


def test_a_challenge_is_good_for_two_minutes(tablet: Device, clock: Clock) -> None:
    challenge = challenge_for(tablet.http, tablet.id)
    clock.forward(minutes=2)
    proof = make_token_proof(tablet.key, challenge=challenge, device_id=tablet.id)
    asked = {"certificate": tablet.reply["certificate"], "proof": proof}
    late = tablet.http.post("/api/v1/devices/token", json=asked)
    assert late.status_code == 403
    assert problem_of(late) == "challenge-invalid"


def test_a_certificate_by_another_server_is_not_taken(
    tablet: Device, clock: Clock
) -> None:
    forged = make_certificate(
        device_key(9),
        device_id=tablet.id,
        unit_code="360734",
        unit_name="寻乌县",
        officers=[],
        jwk=tablet.key.public_jwk,
        issued_at=clock(),
        epoch=1,
    )
    proof = make_token_proof(
        tablet.key,
        challenge=challenge_for(tablet.http, tablet.id),
        device_id=tablet.id,
    )
    reply = tablet.http.post(
        "/api/v1/devices/token", json={"certificate": forged, "proof": proof}
    )
    assert problem_of(reply) == "certificate-invalid"


def test_a_device_that_a_restored_database_forgot_still_signs_in(
    tablet: Device, bureau: Bureau
) -> None:
    """Lesson 10: its certificate is ours, and its records must get in."""
    with writing(bureau.engine) as connection:
        connection.exec_driver_sql("DELETE FROM enrolment_code")
        connection.execute(device.delete())
    assert renew(tablet).status_code == 200


def test_a_revoked_device_still_signs_in_so_that_its_evidence_arrives(
    tablet: Device, bureau: Bureau
) -> None:
    """Lesson 11: quarantined, not lost."""
    with writing(bureau.engine) as connection:
        connection.execute(device.update().values(state="revoked"))
    assert renew(tablet).status_code == 200


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "token-missing"),
        ({"Authorization": "Basic YTpi"}, "token-missing"),
        ({"Authorization": "Bearer "}, "token-missing"),
        ({"Authorization": "Bearer a.b.c"}, "token-invalid"),
        ({"Authorization": "Bearer 令牌".encode().decode("latin-1")}, "token-invalid"),
    ],
)
def test_without_a_good_token_the_device_api_says_which_is_wrong(
    http: FlaskClient, header: dict[str, str], code: str
) -> None:
    reply = http.get("/api/v1/reference", headers=header)
    assert reply.status_code == 401
    assert problem_of(reply) == code


def test_a_token_signed_by_somebody_else_is_not_taken(
    tablet: Device, clock: Clock
) -> None:
    forged = make_token(
        tablet.key, device_id=tablet.id, expires_at=clock().replace(year=2030)
    )
    reply = tablet.http.get(
        "/api/v1/reference", headers={"Authorization": f"Bearer {forged}"}
    )
    assert problem_of(reply) == "token-invalid"


def test_a_certificate_is_no_token(tablet: Device) -> None:
    reply = tablet.http.get(
        "/api/v1/reference",
        headers={"Authorization": f"Bearer {tablet.reply['certificate']}"},
    )
    assert problem_of(reply) == "token-invalid"
