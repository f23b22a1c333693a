"""The protocol by a browser's own WebCrypto: today's, and Chromium 92's in the soak."""

import base64
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.chromium import Tablet
from browser.module_server import ModuleServer
from browser.old_chromium import library_path, old_chromium
from playwright.sync_api import Page, Playwright

from sync.bundle import BundleReader
from sync.jws import parse
from sync.keys import SigningKey, VerifyingKey

SUITE = "import('/tests/browser/suites/protocol.js')"
SERVER_KEY = SigningKey.from_random(b"server".ljust(48, b"."))


@pytest.fixture(scope="module")
def old_page(
    playwright: Playwright,
    modules: ModuleServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Page]:
    program = old_chromium()
    tablet = Tablet(playwright, str(program), tmp_path_factory.mktemp("old"))
    tablet.start(env={"LD_LIBRARY_PATH": library_path(program)})
    yield tablet.page(modules.url)
    tablet.stop()


BROWSERS = (
    pytest.param("module_page", id="today"),
    pytest.param("old_page", id="chromium-92", marks=pytest.mark.soak),
)


@pytest.fixture(params=BROWSERS)
def page(request: pytest.FixtureRequest) -> Page:
    found: Page = request.getfixturevalue(request.param)
    return found


def failures(ended: list[dict[str, str]]) -> dict[str, str]:
    return {one["name"]: one["error"] for one in ended if one["error"]}


def test_the_vectors_read_as_the_protocol_says(page: Page) -> None:
    ended = page.evaluate(f"{SUITE}.then(s => s.runVectors())")
    assert failures(ended) == {}
    assert len(ended) > 30


def test_records_are_sealed_and_receipts_believed(page: Page) -> None:
    ended = page.evaluate(f"{SUITE}.then(s => s.runContract())")
    assert failures(ended) == {}


def test_no_script_reads_a_signing_key(page: Page) -> None:
    assert page.evaluate(f"{SUITE}.then(s => s.exportedKey())") == "InvalidAccessError"


def test_a_bundle_is_opened_by_the_server_it_was_made_for(page: Page) -> None:
    words = [SERVER_KEY.public_jwk, "orange" * 30_000]
    made = page.evaluate(
        f"words => {SUITE}.then(s => s.bundleFor(...words))", arg=words
    )
    bundle = zipfile.ZipFile(io.BytesIO(base64.b64decode(made["base64"])))
    assert bundle.testzip() is None
    reader = BundleReader(SERVER_KEY)
    manifest = reader.manifest(bundle.read("bundle.jwe"))
    (blob,) = manifest.blobs
    assert blob.sha256 == made["sha256"]
    assert photograph(bundle, reader, made) == b"orange" * 30_000
    (record,) = reader.records(0, bundle.read("records/000000.jwe"))
    assert record == made["compact"]
    assert VerifyingKey.from_jwk(made["jwk"]).verify(parse(record))


def photograph(
    bundle: zipfile.ZipFile, reader: BundleReader, made: dict[str, Any]
) -> bytes:
    (blob,) = reader.manifest(bundle.read("bundle.jwe")).blobs
    names = [name for name in bundle.namelist() if name.startswith("blobs/")]
    return b"".join(
        reader.blob_part(blob, int(Path(name).stem), bundle.read(name))
        for name in sorted(names)
    )
