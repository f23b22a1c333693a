"""What was imported opens in the form and is sealed as any draft is."""

import json
from pathlib import Path
from typing import Any

import pytest
from node import run_node
from photographs import exif, picture

FORM = Path(__file__).parents[3] / "fieldkit" / "app" / "capture" / "answers.js"
DRAFTS, RECORDS = "/local/v1/drafts", "/local/v1/records"

SCRIPT = """
const { bodyOf, upgraded } = await import(process.env.FORM);
const answers = upgraded(JSON.parse(process.env.ANSWERS));
answers.site.premises_type ??= "warehouse";
if (!answers.violations.length) answers.violations.push({ id: "v1", code: "OR-301" });
console.log(JSON.stringify(bodyOf(answers)));
"""


def finished(answers: dict[str, Any]) -> dict[str, Any]:
    """Return the body that the form makes once what it lacks is chosen."""
    env = {"FORM": FORM.as_uri(), "ANSWERS": json.dumps(answers)}
    told = run_node("--input-type=module", "--eval", SCRIPT, **env)
    assert told.returncode == 0, told.stderr
    return dict(json.loads(told.stdout))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A photograph, a waypoint and a row, each with a position."""
    rows, walk = tmp_path / "rows.csv", tmp_path / "walk.gpx"
    rows.write_text("lon,lat,radius_m,datum,code\n115.6512,24.9633,9,CGCS2000,NV-000")
    walk.write_text('<gpx><wpt lat="24.9633" lon="115.6512"/></gpx>')
    photo = picture(tmp_path / "a.heic", exif(error_m=5.0))
    return [photo, walk, rows]


def test_an_imported_draft_is_finished_in_the_form_and_sealed(
    page: Any, fieldkit: Any, files: list[Path]
) -> None:
    told = fieldkit("import", *map(str, files), "--json")
    assert told.returncode == 0, told.stderr
    drafts = page.get(DRAFTS)
    assert len(drafts) == len(files)
    for draft in drafts:
        given = {"input": finished(draft["answers"]), "draft": draft["number"]}
        saved = page.send("POST", RECORDS, given)
        fix = saved["body"]["site"]["fix"]
        assert (fix["source"], bool(fix["basis"])) == ("imported", True)
        photos = [item["sha256"] for item in saved["body"]["evidence"]]
        assert photos == [held["sha256"] for held in draft["photos"]]
    assert page.get(DRAFTS) == []
    again = json.loads(fieldkit("import", *map(str, files), "--json").stdout)
    assert (again["taken"], len(again["known"])) == ([], len(files))


def test_an_imported_draft_stays_known_while_it_is_typed_in(
    page: Any, fieldkit: Any, files: list[Path]
) -> None:
    fieldkit("import", str(files[1]))
    (draft,) = page.get(DRAFTS)
    changed = draft["answers"] | {"note": "typed"}
    page.send("PUT", f"{DRAFTS}/{draft['number']}", {"answers": changed})
    again = json.loads(fieldkit("import", str(files[1]), "--json").stdout)
    assert [one["draft"] for one in again["known"]] == [draft["number"]]
    page.send("DELETE", f"{DRAFTS}/{draft['number']}")
    assert json.loads(fieldkit("import", str(files[1]), "--json").stdout)["taken"]
