"""One right, one day, one area."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zoo import SQUARE, STAR, area_of

from geo.catalogue import AreaCatalogue
from geo.errors import AreaRefused

FIRST = area_of(SQUARE, version="1", in_force_to=date(2024, 12, 31))
SECOND = area_of(SQUARE, version="2", in_force_from=date(2025, 1, 1))
CORRECTED = area_of(STAR, version="2b", in_force_from=date(2025, 3, 1), supersedes="2")
CORRECTED_AGAIN = area_of(
    SQUARE, version="2c", in_force_from=date(2025, 5, 1), supersedes="2b"
)
ALL = (FIRST, SECOND, CORRECTED, CORRECTED_AGAIN)


def version_on(catalogue, *day):
    area = catalogue.at("r", date(*day))
    return area and area.version


@pytest.mark.parametrize("order", list(permutations(ALL)))
def test_the_superseding_version_holds_on_shared_days_in_whatever_order(order):
    catalogue = AreaCatalogue(order)
    days = [(2023, 12, 31), (2024, 6, 1), (2025, 1, 1), (2025, 4, 1), (2025, 6, 1)]
    assert [version_on(catalogue, *day) for day in days] == [None, "1", "2", "2b", "2c"]


def test_two_versions_in_force_on_one_day_are_refused_and_nothing_is_changed():
    catalogue = AreaCatalogue([FIRST])
    with pytest.raises(AreaRefused) as refused:
        catalogue.add(area_of(STAR, version="2", in_force_from=date(2024, 12, 31)))
    assert (refused.value.code, refused.value.place) == ("area-overlap", "r/2")
    assert catalogue.areas == (FIRST,)


def test_the_next_version_may_begin_on_the_day_after():
    catalogue = AreaCatalogue([FIRST])
    catalogue.add(SECOND)
    assert (version_on(catalogue, 2024, 12, 31), version_on(catalogue, 2025, 1, 1)) == (
        "1",
        "2",
    )


def test_the_same_area_again_changes_nothing_and_another_of_its_name_is_refused():
    catalogue = AreaCatalogue([FIRST])
    catalogue.add(area_of(SQUARE, version="1", in_force_to=date(2024, 12, 31)))
    assert len(catalogue.areas) == 1
    with pytest.raises(AreaRefused) as refused:
        catalogue.add(area_of(STAR, version="1", in_force_to=date(2024, 12, 31)))
    assert refused.value.code == "area-version-taken"
    assert catalogue.get("r", "1") == FIRST


def test_versions_that_supersede_each_other_in_a_circle_are_refused():
    with pytest.raises(AreaRefused) as refused:
        AreaCatalogue(
            [area_of(SQUARE, version="a", supersedes="b"),
             area_of(SQUARE, version="b", supersedes="a")]
        )  # fmt: skip
    assert refused.value.code == "area-supersedes-itself"


def test_rights_do_not_meddle_with_each_other():
    """Fact 5: 信丰脐橙 nests in 赣南脐橙; each right has an area of its own."""
    nested = area_of(STAR, right="xinfeng-navel-orange")
    catalogue = AreaCatalogue([FIRST, nested])
    assert catalogue.rights == ("r", "xinfeng-navel-orange")
    assert catalogue.at("xinfeng-navel-orange", date(2030, 1, 1)) == nested
    assert catalogue.at("unknown", date(2024, 6, 1)) is None


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(0, 10), st.sampled_from([None, 0, 1, 2, 3])
        ),
        max_size=5,
    )
)
def test_no_day_ever_has_two_answers(terms):
    """Whatever is offered: what was taken answers every day by at most one version."""
    catalogue = AreaCatalogue()
    start = date(2024, 1, 1)
    for n, (first, length, older) in enumerate(terms):
        area = area_of(
            SQUARE,
            version=str(n),
            in_force_from=start + timedelta(first),
            in_force_to=start + timedelta(first + length),
            supersedes=None if older is None else str(older),
        )
        try:
            catalogue.add(area)
        except AreaRefused:
            assert area not in catalogue.areas
    for day in (start + timedelta(n) for n in range(45)):
        in_force = [area for area in catalogue.areas if area.is_in_force(day)]
        assert (catalogue.at("r", day) is not None) == bool(in_force)
