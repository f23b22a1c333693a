"""The demonstration's data: what was published, and a remainder that says it is not."""

import itertools
import zlib

import pytest

from geo.package_data import load_counties
from schemas.codes import code_list
from schemas.record import explain_input
from schemas.units import units
from server.demo.published import (
    CITY_ACTS_2023,
    RONGJIANG,
    XUNWU,
    rongjiang_visits,
    xunwu_case,
)
from server.demo.synthetic import synthetic_campaign, synthetic_photo


@pytest.fixture(scope="module")
def campaign():
    counties = load_counties()
    bodies = synthetic_campaign(counties)
    bodies[XUNWU].insert(0, xunwu_case(counties))
    bodies[RONGJIANG] = rongjiang_visits()
    return bodies


def acts(bodies):
    codes = (found["code"] for body in bodies for found in body["violations"])
    return sum(code_list().get(code).counts_as_act for code in codes)


def test_the_campaign_adds_up_to_the_published_figure(campaign):
    assert acts(itertools.chain.from_iterable(campaign.values())) == CITY_ACTS_2023


def test_every_one_of_the_20_units_has_records(campaign):
    assert set(campaign) == {unit.unit_code for unit in units()}


def test_rongjiang_visited_20_premises_and_found_nothing(campaign):
    visits = campaign[RONGJIANG]
    assert len(visits) == len({visit["site"]["name"] for visit in visits}) == 20
    assert acts(visits) == 0


def test_what_was_published_names_its_source_and_pretends_no_position(campaign):
    published = [
        b for bodies in campaign.values() for b in bodies if not b["synthetic"]
    ]
    assert len(published) == 21
    for body in published:
        assert body["source_note"]
        fix = body["site"]["fix"]
        if fix is None:
            assert body["site"]["no_fix_reason"]
        else:
            assert fix["source"] == "external"
            assert fix["radius95_m"] > 10_000


def test_the_remainder_says_in_data_and_words_that_it_is_synthetic(campaign):
    drawn = [b for bodies in campaign.values() for b in bodies if b["synthetic"]]
    assert acts(drawn) == CITY_ACTS_2023 - 1
    for body in drawn:
        assert "synthetic" in body["site"]["name"]
        assert all("synthetic" in found["description"] for found in body["violations"])


def test_the_remainder_is_the_same_in_every_run(campaign):
    again = synthetic_campaign(load_counties())
    assert all(
        [body for body in campaign[code] if body["synthetic"]] == bodies
        for code, bodies in again.items()
    )


def test_the_device_accepts_every_body_of_the_campaign(campaign):
    for body in itertools.chain.from_iterable(campaign.values()):
        assert explain_input(body) == []


def test_a_synthetic_photograph_says_so_in_its_own_bytes():
    picture = synthetic_photo(1)
    assert picture.startswith(b"\x89PNG")
    assert b"synthetic test picture 1" in picture
    kind_and_data = picture[12:29]
    assert picture[29:33] == zlib.crc32(kind_and_data).to_bytes(4, "big")
