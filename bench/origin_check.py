"""Bulk origin check: a million positions around Ganzhou, against geopandas.sjoin.

Ours and the peer take turns in one process, three rounds, medians; ours starts from
fresh polygons each time, so that laying out its grids is in the time. The peer is
given its points and frames beforehand. Labels are asserted, not assumed: equal to the
peer's for every position, and to scalar ``covers`` on a sample and on every position
near a border. First bar: 2 times the peer; aim 8.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, TypeAlias

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import Area, area_from_document
from geo.counties import CountyMap
from geo.fix import Fix
from geo.origin import check_origin, check_origin_many, covers_many
from geo.package_data import counties_document, default_area, default_area_document

ROUNDS = 3
FIRST_BAR, AIM = 2.0, 8.0
RADIUS95_M = 10.0
NEAR_BORDER_M = 50.0
SAMPLE = 20_000
SINGLE_CHECKS = 2_000

Floats: TypeAlias = NDArray[np.float64]
Job: TypeAlias = Callable[[], Any]


def main(words: list[str]) -> int:
    """Measure, compare and print; return 1 if the labels missed the first bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="100,000 positions only")
    size = 100_000 if parser.parse_args(words).small else 1_000_000
    lon, lat = positions_around_ganzhou(size)
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lon, lat))
    print(
        f"  {size:,} positions, {ROUNDS} rounds, medians, peak memory above the start"
    )
    slowest = min(
        compare_area(points, lon, lat),
        compare_counties(points, lon, lat),
    )
    time_single_checks(lon, lat)
    return 0 if slowest >= FIRST_BAR else 1


def positions_around_ganzhou(size: int) -> tuple[Floats, Floats]:
    """Return random positions in the origin's box and 0.2 degrees around it."""
    west, south, east, north = default_area().geometry.bounds
    generator = np.random.default_rng(20231202)
    lon = generator.uniform(west - 0.2, east + 0.2, size)
    lat = generator.uniform(south - 0.2, north + 0.2, size)
    return lon, lat


def fresh_area() -> Area:
    """Return the shipped origin, nothing laid out yet."""
    return area_from_document(default_area_document())


def fresh_counties() -> CountyMap:
    """Return the shipped counties, nothing laid out yet."""
    return CountyMap.from_geojson(counties_document())


def compare_area(points: geopandas.GeoDataFrame, lon: Floats, lat: Floats) -> float:
    """Compare labels in or out of the origin, and the full verdict."""
    polygons = geopandas.GeoDataFrame(geometry=[default_area().geometry])
    areas = [fresh_area() for _ in range(2 * ROUNDS)]
    label, verdict, peer = in_turn(
        lambda: covers_many(areas.pop(), lon, lat),
        lambda: check_origin_many(areas.pop(), lon, lat, RADIUS95_M),
        lambda: joined(points, polygons) == 0,
    )
    require_scalar_labels(label.answer, lon, lat)
    if not (label.answer == peer.answer).all():
        raise SystemExit("the peer labels otherwise")
    ratio = show("origin: inside or not", label, peer)
    show("origin: verdict, distance, band", verdict, peer)
    return ratio


def compare_counties(points: geopandas.GeoDataFrame, lon: Floats, lat: Floats) -> float:
    """Compare county labels, without and with the flag of ambiguity."""
    counties = fresh_counties()
    polygons = geopandas.GeoDataFrame(geometry=[c.geometry for c in counties.counties])
    maps = [fresh_counties() for _ in range(2 * ROUNDS)]
    unknown = np.full(len(lon), np.nan)
    label, flagged, peer = in_turn(
        lambda: maps.pop().locate_many(lon, lat, unknown),
        lambda: maps.pop().locate_many(lon, lat, RADIUS95_M),
        lambda: joined(points, polygons),
    )
    if not (label.answer.place == peer.answer).all():
        raise SystemExit("the peer finds other counties")
    ratio = show("county of 95", label, peer)
    show("county of 95, ambiguous or not", flagged, peer)
    return ratio


def joined(
    points: geopandas.GeoDataFrame, polygons: geopandas.GeoDataFrame
) -> NDArray[np.int64]:
    """Return the place of each point's first polygon by the peer, or -1."""
    found = points.sjoin(polygons, how="left", predicate="intersects")
    first = found["index_right"].groupby(level=0).min()
    return first.fillna(-1).to_numpy(dtype=np.int64)


class Timed:
    """A job's rounds: seconds, the peak of memory above its start, the answer."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.peak_mib = 0.0
        self.answer: Any = None

    @property
    def median_s(self) -> float:
        """The median of the rounds."""
        return median(self.seconds)

    def run(self, job: Job) -> None:
        """Run the job once more."""
        before = begin_peak_mib()
        start = perf_counter()
        self.answer = job()
        self.seconds.append(perf_counter() - start)
        self.peak_mib = max(self.peak_mib, peak_mib() - before)


def in_turn(*jobs: Job) -> list[Timed]:
    """Run the jobs one after the other, as often as there are rounds."""
    timed = [Timed() for _ in jobs]
    for _ in range(ROUNDS):
        for one, job in zip(timed, jobs, strict=True):
            one.run(job)
    return timed


def show(name: str, ours: Timed, peer: Timed) -> float:
    """Print a line and return how many times faster ours is."""
    ratio = peer.median_s / ours.median_s
    rate = len(peer.answer) / ours.median_s / 1e6
    print(
        f"  {name:32s} {ours.median_s:7.3f} s {rate:5.1f} M/s {ours.peak_mib:4.0f} MiB"
        f"   sjoin {peer.median_s:6.2f} s {peer.peak_mib:4.0f} MiB   {ratio:6.1f} x"
    )
    return ratio


def require_scalar_labels(labels: NDArray[np.bool_], lon: Floats, lat: Floats) -> None:
    """Stop unless labels equal ``covers`` on a sample and near the border."""
    area = default_area()
    near = area.border.metres_from_many(lon, lat) <= NEAR_BORDER_M
    sample = np.random.default_rng(1).integers(0, len(lon), SAMPLE)
    rows = np.union1d(np.flatnonzero(near), sample)
    points = shapely.points(lon[rows], lat[rows])
    scalar = [bool(shapely.covers(area.geometry, point)) for point in points]
    if not (labels[rows] == scalar).all():
        raise SystemExit("labels differ from scalar covers")
    print(
        f"  labels equal scalar covers for {len(rows):,} positions, "
        f"all {int(near.sum()):,} within {NEAR_BORDER_M:.0f} m of the border among them"
    )


def time_single_checks(lon: Floats, lat: Floats) -> None:
    """Print how long one scalar check takes."""
    area = default_area()
    start = perf_counter()
    for row in range(SINGLE_CHECKS):
        check_origin(area, Fix(float(lon[row]), float(lat[row]), RADIUS95_M))
    each_us = (perf_counter() - start) / SINGLE_CHECKS * 1e6
    print(f"  one position at a time           {each_us:7.1f} µs each")


def begin_peak_mib() -> float:
    """Forget the peak of memory so far (Linux) and return the memory held now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status_mib("VmRSS:")


def peak_mib() -> float:
    """Return the peak of memory since `begin_peak_mib`."""
    return _status_mib("VmHWM:")


def _status_mib(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
