"""The app's files come whole, typed and guarded, and nothing beside them does."""

from typing import Any

import pytest

from fieldkit.local.front_end import app_folder


def test_home_json_says_that_this_is_a_laptop(page: Any) -> None:
    found = page.get("/field/home.json")
    assert found == {
        "home": "laptop",
        "version": found["version"],
        "languages": ["zh-CN", "en"],
    }


def test_a_file_of_the_app_comes_as_it_is_in_the_package(page: Any) -> None:
    answer = page.ask("GET", "/field/problem.js")
    assert answer.data == (app_folder() / "problem.js").read_bytes()
    assert answer.mimetype == "text/javascript"


def test_a_file_is_asked_for_anew_and_not_sent_twice(page: Any) -> None:
    first = page.ask("GET", "/field/problem.js")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["Cache-Control"] == "no-cache"
    assert page.ask("GET", "/field/problem.js", headers=tag).status_code == 304


def test_a_schema_comes_from_where_the_server_has_it(page: Any) -> None:
    found = page.get("/field/schemas/observation-body.schema.json")
    assert found["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize(
    "path",
    [
        "/field/../capture.py",
        "/field/%2e%2e/capture.py",
        "/field/..%5c..%5cpyproject.toml",
        "/field/words/../../../pyproject.toml",
        "/field/schemas/..%2f..%2fcodes.schema.json",
        "/field/nothing.js",
        "/nowhere",
    ],
)
def test_nothing_beside_the_apps_files_is_served(
    page: Any, refused: Any, path: str
) -> None:
    refused(page.ask("GET", path), 404, "address-unknown")


@pytest.mark.parametrize(
    "path", ["/field/problem.js", "/local/v1/identity", "/nowhere"]
)
def test_every_answer_forbids_what_the_app_does_not_need(page: Any, path: str) -> None:
    headers = page.ask("GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
