"""The vector files: current, true of this implementation, and of a second one."""

import base64
import hashlib
import json
from typing import Any

import orjson
import pytest
from contract.memory_rigs import MemoryLedgerRig
from contract.scenarios import Scenario, scenarios
from contract.sealing import NOW
from contract.vectors import FOLDER, documents, render
from joserfc import jws as second_jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from sync.backoff import delay_s
from sync.clock import acted_on
from sync.enrol import check_proof, code_hash, new_code, open_certificate, read_qr_text
from sync.errors import MalformedJws, StaleManifest
from sync.ingest import ingest
from sync.jws import parse, record_hash, thumbprint
from sync.keys import VerifyingKey
from sync.ledger_port import DeviceStanding, DeviceState
from sync.parts import missing, part_count, part_range
from sync.receipt import open_blob_receipt, open_receipt
from sync.record import open_record
from sync.reference import open_manifest


def load(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def cases(name: str, part: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in load(name)[part]]


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_files_are_current(name: str) -> None:
    """``python -m contract.vectors`` in tests/ writes them anew."""
    assert (FOLDER / name).read_text(encoding="utf-8") == render(documents()[name])


def test_there_is_no_file_that_nothing_makes() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(documents())


@pytest.mark.parametrize("case", cases("jws", "verify"))
def test_signatures_verify_as_the_vectors_say(case: dict[str, Any]) -> None:
    jws = parse(case["compact"])
    assert VerifyingKey.from_jwk(case["jwk"]).verify(jws) is case["is_valid"]
    assert record_hash(jws.signing_input) == case["hash"]


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # RFC 9864 renames it
@pytest.mark.parametrize("case", cases("jws", "verify"))
def test_a_second_implementation_agrees_on_every_signature(
    case: dict[str, Any],
) -> None:
    assert second_opinion(case["compact"], case["jwk"]) is case["is_valid"]
    signing_input = case["compact"].rpartition(".")[0].encode()
    assert hashlib.sha256(signing_input).hexdigest() == case["hash"]


def second_opinion(compact: str, jwk: dict[str, str]) -> bool:
    key = (ECKey if jwk["kty"] == "EC" else OKPKey).import_key(jwk)
    try:
        second_jws.deserialize_compact(compact, key, algorithms=["ES256", "EdDSA"])
    except (JoseError, ValueError):
        return False
    return True


def test_a_malleated_signature_is_the_same_record() -> None:
    """(r, n - s) verifies too, so the signature is no part of the identity."""
    good, malleated = load("jws")["verify"][:2]
    assert good["compact"] != malleated["compact"]
    assert good["is_valid"]
    assert malleated["is_valid"]
    assert good["hash"] == malleated["hash"]


@pytest.mark.parametrize("case", cases("jws", "malformed"))
def test_what_is_malformed_is_refused_unread(case: dict[str, Any]) -> None:
    with pytest.raises(MalformedJws):
        parse(case["compact"])


def test_thumbprints_agree_with_a_second_implementation() -> None:
    for case in load("jws")["thumbprints"]:
        kind = ECKey if case["jwk"]["kty"] == "EC" else OKPKey
        assert thumbprint(case["jwk"]) == case["thumbprint"]
        assert kind.import_key(case["jwk"]).thumbprint() == case["thumbprint"]


def test_the_chain_links_by_hash() -> None:
    vectors = load("records")
    prev = None
    for seq, link in enumerate(vectors["chain"], start=1):
        opened = open_record(link["compact"])
        assert opened.envelope_fault is None
        assert opened.payload == link["payload"]
        assert (opened.seq, opened.prev, opened.hash) == (seq, prev, link["hash"])
        assert second_opinion(link["compact"], vectors["jwk"])
        prev = link["hash"]


@pytest.mark.parametrize("loads", [None, orjson.loads], ids=["json", "orjson"])
@pytest.mark.parametrize("case", cases("records", "unreadable"))
def test_what_cannot_be_read_is_filed_and_said(
    case: dict[str, Any], loads: Any
) -> None:
    opened = open_record(case["compact"], loads=loads)
    assert opened.envelope_fault is not None
    assert (opened.id, opened.hash) == (case["filed_under"], case["hash"])
    assert opened.envelope_fault.field == case["field"]
    assert opened.envelope_fault.code == case["code"]


def test_receipts_cover_what_the_vectors_say() -> None:
    vectors = load("receipts")
    key = VerifyingKey.from_jwk(vectors["server_jwk"])
    receipt = open_receipt(vectors["receipt"], key, "device-x")
    assert all(receipt.covers(*pair) for pair in vectors["covers"])
    assert not any(receipt.covers(*pair) for pair in vectors["covers_not"])
    assert second_payload(vectors["receipt"]) == vectors["payload"]
    assert open_blob_receipt(vectors["blob_receipt"], key).bytes == 2_500_000
    assert second_payload(vectors["blob_receipt"]) == vectors["blob_payload"]


def second_payload(compact: str) -> Any:
    segment = compact.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))


