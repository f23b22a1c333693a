"""What a record may hold, and what the refusals say."""

import pytest

from schemas.examples import example
from schemas.messages import message
from schemas.record import accepts, explain, explain_input

LONG = "橙" * 100_000


def put(document, path, value):
    """Set what a path such as ``body.goods[0].quantity.value`` names."""
    *way, last = _steps(path)
    for step in way:
        document = document[step]
    document[last] = value


def _steps(path):
    for part in path.replace("]", "").replace("[", ".").split("."):
        yield int(part) if part.isdigit() else part


def test_the_xunwu_case_is_accepted(record):
    assert explain(record) == []
    assert accepts(record)


def test_a_record_with_every_optional_part_is_accepted(full_record):
    assert explain(full_record) == []
    assert accepts(full_record)


def test_a_withdrawal_needs_a_reason_and_a_target(record):
    record |= {"kind": "withdrawal", "body": {"reason": "重复录入"}, "blobs": []}
    record |= {"amends": "018c2824-1a40-7c1e-9b62-2f1d3a4b5c60"}
    assert explain(record) == []
    record["body"] = {"reason": "　 \n"}
    assert [fault.field for fault in explain(record)] == ["reason"]
    record |= {"body": {"reason": "x"}, "amends": None}
    assert [fault.field for fault in explain(record)] == ["amends"]


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        ("v", 2, "v", "number-out-of-range"),
        ("id", "1", "id", "record-id-malformed"),
        (
            "id",
            "018c2824-1a40-4c1e-9b62-2f1d3a4b5c6d",
            "id",
            "record-id-malformed",
        ),
        ("seq", 0, "seq", "number-out-of-range"),
        ("seq", 1.0, "seq", "not-an-integer"),
        ("seq", 2, "prev", "prev-misfit"),
        ("prev", "a" * 64, "prev", "prev-misfit"),
        ("prev", "A" * 64, "prev", "sha256-malformed"),
        ("kind", "amendment", "amends", "null"),
        ("amends", "a/b", "amends", "record-id-malformed"),
        ("kind", "note", "kind", "kind-unknown"),
        ("kind", None, "kind", "kind-unknown"),
        (
            "amends",
            "018c2824-1a40-7c1e-9b62-2f1d3a4b5c6f",
            "amends",
            "amends-misfit",
        ),
        ("sealed_at", "2023-12-02T10:20:00", "sealed_at", "time-not-aware"),
        ("clock.offset_source", None, "clock.offset_source", "offset-source-missing"),
        ("signature", "x", "signature", "unknown-field"),
        ("blobs", [], "evidence[0].sha256", "blob-missing"),
        ("blobs[0].bytes", 5, "evidence[0].sha256", "blob-missing"),
        ("blobs[0].bytes", 1000.0, "blobs[0].bytes", "not-an-integer"),
        ("body.evidence[0].bytes", 1000.0, "evidence[0].bytes", "not-an-integer"),
        ("blobs[0].bytes", 2**30, "blobs[0].bytes", "number-out-of-range"),
    ],
)
def test_a_faulty_envelope_is_refused_by_field_and_reason(
    record, path, value, field, code
):
    put(record, path, value)
    assert (field, code) in [(fault.field, fault.code) for fault in explain(record)]
    assert not accepts(record)


