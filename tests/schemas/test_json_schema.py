"""The JSON Schema documents that other clients get."""

import json
import re
from importlib.resources import files

import jsonschema
import pytest

from schemas.examples import example
from schemas.json import files_to_write
from schemas.json_schema import documents


def test_the_committed_documents_are_those_generated():
    """`python -m schemas.json` writes them anew."""
    folder = files("schemas").joinpath("json")
    committed = {
        entry.name: entry.read_text("utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".schema.json")
    }
    assert committed == dict(files_to_write())


@pytest.mark.parametrize("name", sorted(documents()))
def test_each_document_is_valid_json_schema(name):
    jsonschema.Draft202012Validator.check_schema(documents()[name])


@pytest.mark.parametrize(
    ("name", "of"),
    [("observation-record", "xunwu_record"), ("amendment-record", "full_amendment")],
)
def test_another_implementation_accepts_the_examples(name, of):
    jsonschema.Draft202012Validator(documents()[name]).validate(example(of))


def test_another_implementation_refuses_what_we_refuse():
    record = example("xunwu_record")
    record["body"]["site"]["fix"]["radius95_m"] = 0
    validator = jsonschema.Draft202012Validator(documents()["observation-record"])
    fault = jsonschema.exceptions.best_match(validator.iter_errors(record))
    assert list(fault.absolute_path) == ["body", "site", "fix", "radius95_m"]


def nodes(value):
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    if isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


@pytest.mark.parametrize("name", sorted(documents()))
def test_every_string_list_number_and_object_has_a_limit(name):
    for node in nodes({k: v for k, v in documents()[name].items() if k != "x-rules"}):
        kinds = node.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "string" in kinds:
            assert "enum" in node or "maxLength" in node
        if "array" in kinds:
            assert "maxItems" in node
        if "object" in kinds:
            assert node["additionalProperties"] is False or "maxProperties" in node
        if {"integer", "number"} & set(kinds):
            assert "maximum" in node
            assert "minimum" in node or "exclusiveMinimum" in node


def test_every_pattern_is_anchored_and_means_the_same_in_python():
    for node in nodes(list(documents().values())):
        if isinstance(node.get("pattern"), str):
            assert node["pattern"].startswith("^")
            assert node["pattern"].endswith("$")
            re.compile(node["pattern"])


def test_rules_between_fields_are_told_in_both_languages():
    rules = documents()["observation-record"]["x-rules"]
    assert {"shares-exceed-one", "prev-misfit"} <= {rule["code"] for rule in rules}
    assert all(rule["zh"] and rule["en"] for rule in rules)
    assert json.loads(json.dumps(rules)) == rules
