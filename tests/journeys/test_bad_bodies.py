"""Bad bodies on real sockets to ``gi-server run``: each is answered in words."""

import gzip
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from journeys.commanded import CommandedBureau
from journeys.conftest import enrol_over, new_device

from fieldkit.outbox import open_outbox
from server.api.bodies import MAX_BODY_BYTES

BATCH = b'{"records": [], "last_receipt": null, "certificate": null}'
JSON = {"Content-Type": "application/json"}
GZIPPED = JSON | {"Content-Encoding": "gzip"}


@pytest.fixture(scope="module")
def bureau(
    kept_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CommandedBureau]:
    folder = tmp_path_factory.mktemp("bad-bodies")
    bureau = CommandedBureau(shutil.copytree(kept_home, folder / "bureau"))
    bureau.start()
    yield bureau
    bureau.kill()


@pytest.fixture(scope="module")
def push(
    bureau: CommandedBureau, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Posts to ``/records`` as an enrolled device; one server for all."""
    tablet = new_device(tmp_path_factory.mktemp("bad-bodies") / "tablet")
    enrol_over(tablet, bureau.url, bureau.new_code())
    with open_outbox(tablet.home) as outbox:
        token = outbox.require_identity().token
    bearer = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=bureau.url, timeout=60) as client:

        def push(body: Any, headers: dict[str, str]) -> httpx2.Response:
            return client.post(
                "/api/v1/records", content=body, headers=bearer | headers
            )

        yield push
        # And nothing of it hindered anybody.
        assert push(BATCH, JSON).status_code == 200


def bomb() -> bytes:
    """A quarter of a gibibyte of blanks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    mebibyte = b" " * 1024 * 1024
    return b"".join(packer.compress(mebibyte) for _ in range(256)) + packer.flush()


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b" " * (MAX_BODY_BYTES + 1), JSON, 413, "body-too-large"),
        ([b"x" * 65536] * 257, JSON, 413, "body-too-large"),
        (bomb, GZIPPED, 413, "body-too-large"),
        (gzip.compress(BATCH)[:-9], GZIPPED, 400, "body-truncated"),
        (BATCH[:20], JSON, 400, "body-malformed"),
        (BATCH, {"Content-Type": "text/plain"}, 415, "content-type"),
    ],
    ids=["over-large", "over-large-chunked", "gzip-bomb", "cut-gzip", "cut", "type"],
)
def test_a_bad_body_is_refused_in_both_languages(
    push: Any, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    """A list is sent in chunks, without a length."""
    reply = push(body() if callable(body) else body, headers)
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "application/problem+json"
    problem = reply.json()
    assert problem["code"] == code
    assert problem["detail"]
    assert problem["zh"]["detail"]
