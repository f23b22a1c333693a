"""Positions of every awkward kind, the same ones each time."""

import random
from typing import NamedTuple, TypeAlias

import shapely

from geo.datum import Datum
from geo.package_data import default_area, load_counties

SEED = 20231202
DATUMS = [datum.value for datum in Datum]
RADII_M = [None, 12.0, 1500.0, 0.1, 35.5, 700.0]
GANZHOU_AND_AROUND = (113.0, 23.8, 117.5, 27.8)


Position: TypeAlias = tuple[float, float]
Lines: TypeAlias = list[list[Position]]


class Point(NamedTuple):
    """A position as a record writes it."""

    lon_deg: float
    lat_deg: float
    radius95_m: float | None
    datum: str


def field_points(count: int) -> list[Point]:
    """Return `count` positions; a shorter list is not the beginning of a longer one."""
    dice = random.Random(SEED)
    lines = _lines()
    kinds = (_anywhere, _near, _near, _on_vertex, _on_edge, _far_away, _beside_vertex)
    return [_point(dice, kinds[n % len(kinds)](dice, lines)) for n in range(count)]


def _point(dice: random.Random, at: Position) -> Point:
    return Point(*at, dice.choice(RADII_M), dice.choice(DATUMS))


def _lines() -> Lines:
    """The rings of the area (often: its border matters most) and of every county."""
    counties = load_counties().counties
    ours = [county.geometry for county in counties if county.is_member]
    every = [default_area().geometry] * 60 + ours * 3 + [c.geometry for c in counties]
    rings = shapely.get_rings(shapely.get_parts(every))
    return [list(ring.coords) for ring in rings]


def _anywhere(dice: random.Random, _lines: object) -> Position:
    west, south, east, north = GANZHOU_AND_AROUND
    return dice.uniform(west, east), dice.uniform(south, north)


def _far_away(dice: random.Random, _lines: object) -> Position:
    return dice.uniform(-180.0, 180.0), dice.uniform(-89.0, 89.0)


def _edge(dice: random.Random, lines: Lines) -> tuple[float, float, float, float]:
    ring = dice.choice(lines)
    place = dice.randrange(len(ring) - 1)
    return (*ring[place], *ring[place + 1])


def _on_vertex(dice: random.Random, lines: Lines) -> Position:
    return _edge(dice, lines)[:2]


def _beside_vertex(dice: random.Random, lines: Lines) -> Position:
    """A last digit beside a vertex, or level with one: where rounding would show."""
    x, y = _on_vertex(dice, lines)
    step = dice.choice((0.0, 1.5e-14, -1.5e-14, 1e-9, -1e-9, 0.01))
    return dice.choice(((x + step, y), (x, y + step), (x - step, y + step)))


def _on_edge(dice: random.Random, lines: Lines) -> Position:
    """As nearly on an edge as a double can be, now and then exactly."""
    x, y, end_x, end_y = _edge(dice, lines)
    part = dice.choice((0.5, 0.25, 0.125, dice.random()))
    return x + part * (end_x - x), y + part * (end_y - y)


def _near(dice: random.Random, lines: Lines) -> Position:
    x, y = _on_edge(dice, lines)
    reach = dice.choice((0.0001, 0.005, 0.03))
    return x + dice.uniform(-reach, reach), y + dice.uniform(-reach, reach)
