"""The tablet completes what was said as the laptop does: ids, rights, numbers."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from node import run_node

from fieldkit.completion import amended, blob_refs, completed, record_number
from fieldkit.outbox.rows import DeviceIdentity
from schemas.examples import example
from schemas.package_data import document

SCRIPT = Path(__file__).with_name("complete.mjs")
NOW = datetime(2023, 12, 31, 17, 0, 5, 999_000, tzinfo=UTC)
IDENTITY = DeviceIdentity(
    device_id="018c1000-0000-7000-8000-00000000D001",
    unit_code="360734",
    unit_name="寻乌县",
    officers=({"name": "张三", "certificate_no": "1"},),
    server_url="http://bureau",
    server_jwk={},
    certificate="",
    epoch=1,
    enrolled_at="",
)
LOTS: list[Any] = [
    {"product": "gannan-navel-orange"},
    {"product": "gannan-navel-orange", "rights": []},
    {"product": "unknown"},
    {"product": 7},
    {"id": "g2", "product": "gannan-navel-orange"},
    {"id": None},
    {"id": "g1"},
    "g1",
    None,
    [],
]
PARTS: dict[str, list[Any]] = {
    "goods": [*([lot] for lot in LOTS), LOTS, "none", None, {}],
    "violations": [[{"code": "TM-202"}, {"code": "TM-203", "id": "v1"}], [], 3, None],
    "evidence": [[{"path": "a.jpg"}, {"sha256": "x"}, {"id": "e1", "sha256": "x"}], 1],
    "observed_at": ["2023-12-02T10:20:00+08:00"],
    "officers": [[], None],
    "synthetic": [True],
    "note": ["", None, "注"],
}


def drawn_bodies(count: int) -> list[dict[str, Any]]:
    draw = random.Random(5)
    bodies: list[dict[str, Any]] = [{}, example("xunwu_input")]
    for _ in range(count):
        names = draw.sample(sorted(PARTS), draw.randint(0, len(PARTS)))
        bodies.append({name: draw.choice(PARTS[name]) for name in names})
    return bodies


def completions(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for number, given in enumerate(bodies):
        earlier, now = bodies[:number][-3:], NOW + timedelta(hours=number)
        told = {"unit_code": IDENTITY.unit_code, "officers": list(IDENTITY.officers)}
        found.append(
            {
                "make": "completed",
                "given": given,
                "identity": told,
                "now": now.isoformat(timespec="milliseconds"),
                "earlier": earlier,
                "expected": completed(given, IDENTITY, now, earlier=earlier),
            }
        )
    return found


def amendments(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    reasons = [None, "打错了", ""]
    return [
        {
            "make": "amended",
            "current": current,
            "changes": changes,
            "kind": "correction",
            "reason": reason,
            "expected": amended(current, changes, "correction", reason),
        }
        for current, changes, reason in zip(
            bodies, [{"amendment": None}, *bodies], reasons * len(bodies), strict=False
        )
    ]


def files_and_numbers(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [
        {
            "make": "blobs",
            "body": body,
            "expected": [ref._asdict() for ref in blob_refs(body)],
        }
        for body in bodies
        if isinstance(body.get("evidence", []), list)
    ]
    numbered = [
        {
            "make": "number",
            "unit_code": "360734",
            "year": 2023,
            "device_id": device_id,
            "seq": seq,
            "expected": record_number("360734", 2023, device_id, seq),
        }
        for device_id in (IDENTITY.device_id, "d1", "A_B-c.1234567")
        for seq in (1, 99_999, 100_000)
    ]
    return named + numbered


def test_what_was_said_is_completed_alike(tmp_path: Path) -> None:
    bodies = drawn_bodies(400)
    cases = completions(bodies) + amendments(bodies) + files_and_numbers(bodies)
    path = tmp_path / "cases.json"
    said = {"products": document("products"), "cases": cases}
    path.write_text(json.dumps(said), encoding="ascii")
    ran = run_node(str(SCRIPT), str(path))
    assert ran.returncode == 0, ran.stdout + ran.stderr[-6000:]
    assert ran.stdout == f"{len(cases)} cases alike\n"