@pytest.mark.parametrize(
    ("path", "value", "field", "code"),
    [
        ("observed_at", "2023-12-02T10:20:00", None, "time-not-aware"),
        ("observed_at", "2023-02-29T10:20:00+08:00", None, "time-not-aware"),
        ("observed_at", 1701483600, None, "not-a-text"),
        ("unit_code", "360799", None, "unit-unknown"),
        ("officers", [], None, "list-too-short"),
        ("officers[1].certificate_no", "", None, "text-empty"),
        ("officers[1].name", "乙\u0000", None, "text-unfit"),
        ("officers[1].name", "乙\ud800", None, "text-unfit"),
        ("officers[1].name", " 　 ", None, "text-unfit"),
        ("officers[1].id_number", "36", None, "unknown-field"),
        ("campaign", "", None, "text-empty"),
        ("goods[0].product", "脐橙", None, "slug-malformed"),
        ("site.premises_type", "castle", None, "not-a-choice"),
        ("site.fix", None, None, "fix-missing"),
        ("site.no_fix_reason", "室内", None, "reason-beside-fix"),
        ("site.fix.datum", "EPSG:4326", None, "datum-unknown"),
        ("site.fix.lat_deg", 115.0, None, "latitude-out-of-range"),
        ("site.fix.lon_deg", "115.65", None, "not-a-number"),
        ("site.fix.lon_deg", float("nan"), None, "not-a-number"),
        ("site.fix.lon_deg", float("inf"), None, "not-a-number"),
        ("site.fix.lon_deg", True, None, "not-a-number"),
        ("site.fix.radius95_m", -1, None, "radius-not-positive"),
        ("site.fix.is_mock", "no", None, "not-a-flag"),
        ("site.fix.speed", 3, None, "unknown-field"),
        ("party.uscc", "91360734MA35F6UN0X", None, "uscc-check-digit"),
        ("party.uscc", "91360734ma35f6un0y", None, "uscc-malformed"),
        ("party.id_document_jwe", "360734199001011234", None, None),
        ("goods[0].quantity.value", 360000, None, "not-a-text"),
        ("goods[0].quantity.value", "3.6e5", None, "decimal-malformed"),
        ("goods[0].quantity.value", "-1", None, "decimal-malformed"),
        ("goods[0].quantity.value", "１２", None, "decimal-malformed"),
        ("goods[0].quantity.unit", "lb", None, "not-a-choice"),
        ("goods[0].unit_price_fen", 2.5, None, "not-a-whole-number"),
        ("goods[0].unit_price_fen", -1, None, "number-out-of-range"),
        ("goods[0].unit_price_fen", 10**30, None, "number-out-of-range"),
        ("goods[0].rights", ["a", "a"], None, "list-repeats-itself"),
        ("goods[0].rights", "gannan-navel-orange", None, "not-a-list"),
        ("goods[0].claims", ["none", "cert_mark"], None, "claim-none-among-others"),
        ("goods[0].declared_origin", {}, None, "origin-empty"),
        ("goods[0].declared_origin.admin_code", "36073", None, "admin-code-malformed"),
        ("goods[0].evidenced_origins[0].share", 0, None, "share-out-of-range"),
        ("goods[0].evidenced_origins[0].share", 1.01, None, "share-out-of-range"),
        ("goods", [1], "goods[0]", "not-an-object"),
        ("violations", [], None, "list-too-short"),
        ("violations[0].code", "TM-999", None, "code-unknown"),
        (
            "violations[0].goods",
            ["g1", "g9"],
            "violations[0].goods[1]",
            "lot-unknown",
        ),
        ("violations[0].id", "v 1", None, "id-malformed"),
        ("violations[0].evidence", ["e9"], "violations[0].evidence[0]", None),
        ("evidence[0].sha256", "zz", None, "sha256-malformed"),
        ("evidence[0].file_name", "../photo.jpg", None, "file-name-malformed"),
        ("evidence[0].bytes", 0, None, "number-out-of-range"),
        ("evidence[0].path", "photo1.jpg", None, "unknown-field"),
        ("note", LONG, None, "text-too-long"),
        ("synthetic", "false", None, "not-a-flag"),
        ("area_versions.赣南", {}, None, "key-malformed"),
        ("amendment", {"kind": "correction"}, None, "unknown-field"),
        ("ended_at", "2023-12-02T10:19:59+08:00", None, "ended-before-start"),
    ],
)
def test_a_faulty_body_is_refused_by_field_and_reason(record, path, value, field, code):
    put(record, f"body.{path}", value)
    found = {fault.field: fault.code for fault in explain(record)}
    assert (field or path) in found
    assert code in (None, found[field or path])
    assert not accepts(record)


def test_accuracy_zero_is_refused_since_it_means_mock_or_manual_lesson_23(record):
    """Collect#4768, #6790: accuracy = 0 means mock, manual or perfect."""
    put(record, "body.site.fix.radius95_m", 0)
    (fault,) = explain(record)
    assert fault.field == "site.fix.radius95_m"
    assert "0 表示模拟" in fault.message.zh
    assert "0 means mock" in fault.message.en


def test_an_unknown_radius_is_accepted_absent_or_null(record):
    put(record, "body.site.fix.radius95_m", None)
    assert accepts(record)
    del record["body"]["site"]["fix"]["radius95_m"]
    assert accepts(record)


def test_no_fix_because_is_a_legal_state_lesson_24(record):
    """A laptop has no good fix: "no fix, because …" is legal, silence is not."""
    put(record, "body.site.fix", None)
    put(record, "body.site.no_fix_reason", "仓库内无信号")
    assert explain(record) == []
    del record["body"]["site"]["fix"]
    assert accepts(record)


def test_missing_fields_are_named_one_by_one(record):
    for name in ("observed_at", "unit_code", "site", "violations", "synthetic"):
        del record["body"][name]
    assert [(fault.field, fault.code) for fault in explain(record)] == [
        ("observed_at", "required"),
        ("site", "required"),
        ("synthetic", "required"),
        ("unit_code", "required"),
        ("violations", "required"),
    ]


def test_ids_of_lots_and_violations_are_never_used_twice(record):
    record["body"]["goods"] *= 2
    record["body"]["violations"].append({"id": "v1", "code": "TM-203"})
    assert [(fault.field, fault.code) for fault in explain(record)] == [
        ("goods[1].id", "id-repeated"),
        ("violations[1].id", "id-repeated"),
    ]


def test_one_violation_at_most_is_primary(record):
    other = {"id": "v2", "code": "TM-203", "primary": True}
    record["body"]["violations"].append(other)
    assert [fault.field for fault in explain(record)] == ["violations[1].primary"]
    other["primary"] = False
    assert accepts(record)


