"""Where a track was at an instant, between points that are near in time."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from fieldkit.importing.found import imported_fix
from fieldkit.importing.gpx import TrackPoint
from sync.clock import instant_text

Segments: TypeAlias = tuple[Sequence[TrackPoint], ...]

LONGEST_GAP_S = 120
"""Nobody knows where one was in a longer gap; in this one, a walker nearly does."""


MOST_POINTS = 1_000_000


class Track:
    """Segments of tracks; between two segments nothing is known."""

    def __init__(self, segments: Iterable[Sequence[TrackPoint]]) -> None:
        self._segments = [
            sorted(segment, key=lambda point: point.at) for segment in segments
        ]

    def at(self, instant: datetime) -> dict[str, Any] | None:
        """Return the fix at an instant, its radius unknown; None outside the track.

        Between two points at most 120 s apart it is interpolated in a straight
        line; the basis says over how many seconds.
        """
        for segment in self._segments:
            fix = _between(segment, instant)
            if fix is not None:
                return fix
        return None


def _between(segment: list[TrackPoint], instant: datetime) -> dict[str, Any] | None:
    after = bisect_left(segment, instant, key=lambda point: point.at)
    if after == len(segment):
        return None
    upper = segment[after]
    if upper.at == instant:
        return _fix(upper.lon_deg, upper.lat_deg, instant, "a point of the track")
    if after == 0:
        return None
    lower = segment[after - 1]
    gap_s = (upper.at - lower.at).total_seconds()
    if gap_s > LONGEST_GAP_S or abs(upper.lon_deg - lower.lon_deg) > 180:
        return None
    share = (instant - lower.at).total_seconds() / gap_s
    return _fix(
        lower.lon_deg + share * (upper.lon_deg - lower.lon_deg),
        lower.lat_deg + share * (upper.lat_deg - lower.lat_deg),
        instant,
        f"interpolated over {gap_s:.0f} s",
    )


def _fix(lon: float, lat: float, instant: datetime, how: str) -> dict[str, Any]:
    basis = f"GPX track by the photograph's EXIF time, {how}; not to be trusted"
    return imported_fix(lon, lat, basis=basis, fixed_at=instant_text(instant))


def newest(segments: Sequence[Sequence[TrackPoint]]) -> Segments:
    """Return the last segments that hold at most a million points in all."""
    kept: list[Sequence[TrackPoint]] = []
    points = 0
    for segment in reversed(segments):
        points += len(segment)
        if points > MOST_POINTS:
            break
        kept.append(segment)
    return tuple(reversed(kept))
