"""What a receiver says of one moment, and the fix that a record makes of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite, log, sqrt
from typing import Any

from sync.clock import instant_text

R95_PER_SIGMA = sqrt(-2 * log(0.05))
"""2.448: the radius that holds 95 % of a circular normal scatter, in its sigmas.

It is 1.62 times the radius that holds 68 % (``sqrt(-2 ln 0.32)`` = 1.51 sigmas).
"""
R95_PER_R68 = R95_PER_SIGMA / sqrt(-2 * log(0.32))
UERE_M = 5.0
"""Stated error of one range (1 sigma) where a receiver gives no error of its own.

A civil single-frequency receiver under open sky; leaves and walls make it worse,
which is why a radius made of it is said to be estimated.
"""
_NO_EARLIER_THAN = datetime(2023, 1, 1, tzinfo=UTC)
_LEAST_RADIUS_M, _MOST_RADIUS_M = 0.1, 1_000_000.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A position in WGS 84, degrees; ``dimension`` is 2 or 3, None if unsaid.

    ``radius95_m`` is None where nothing is known of the error. ``basis`` says in
    the receiver's terms what it rests on, and ``is_estimated`` tells a radius of
    ours from one of the receiver's own.
    """

    lon_deg: float
    lat_deg: float
    radius95_m: float | None
    basis: str
    is_estimated: bool
    dimension: int | None = None
    satellites: int | None = None
    fixed_at: datetime | None = None
    is_mock: bool = False

    def fix(self) -> dict[str, Any]:
        """Return the fix as a record's schema has it, ``source`` external.

        The time is the satellites'; it is left out where a receiver's week
        number rolled over (a date before this software was).
        """
        told = self.fixed_at
        is_told = told is not None and told >= _NO_EARLIER_THAN
        return {
            "lon_deg": round(self.lon_deg, 8),
            "lat_deg": round(self.lat_deg, 8),
            "datum": "WGS84",
            "radius95_m": _rounded(self.radius95_m),
            "source": "external",
            "is_mock": True if self.is_mock else None,
            "fixed_at": instant_text(told) if told is not None and is_told else None,
            "basis": f"{self.basis}; simulated" if self.is_mock else self.basis,
        }

    def details(self) -> dict[str, Any]:
        """Return what is shown beside the fix and is no part of the record."""
        return {
            "dimension": self.dimension,
            "satellites": self.satellites,
            "is_estimated": self.is_estimated,
        }


def hdop_basis(protocol: str, hdop: float | None) -> str:
    """Return the words for what `radius95_of_hdop` made, or for knowing nothing."""
    if radius95_of_hdop(hdop) is None:
        return f"{protocol} without accuracy"
    return f"{protocol} HDOP {hdop:g}, UERE {UERE_M:g} m, 2 x HDOP x UERE"


def radius95_of_sigmas(*sigmas_m: float | None) -> float | None:
    """Return the 95 % radius of 1-sigma errors: that of a circle on the larger one."""
    known = [sigma for sigma in sigmas_m if sigma is not None and isfinite(sigma)]
    largest = max(known, default=0.0)
    return largest * R95_PER_SIGMA if largest > 0 else None


def radius95_of_hdop(hdop: float | None) -> float | None:
    """Return an estimate from the satellites' geometry: 2 x HDOP x the stated UERE.

    Twice the distance root mean square holds 95 to 98 %. Receivers without a
    fix say 99.99 or 0: that is no geometry.
    """
    if hdop is None or not 0 < hdop < 50:
        return None
    return 2 * hdop * UERE_M


def _rounded(radius95_m: float | None) -> float | None:
    if radius95_m is None or not isfinite(radius95_m):
        return None
    return min(max(round(radius95_m, 2), _LEAST_RADIUS_M), _MOST_RADIUS_M)