def test_enrolment_reads_as_the_vectors_say() -> None:
    vectors = load("enrolment")
    server = VerifyingKey.from_jwk(vectors["server_jwk"])
    assert new_code(bytes.fromhex(vectors["random_bytes"])) == vectors["code"]
    assert {code_hash(text) for text in vectors["typed"]} == {vectors["code_sha256"]}
    for typed in vectors["typed"]:
        check_proof(
            vectors["proof"],
            code=typed,
            jwk=vectors["device_jwk"],
            server_thumbprint=server.thumbprint,
        )
    certificate = open_certificate(vectors["certificate"], server)
    assert certificate.jwk == vectors["device_jwk"]
    assert read_qr_text(vectors["qr_text"]).thumbprint == server.thumbprint


def test_a_manifest_is_taken_unless_it_is_older() -> None:
    vectors = load("reference")
    key = VerifyingKey.from_jwk(vectors["server_jwk"])
    for held in vectors["taken_when_held"]:
        assert open_manifest(vectors["manifest"], key, held).serial == 4
    for held in vectors["stale_when_held"]:
        with pytest.raises(StaleManifest):
            open_manifest(vectors["manifest"], key, held)


@pytest.mark.parametrize("scenario", list(scenarios()), ids=lambda s: s.name)
def test_the_ledger_decides_as_the_scenarios_say(scenario: Scenario) -> None:
    rig = MemoryLedgerRig()
    for device in scenario.devices:
        known = {name: value for name, value in device.items() if name != "jwk"}
        known["state"] = DeviceState(known["state"])
        rig.set_device(DeviceStanding(**known))
    for batch, outcomes in zip(scenario.batches, scenario.outcomes, strict=True):
        candidates = scenario.candidates(batch)
        with rig.transaction() as ledger:
            result = ingest(candidates, ledger, now=NOW, receipt_id="r1")
        assert [str(item.outcome) for item in result.items] == outcomes
    stood = {row.hash: str(row.standing) for row in rig.rows()}
    by_name = {n: stood.get(r.hash) for n, r in scenario.records.items()}
    assert {n: s for n, s in by_name.items() if s} == scenario.standings


def test_waiting_is_as_the_vectors_say() -> None:
    for case in load("backoff")["cases"]:
        delay = delay_s(case["attempt"], case["random_unit"], case["retry_after_s"])
        assert delay == pytest.approx(case["delay_s"])


def test_parts_are_as_the_vectors_say() -> None:
    vectors = load("parts")
    for case in vectors["cases"]:
        count = part_count(case["bytes"])
        ranges = [list(part_range(n, case["bytes"])) for n in range(count)]
        assert ranges == case["ranges"]
    for case in vectors["missing"]:
        assert missing(case["held"], case["bytes"]) == case["missing"]


def test_the_day_of_the_act_is_as_the_vectors_say() -> None:
    for case in load("clock")["cases"]:
        assert acted_on(case["payload"]).isoformat() == case["acted_on"]
