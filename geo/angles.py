"""Sine and cosine of half-turns, the same to the last bit everywhere.

Library sines differ between C, numpy and JavaScript in the last digit. A verdict
has to come out the same on the tablet, the laptop and the server, so these are
polynomials of additions and multiplications only, in a fixed order. They take and
return numbers or arrays alike.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Real = TypeVar("Real", float, NDArray[np.float64])

# Taylor, highest power first: (-1)**k * pi**(2k+1) / (2k+1)!
_SINE = (
    -3.137792963448228e-19,
    2.9567015428549106e-17,
    -2.432561179993389e-15,
    1.7302192458361107e-13,
    -1.0518471716932065e-11,
    5.392664662608129e-10,
    -2.2948428997269873e-08,
    7.952054001475513e-07,
    -2.1915353447830217e-05,
    0.00046630280576761255,
    -0.0073704309457143504,
    0.08214588661112823,
    -0.5992645293207921,
    2.5501640398773455,
    -5.16771278004997,
    3.141592653589793,
)
# (-1)**k * pi**(2k) / (2k)!
_COSINE = (
    -7.700707130601354e-11,
    3.604730797462501e-09,
    -1.3878952462213771e-07,
    4.303069587032947e-06,
    -0.0001046381049248457,
    0.0019295743094039231,
    -0.02580689139001406,
    0.2353306303588932,
    -1.3352627688545895,
    4.0587121264167685,
    -4.934802200544679,
    1.0,
)


def sin_half_turns(half_turns: Real) -> Real:
    """Sine of ``half_turns`` times π, within 2e-15, for any finite argument.

    Examples
    --------
    >>> round(sin_half_turns(0.5), 14), round(sin_half_turns(13.5), 14)
    (1.0, -1.0)
    """
    reduced = half_turns - 2.0 * ((half_turns * 0.5 + 0.5) // 1.0)
    square = reduced * reduced
    total = _SINE[0] * square
    for coefficient in _SINE[1:-1]:
        total = (total + coefficient) * square
    return (total + _SINE[-1]) * reduced


def cos_of_latitude(lat_deg: Real) -> Real:
    """Cosine of a latitude in degrees, within 2e-16, for -90 to 90.

    Examples
    --------
    >>> round(cos_of_latitude(60.0), 15)
    0.5
    """
    half_turns = lat_deg / 180.0
    square = half_turns * half_turns
    total = _COSINE[0] * square
    for coefficient in _COSINE[1:-1]:
        total = (total + coefficient) * square
    return total + _COSINE[-1]
