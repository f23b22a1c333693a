"""The field app's files: anybody's, named by hash, and nothing else."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from bureau_rig import problem_of
from flask.testing import FlaskClient

from server.bureau import Bureau
from server.database import reading
from server.publishing import manifest_in_force
from sync.reference import open_manifest

APP = Path(__file__).parents[2] / "fieldkit" / "app"
OUTSIDE = {"REMOTE_ADDR": "10.0.0.7"}


@pytest.fixture
def bureau(shared_bureau: Bureau) -> Bureau:
    """One for all: nothing here gets as far as changing it."""
    return shared_bureau


def shell_of(http: FlaskClient) -> Any:
    """The list that the worker begins with."""
    first = http.get("/field/sw.js").get_data(as_text=True).splitlines()[0]
    found = re.fullmatch(r"self\.GI_SHELL=(\{.*\});", first)
    assert found is not None, first
    return json.loads(found[1])


def test_a_file_comes_as_it_is_to_any_machine(http: FlaskClient) -> None:
    for name, media_type in (
        ("css/tokens.css", "text/css; charset=utf-8"),
        ("vendor/leaflet/leaflet.js", "text/javascript; charset=utf-8"),
    ):
        reply = http.get(f"/field/{name}", environ_base=OUTSIDE)
        assert reply.status_code == 200
        assert reply.data == (APP / name).read_bytes()
        assert reply.content_type == media_type


def test_modules_come_together_and_without_their_documentation(
    http: FlaskClient,
) -> None:
    source = (APP / "problem.js").read_text("utf-8")
    assert "/**" in source
    served = http.get("/field/joined/base.js").get_data(as_text=True)
    assert "export class Problem" in source
    assert "\nclass Problem" in served
    assert "/**" not in served
    assert problem_of(http.get("/field/problem.js")) == "not-found"


def test_a_file_is_asked_for_again_and_comes_only_if_it_changed(
    http: FlaskClient,
) -> None:
    first = http.get("/field/start.js")
    assert first.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = http.get("/field/start.js", headers=known)
    assert (again.status_code, again.data) == (304, b"")


def test_a_slow_link_gets_it_packed(http: FlaskClient) -> None:
    packed = http.get("/field/css/tokens.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == (APP / "css/tokens.css").read_bytes()


@pytest.mark.parametrize(
    "path", ["", "new", "draft/3", "queue", "record/018c2824", "map"]
)
def test_every_page_of_the_history_is_the_app_itself(
    http: FlaskClient, path: str
) -> None:
    reply = http.get(f"/field/{path}", environ_base=OUTSIDE)
    assert reply.data == (APP / "index.html").read_bytes()
    assert reply.content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["nothing.js", "../access.py", "%2e%2e/cli/sync.py", "outbox/nothing.json"]
)
def test_what_is_no_file_of_the_app_is_not_there(http: FlaskClient, path: str) -> None:
    assert problem_of(http.get(f"/field/{path}")) == "not-found"


def test_the_home_says_that_it_is_a_tablets(http: FlaskClient) -> None:
    home = http.get("/field/home.json").get_json()
    assert home["home"] == "tablet"
    assert home["languages"] == ["zh-CN", "en"]


def test_the_records_schemas_come_along(http: FlaskClient) -> None:
    schema = http.get("/field/schemas/observation-body.schema.json").get_json()
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_the_reference_that_is_shipped_comes_as_the_server_would_publish_it(
    http: FlaskClient, bureau: Bureau
) -> None:
    with reading(bureau.engine) as connection:
        compact = manifest_in_force(connection)
    assert compact is not None
    published = open_manifest(compact, bureau.key.verifying_key).documents
    for ref in published:
        shipped = http.get(f"/field/reference/{ref.kind}.json").data
        assert hashlib.sha256(shipped).hexdigest() == ref.sha256, ref.name
    assert len(published) == 8


def test_the_worker_names_every_file_by_the_hash_of_its_bytes(
    http: FlaskClient,
) -> None:
    shell = shell_of(http)
    assert {"index.html", "start.js", "home.json"} <= set(shell["files"])
    assert "sw.js" not in shell["files"]
    for name, sha256 in shell["files"].items():
        content = http.get(f"/field/{name}").data
        assert hashlib.sha256(content).hexdigest() == sha256, name


def test_the_worker_is_the_file_after_that_list(http: FlaskClient) -> None:
    _, _, rest = http.get("/field/sw.js").data.partition(b"\n")
    assert rest == (APP / "sw.js").read_bytes()
    assert http.get("/field/sw.js").headers["Service-Worker-Allowed"] == "/field/"


def test_the_installed_app_finds_the_icons_that_it_names(http: FlaskClient) -> None:
    manifest = http.get("/field/manifest.webmanifest")
    assert manifest.content_type == "application/manifest+json"
    named = json.loads(manifest.data)
    assert (named["scope"], named["name"]) == ("/field/", "地标巡检")
    for icon in named["icons"]:
        assert http.get(f"/field/{icon['src']}").content_type == icon["type"]


def test_the_app_may_use_camera_and_position_and_runs_no_script_but_its_own(
    http: FlaskClient,
) -> None:
    headers = http.get("/field/home.json").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe" not in policy
    allowed = headers["Permissions-Policy"]
    assert allowed == "camera=(self), geolocation=(self), microphone=()"
    assert headers["X-Content-Type-Options"] == "nosniff"
