"""Sines that come out the same in every language."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.angles import cos_of_latitude, sin_half_turns


@given(st.floats(-90.0, 90.0))
def test_the_cosine_of_a_latitude_is_the_cosine(lat_deg):
    assert abs(cos_of_latitude(lat_deg) - math.cos(math.radians(lat_deg))) < 4e-16


@given(st.floats(-2000.0, 2000.0))
def test_the_sine_of_half_turns_is_the_sine(half_turns):
    # The library's own argument, half_turns * pi, is off by a part in 2**53.
    expected = math.sin(math.pi * math.fmod(half_turns, 2.0))
    assert abs(sin_half_turns(half_turns) - expected) < 4e-15


@given(st.lists(st.floats(-90.0, 90.0), min_size=1, max_size=70))
def test_arrays_have_the_bits_of_single_numbers(angles):
    many = np.array(angles)
    assert cos_of_latitude(many).tolist() == [cos_of_latitude(a) for a in angles]
    assert sin_half_turns(many).tolist() == [sin_half_turns(a) for a in angles]


def test_a_client_in_another_language_can_check_itself_on_these_bits():
    assert cos_of_latitude(25.83).hex() == "0x1.ccd8b24063daap-1"
    assert sin_half_turns(114.93 / 12).hex() == "-0x1.f0e6397835157p-1"
