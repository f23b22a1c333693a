"""A border asked whether positions are within a band gives what distances give."""

import numpy as np
import pytest

from geo.border import Border
from geo.package_data import load_counties
from geo.plane import rounded_many_m

COUNT = 3000


def border() -> Border:
    """The counties' border, as if asked for the first time."""
    return Border(load_counties().border.edges)


@pytest.mark.parametrize("is_first_time", [True, False])
def test_within_a_band_is_what_the_rounded_distance_says(is_first_time: bool) -> None:
    drawn = np.random.default_rng(7)
    lon = drawn.uniform(113.5, 117.0, COUNT)
    lat = drawn.uniform(24.0, 27.5, COUNT)
    metres = rounded_many_m(border().metres_from_many(lon, lat))
    # Bands about the distance itself, to the last tenth of a metre, and some others.
    band = metres + drawn.choice([-5000.0, -0.1, 0.0, 0.1, 5000.0], COUNT)
    asked = border()
    if not is_first_time:  # after very many questions it answers from a grid
        asked.metres_from_many(np.tile(lon, 7), np.tile(lat, 7))
    assert (asked.is_within(lon, lat, band) == (metres <= band)).all()
    assert 0 < (metres <= band).sum() < COUNT
