"""The app's modules as a tablet gets them: the same program, in fewer files."""

import json
from pathlib import Path

import pytest
from app.node import node_json

from server.bare_modules import without_comments
from server.field_files import field_files
from server.field_modules import BACKGROUND, PLAN, tablet_modules
from server.joined_modules import NotJoinable, joined

HERE = Path(__file__).parent
APP = HERE.parents[1] / "fieldkit" / "app"
SAME_TOKENS = HERE / "shell" / "same_tokens.mjs"
NAME_FAULTS = HERE / "shell" / "name_faults.mjs"
NOT_CARRIED = {
    "sync/store_port.js",  # says what a store must do
    "sync/memory_store.js",  # the store of tests
    "schemas/quantity.js",  # the same as in Python, and asked by no screen yet
    "schemas/seasons.js",
}

MODULES = {
    "start.js": """
import "./a/order.js";
import { tell as said, told } from "./a/told.js";
import * as all from "./a/told.js";
import { outside } from "./vendor/bundle.js";

said("start");
all.tell(outside);
const { far } = await_less();
far.then(async ({ late }) => {
  const { near } = await import("./a/near.js");
  said(await late(), near());
  console.log(JSON.stringify(told));
});

function await_less() {
  return { far: import("./a/far.js") };
}
""",
    "a/order.js": """
import { tell } from "./told.js";

tell("order");
export const unused = 1;
""",
    "a/told.js": """
export const told = [];

/** Note it down. */
export function tell(...words) {
  told.push(...words);
}
""",
    "a/near.js": """
import { Near } from "./shape.js";

export function near() {
  return new Near().name;
}
""",
    "a/shape.js": """
export class Near {
  name = "near";
}
""",
    "a/far.js": """
import {
  tell,
} from "./told.js";

tell(new URL("../x", import.meta.url).pathname.split("/").pop());

export async function late() {
  return "late";
}

export function* many() {}
""",
}
BUNDLE = "export const outside = 'outside';\n"
TWO = {"start.js": ("start.js",), "later/far.js": ("a/far.js", "a/near.js")}


def ran(folder: Path, files: dict[str, str]) -> object:
    """Run ``start.js`` among these files; return what it printed."""
    for name, text in (files | {"vendor/bundle.js": BUNDLE}).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return node_json(folder / "start.js")


def test_joined_modules_do_what_they_did_apart(tmp_path):
    apart = ran(tmp_path / "apart", MODULES)
    assert apart == ["order", "start", "outside", "x", "late", "near"]
    assert ran(tmp_path / "two", joined(MODULES, TWO)) == apart
    one = {"start.js": ("start.js", "a/far.js", "a/near.js")}
    # In one file the module that was loaded later runs with the others.
    together = ran(tmp_path / "one", joined(MODULES, one))
    assert sorted(together) == sorted(apart)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("export default 1;", "a.js: export default 1;"),
        ("const x = 1;\nexport { x };", "a.js: export { x };"),
        ("export let x = 1;", "a.js: export let x = 1;"),
        ('export * from "./b.js";', "a.js: export"),
        ('import b from "./b.js";', "a.js: import b"),
        ("await go();", "a.js: await go();"),
        ('import { b } from "./b.js";', "a circle: a.js → b.js → a.js"),
        ('void import("./c.js");', "a.js: c.js lies in no file"),
        ("void import('./c.js');", "a.js: import('./c.js');"),
        ("const x = 1; export { x };", "a.js: export { x };"),
        ('import { d } from "./d.js";', "a.js: d.js does not export d"),
        ('import { e } from "./e.js";', "a.js: there is no e.js"),
        ('go();\nimport "./c.js";', "a.js: before its last import: go();"),
    ],
)
def test_what_cannot_be_joined_is_refused_by_name(text, said):
    circle = 'import "./a.js";\nexport const b = 1;'
    others = {"b.js": circle, "c.js": "", "d.js": "export const c = 1, d = 2;"}
    with pytest.raises(NotJoinable) as refused:
        joined({"a.js": text, **others}, {"a.js": ("a.js",)})
    assert str(refused.value).startswith(said)


def test_a_plan_that_names_no_module_is_refused():
    with pytest.raises(NotJoinable, match="there is no gone"):
        joined({}, {"one.js": ("gone.js",)})


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    """The text of each module of ours by its name."""
    return {
        place.relative_to(APP).as_posix(): place.read_text("utf-8")
        for place in APP.rglob("*.js")
        if "vendor" not in place.relative_to(APP).parts and place.name != "sw.js"
    }


def holds(text: str) -> list[str]:
    """The modules of one file, in their order."""
    return [line[3:] for line in text.splitlines() if line.startswith("// ")]


def test_every_module_of_the_app_is_in_one_file(sources):
    files = tablet_modules(sources)
    alone = files.pop(BACKGROUND)
    inside = [name for text in files.values() for name in holds(text)]
    assert len(inside) == len(set(inside)) > 100
    assert set(sources) - set(inside) - {BACKGROUND} == NOT_CARRIED
    assert set(files) == set(PLAN)
    assert "import {" not in alone, "the worker shares no module with the page"


def test_a_checkout_with_the_line_ends_of_windows_is_the_same_app(sources):
    theirs = {name: text.replace("\n", "\r\n") for name, text in sources.items()}
    assert tablet_modules(theirs) == tablet_modules(sources)


def test_no_name_is_lost_between_the_files(sources, tmp_path):
    question = tmp_path / "files.json"
    question.write_text(json.dumps(list(tablet_modules(sources).items())), "utf-8")
    assert node_json(NAME_FAULTS, str(question)) == []


def test_what_is_served_is_what_was_joined(sources):
    for name, text in tablet_modules(sources).items():
        assert field_files()[name].content.decode() == text


def test_a_module_without_its_comments_is_the_same_program(sources, tmp_path):
    bare = {name: without_comments(text) for name, text in sources.items()}
    question = tmp_path / "modules.json"
    both = [[name, text, bare[name]] for name, text in sources.items()]
    question.write_text(json.dumps(both), encoding="utf-8")
    report = node_json(SAME_TOKENS, str(question))
    assert report["differing"] == []
    assert report["compared"] == len(sources) > 100
    assert sum(map(len, bare.values())) < 0.9 * sum(map(len, sources.values()))
