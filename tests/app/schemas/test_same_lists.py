"""Codes, units, seasons, quantities: the app finds and reckons what the device does."""

import copy
import itertools
import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from app.node import node_json
from app.reference_documents import reference_json

from fieldkit.answers import Unanswerable, codes_typed
from schemas import uscc
from schemas.codes import code_list
from schemas.completeness import missing_to_finalise
from schemas.examples import example
from schemas.products import products, rights_of
from schemas.quantity import quantity
from schemas.seasons import season_rule
from schemas.units import units

SCRIPT = Path(__file__).with_name("lists.js")
RIGHT = "gannan-navel-orange"


def answered(file: Path, **asked: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    question = {"reference": reference_json(), "asked": asked}
    file.write_text(json.dumps(question), encoding="utf-8")
    answers: dict[str, list[Any]] = node_json(SCRIPT, str(file))
    return answers


def words_to_type() -> list[str]:
    """Every beginning and many middles of every code, name and initials; and noise."""
    dice = random.Random(7)
    texts = [
        "",
        " ",
        "101",
        "zc",
        "ZC",
        "早采",
        "脐橙",
        "mixed",
        "GI",
        "-",
        "nothing",
        "９",
    ]
    for code in code_list():
        for whole in (code.code, code.zh, code.en, code.pinyin_initials):
            start = dice.randrange(len(whole))
            texts += [whole, whole[:2], whole[:4].lower(), whole[start : start + 3]]
        texts.append(code.code[-3:])
    return texts


def meant(text: str) -> str | None:
    try:
        (code,) = codes_typed(text, code_list())
    except (Unanswerable, ValueError):
        return None
    return code


def test_typing_finds_the_same_codes_in_the_same_order(tmp_path):
    texts = words_to_type()
    plain = [text for text in texts if text.strip() and not set(text) & set(",，、;；")]
    found = answered(
        tmp_path / "codes.json",
        search=[(text,) for text in texts],
        meant=[(text,) for text in plain],
    )
    codes = code_list()
    assert found["search"] == [[c.code for c in codes.search(text)] for text in texts]
    assert found["meant"] == [meant(text.strip()) for text in plain]


def test_the_law_and_the_season_of_the_day_are_the_same(tmp_path):
    days = [date(2023, 6, 25) + timedelta(days=n * 9) for n in range(120)]
    pairs = [(code.code, day) for code in code_list() for day in days[::7]]
    found = answered(
        tmp_path / "days.json",
        bases=[(code, day.isoformat()) for code, day in pairs],
        valid=[(code, day.isoformat()) for code, day in pairs],
        season=[(RIGHT, day.isoformat()) for day in days],
        rights=[(product,) for product in (*products(), "unheard-of")],
    )
    get = code_list().get
    assert found["bases"] == [
        [[basis.law.law, basis.articles] for basis in get(code).basis_on(day)]
        for code, day in pairs
    ]
    assert found["valid"] == [get(code).is_valid_on(day) for code, day in pairs]
    rules = [season_rule(RIGHT, day) for day in days]
    assert found["season"] == [rule and rule.not_before.isoformat() for rule in rules]
    assert found["rights"] == [list(rights_of(p)) for p in (*products(), "unheard-of")]


def test_units_are_found_by_code_name_and_initials(tmp_path):
    found = answered(
        tmp_path / "units.json", units=[("xw",), ("3607-",), ("章贡",), ("",)]
    )
    every = [unit.unit_code for unit in units()]
    assert found["units"] == [["360734"], every[-2:], ["360702"], every]


def test_kilograms_are_exact(tmp_path):
    values = ["0", "0.001", "0.5", "1", "4530", "999999999.999", "36", "12.340", "10"]
    pairs = list(itertools.product(values, ["jin", "wan_jin", "kg", "t", "box"]))
    asked = [({"value": value, "unit": unit},) for value, unit in pairs]
    found = answered(tmp_path / "kg.json", kilograms=asked)["kilograms"]
    exact = [quantity(*pair).kg for pair in pairs]
    assert [None if kg is None else Decimal(kg) for kg in found] == exact
    assert not [kg for kg in found if kg and ("." in kg and kg.endswith(("0", ".")))]


def test_credit_codes_are_told_from_slips_of_the_pen(tmp_path):
    dice = random.Random(31)
    texts = ["91350100M000100Y43", "", "91350100m000100y43", "91350100M000100Y4"]
    for _ in range(300):
        first = "".join(dice.choices(uscc.ALPHABET, k=17))
        texts += [first + uscc.check_digit(first), first + dice.choice(uscc.ALPHABET)]
    texts.append("I" * 18)
    found = answered(tmp_path / "uscc.json", credit_code=[(text,) for text in texts])
    assert found["credit_code"] == [uscc.is_valid(text) for text in texts]


@pytest.mark.parametrize("gone", ["officers", "party", "site", "on_site_record", None])
def test_what_a_final_record_lacks_is_named_the_same(gone, tmp_path):
    bodies = [example("xunwu_observation"), example("full_amendment")["body"]]
    for body in bodies:
        if gone == "site":
            body["site"].pop("address", None)
        elif gone:
            body[gone] = copy.copy(body.get(gone)) and type(body[gone])()
    kept = [{k: v for k, v in body.items() if v is not None} for body in bodies]
    found = answered(tmp_path / "missing.json", missing=[(body,) for body in kept])
    assert found["missing"] == [
        [list(item) for item in missing_to_finalise(body)] for body in kept
    ]
