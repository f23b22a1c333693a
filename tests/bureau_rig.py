"""A bureau to talk to: a real home, a real database, and a clock that is set."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uuid6
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from schemas.examples import example
from server.bureau import Bureau
from server.database import open_engine
from server.enrolment import issue_code
from server.initialising import initialise
from server.keys import load_server_key
from server.settings import Settings
from sync.enrol import make_proof
from sync.keys import SigningKey
from sync.record import Sealed, payload_of, seal

XUNWU = "360734"
OFFICERS = (
    {"name": "张三", "certificate_no": "B0701-0001"},
    {"name": "李四", "certificate_no": "B0701-0002"},
)


@dataclass
class Clock:
    """Time that stands still until it is moved."""

    now: datetime = field(default=datetime(2023, 12, 2, 2, 20, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


def open_bureau(home: Path, database_url: str, clock: Clock) -> Bureau:
    """Initialise a home and return its bureau; dispose of its engine afterwards."""
    settings = Settings(home=home, database_url=database_url, name="寻乌县局")
    initialise(settings, clock)
    key = load_server_key(settings.keys_folder)
    return Bureau(settings, open_engine(database_url), key, clock)


def device_key(number: int) -> SigningKey:
    """The key of the device of that number: the same in every run."""
    return SigningKey.from_random(number.to_bytes(48, "big"))


def proof_of(bureau: Bureau, key: SigningKey, code: str) -> str:
    return make_proof(key, code=code, server_thumbprint=bureau.key.thumbprint)


def new_code(bureau: Bureau, unit: str = XUNWU) -> str:
    return issue_code(bureau, unit, OFFICERS).code


@dataclass
class Device:
    """An enrolled device as the HTTP API sees it."""

    http: FlaskClient
    bureau: Bureau
    key: SigningKey
    reply: Mapping[str, Any]
    seq: int = 0
    head: str | None = None

    @classmethod
    def enrol(
        cls, http: FlaskClient, bureau: Bureau, number: int = 1, unit: str = XUNWU
    ) -> "Device":
        key = device_key(number)
        reply = offer(http, bureau, key, new_code(bureau, unit))
        assert reply.status_code == 201, reply.text
        return cls(http, bureau, key, reply.get_json())

    @property
    def id(self) -> str:
        return str(self.reply["device_id"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.reply['token']}"}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.http.get(path, headers={**self.bearer, **headers})

    def seal(
        self,
        *photos: bytes,
        blobs: Sequence[Mapping[str, Any]] | None = None,
        **changed: Any,
    ) -> Sealed:
        """Seal the Xunwu observation with photographs, as a tablet would.

        `blobs` are announced instead of what the photographs are.
        """
        own = [
            {
                "sha256": hashlib.sha256(photo).hexdigest(),
                "bytes": len(photo),
                "media_type": "image/jpeg",
            }
            for photo in photos
        ]
        body = example("xunwu_observation") | {
            "evidence": [
                {"id": f"e{n}", "kind": "electronic_data", **blob}
                for n, blob in enumerate(own, start=1)
            ]
        }
        self.seq += 1
        sealed = seal(
            self.key,
            payload_of(
                id=str(uuid6.uuid7()),
                device_id=self.id,
                seq=self.seq,
                prev=self.head,
                kind="observation",
                amends=None,
                sealed_at=self.bureau.clock(),
                clock={
                    "boot_id": "b1",
                    "uptime_ms": 1000,
                    "offset_ms": None,
                    "offset_source": None,
                },
                body=body | changed,
                blobs=own if blobs is None else list(blobs),
            ),
        )
        self.head = sealed.hash
        return sealed

    def push(self, *records: Sealed, **headers: str) -> TestResponse:
        batch = {
            "records": [record.compact for record in records],
            "last_receipt": None,
            "certificate": self.reply["certificate"],
        }
        return self.http.post(
            "/api/v1/records", json=batch, headers={**self.bearer, **headers}
        )

    def put_part(self, sha256: str, number: int, part: bytes) -> TestResponse:
        return self.http.put(
            f"/api/v1/blobs/{sha256}/parts/{number}",
            data=part,
            headers={**self.bearer, "Content-Type": "application/octet-stream"},
        )


def offer(
    http: FlaskClient, bureau: Bureau, key: SigningKey, code: str, **changed: Any
) -> TestResponse:
    """Ask to enrol a key with a code."""
    asked = {
        "code": code,
        "jwk": key.public_jwk,
        "proof": proof_of(bureau, key, code),
    }
    return http.post("/api/v1/devices", json=asked | changed)


def problem_of(response: TestResponse) -> str:
    """Return the code of a problem after checking that it is a whole one."""
    assert response.content_type == "application/problem+json", response.text
    problem = json.loads(response.data)
    assert problem["status"] == response.status_code
    assert problem["type"].endswith(problem["code"])
    for words in (problem, problem["zh"]):
        assert words["title"]
        assert words["detail"]
    return str(problem["code"])