def test_no_finding_stands_alone_but_fair_use_does_not_have_to(record):
    record["body"]["violations"] = [{"id": "v1", "code": "NV-000"}]
    assert accepts(record)
    record["body"]["violations"].append({"id": "v2", "code": "NV-001"})
    assert [fault.code for fault in explain(record)] == ["no-finding-not-alone"]
    record["body"]["violations"][0]["code"] = "TM-202"
    assert accepts(record)


def test_shares_of_origins_may_leave_a_rest_but_not_exceed_one(record):
    origins = [{"admin_code": "350426", "share": share} for share in (0.1, 0.2, 0.7)]
    record["body"]["goods"][0]["evidenced_origins"] = origins
    assert accepts(record), "0.1 + 0.2 + 0.7 is a hair above 1 in binary"
    origins[0]["share"] = 0.2
    assert [fault.code for fault in explain(record)] == ["shares-exceed-one"]
    origins[2]["share"] = None
    assert accepts(record)


def test_an_evidenced_origin_has_a_code_or_a_fix_not_both(record):
    origin = record["body"]["goods"][0]["evidenced_origins"][0]
    origin["fix"] = {
        "lon_deg": 118.2,
        "lat_deg": 26.2,
        "datum": "CGCS2000",
        "source": "external",
    }
    assert [fault.code for fault in explain(record)] == ["origin-code-and-fix"]
    del origin["admin_code"]
    assert accepts(record)


def test_fines_may_exceed_the_value_of_the_case(record):
    record["body"]["goods"][0]["value_fen"] = 3_257_000
    record["body"]["case"] = {"fine_fen": 30_000_000, "confiscated_fen": 3_257_000}
    assert accepts(record)


@pytest.mark.parametrize("payload", [None, [], "x", 1, {}, {"kind": []}])
def test_what_is_no_record_at_all_is_refused(payload):
    assert explain(payload) != []
    assert not accepts(payload)


def test_lists_have_limits(record):
    record["body"]["goods"] *= 51
    assert [fault.code for fault in explain(record)] == ["list-too-long"]
    assert not accepts(record)


def test_finalising_needs_two_officers_and_the_whole_on_site_record(full_record):
    full_record["body"]["officers"].pop()
    del full_record["body"]["on_site_record"]["party_signature"]
    del full_record["body"]["on_site_record"]["refusal_reason"]
    del full_record["body"]["on_site_record"]["scene_text"]
    assert [(fault.field, fault.code) for fault in explain(full_record)] == [
        ("officers", "officers-too-few"),
        ("on_site_record.scene_text", "needed-to-finalise"),
        ("on_site_record.party_signature", "signature-or-refusal"),
    ]
    full_record["body"]["amendment"]["kind"] = "complete"
    assert accepts(full_record)


def test_a_refused_signature_needs_its_reason_only(full_record):
    record = full_record["body"]["on_site_record"]
    del record["party_signature"]
    # Who is absent or refuses cannot be read to either.
    del record["read_back_confirmed"]
    assert accepts(full_record)
    record["party_signature"] = record.pop("officer_signatures")[0]
    del record["refusal_reason"]
    assert [fault.field for fault in explain(full_record)] == [
        "on_site_record.read_back_confirmed",
        "on_site_record.officer_signatures",
    ]


def test_each_officer_signs_a_final_record(full_record):
    record = full_record["body"]["on_site_record"]
    record["officer_signatures"] = record["officer_signatures"][:1]
    (fault,) = explain(full_record)
    assert fault.field == "on_site_record.officer_signatures"


def test_the_input_may_leave_out_what_the_device_knows():
    body = example("xunwu_input")
    assert explain_input(body) == []
    for name in ("observed_at", "unit_code", "officers", "goods", "evidence"):
        del body[name]
    del body["violations"][0]["id"]
    del body["violations"][0]["goods"]
    assert explain_input(body) == []


def test_the_input_takes_a_path_or_a_file_already_sealed(body):
    evidence = body["evidence"][0]
    assert explain_input({**body, "evidence": [{"path": "x.jpg"}, evidence]}) == []
    (fault,) = explain_input({**body, "evidence": [{"note": "?"}]})
    assert (fault.field, fault.code) == ("evidence[0]", "evidence-without-file")


def test_the_input_is_held_to_the_same_rules():
    body = example("xunwu_input")
    del body["goods"][0]["id"]
    assert [fault.field for fault in explain_input(body)] == ["violations[0].goods[0]"]
    body["site"]["fix"]["radius95_m"] = 0
    assert [fault.code for fault in explain_input(body)] == ["radius-not-positive"]
    assert [fault.code for fault in explain_input([])] == ["body-not-an-object"]


def test_every_fault_speaks_both_languages(record):
    put(record, "body.note", LONG)
    (fault,) = explain(record)
    assert fault.message == message("text-too-long", max=4000)
    assert "4000" in fault.message.zh
    assert "4000" in fault.message.en
