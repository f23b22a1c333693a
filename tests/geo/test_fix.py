"""What cannot be a position is refused before it can become evidence."""

import pytest

from geo.errors import PositionRefused
from geo.fix import Fix

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("lon_deg", "lat_deg", "radius95_m", "code"),
    [
        (NAN, 25.0, 5.0, "position-not-finite"),
        (114.0, INF, 5.0, "position-not-finite"),
        (181.0, 25.0, 5.0, "position-out-of-range"),
        (114.0, -90.1, 5.0, "position-out-of-range"),
        (25.83, 114.93, 5.0, "position-axis-order"),
        (114.0, 25.0, 0.0, "radius-not-positive"),
        (114.0, 25.0, -3.0, "radius-not-positive"),
        (114.0, 25.0, NAN, "radius-not-positive"),
        (114.0, 25.0, INF, "radius-not-positive"),
    ],
)
def test_what_cannot_be_is_refused(lon_deg, lat_deg, radius95_m, code):
    with pytest.raises(PositionRefused) as refused:
        Fix(lon_deg, lat_deg, radius95_m)
    assert refused.value.code == code
    assert refused.value.message.zh
    assert refused.value.message.en


def test_an_accuracy_of_zero_is_refused_and_an_unknown_one_is_legal():
    """Lesson 23: accuracy = 0 means mock, manual or perfect, so it says nothing."""
    with pytest.raises(PositionRefused):
        Fix(114.0, 25.0, 0.0)
    assert Fix(114.0, 25.0, None).radius95_m is None


@pytest.mark.parametrize("lon_deg", [-180.0, 180.0])
@pytest.mark.parametrize("lat_deg", [-90.0, 90.0])
def test_the_rims_of_the_world_are_positions(lon_deg, lat_deg):
    assert Fix(lon_deg, lat_deg, 1.0).lon_deg == lon_deg
