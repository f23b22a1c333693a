"""One table of words for every reason to refuse."""

import ast
from importlib.resources import files

from schemas import cross_rules, envelope_rules
from schemas.messages import codes, message

LIMITS = {"min": 1, "max": 2, "words": "a, b"}


def test_every_reason_has_words_in_chinese_and_english():
    for code in codes():
        words = message(code, **LIMITS)
        assert any("一" <= character <= "鿿" for character in words.zh)
        assert words.en.isascii()
        assert "{" not in words.zh + words.en.replace("{}", "")


def test_every_code_that_the_source_can_give_is_in_the_table():
    sources = [f for f in files("schemas").iterdir() if f.name.endswith(".py")]
    sources += list(files("schemas").joinpath("fields").iterdir())
    given = set()
    for source in sources:
        if source.name.endswith(".py"):
            given |= set(_codes_given(ast.parse(source.read_text("utf-8"))))
    assert given <= codes()
    assert len(given) > 25


def _codes_given(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if getattr(node.func, "id", "") == "refuse" and node.args:
                yield from _constants(node.args[0])
            for keyword in node.keywords:
                if keyword.arg == "code":
                    yield from _constants(keyword.value)
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            yield from _constants(node.value.elts[1])


def _constants(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_the_rules_that_the_documents_name_are_those_that_the_code_gives():
    for module, told in (
        (cross_rules, {*cross_rules.RULES}),
        (envelope_rules, {*envelope_rules.ENVELOPE_RULES}),
    ):
        tree = ast.parse(files("schemas").joinpath(_name(module)).read_text("utf-8"))
        assert set(_codes_given(tree)) - {"id-repeated"} <= told


def _name(module):
    return f"{module.__name__.rpartition('.')[2]}.py"
