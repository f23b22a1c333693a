/**
 * Whether a part of an administrative unit lies farther in or out of an area than a band.
 *
 * The unit's polygon is searched for such a place by halving squares: how far a position
 * is from a border changes by no more than one metre a metre, so that most squares are
 * settled by their middle. A place narrower than FINEST_M is drawing noise.
 */
import { Border } from "./border.js";
import { Cover, NOWHERE } from "./cover.js";
import { edgesOf } from "./edges.js";
import { metresPerDegree } from "./plane.js";

const FINEST_M = 10.0;

/** Whether some of the unit is inside the area by more than `bandM` metres. */
export function farthestIn(area, unit, bandM) {
  return hasPlace(area, unit, (inside) => inside - bandM);
}

/** Whether some of the unit is outside the area by more than `bandM` metres. */
export function farthestOut(area, unit, bandM) {
  return hasPlace(area, unit, (inside) => 0.0 - inside - bandM);
}

function hasPlace(area, unit, beyond) {
  const toPlane = localPlane(area);
  const ofArea = signedDistance(onPlane(area, toPlane));
  const unitOnPlane = onPlane(unit, toPlane);
  const ofUnit = signedDistance(unitOnPlane);
  const waiting = [squareAround(unitOnPlane)];
  while (waiting.length > 0) {
    const { x, y, half } = waiting.pop();
    const room = Math.min(beyond(ofArea(x, y)), ofUnit(x, y));
    if (room > 0.0) return true;
    if (room + half * Math.SQRT2 <= FINEST_M) continue;
    const step = half / 2.0;
    for (const [dx, dy] of QUARTERS) waiting.push({ x: x + dx * step, y: y + dy * step, half: step });
  }
  return false;
}

const QUARTERS = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

/** Return the distance in metres to a border, positive inside, on the plane. */
function signedDistance(geometry) {
  const border = new Border(edgesOf(geometry), () => ({ east: 1.0, north: 1.0 }));
  const cover = new Cover([geometry]);
  return (x, y) => (cover.placeOf(x, y) === NOWHERE ? -1.0 : 1.0) * border.metresFrom(x, y);
}

/** Return the way to metres on the plane that touches at the geometry's middle. */
function localPlane(geometry) {
  const box = boundsOf(geometry);
  const middleX = (box.west + box.east) / 2.0;
  const middleY = (box.south + box.north) / 2.0;
  const { east, north } = metresPerDegree(middleY);
  return ([x, y]) => [(x - middleX) * east, (y - middleY) * north];
}

function onPlane({ type, coordinates }, toPlane) {
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  return {
    type: "MultiPolygon",
    coordinates: polygons.map((rings) => rings.map((ring) => ring.map(toPlane))),
  };
}

function squareAround(geometry) {
  const box = boundsOf(geometry);
  const half = Math.max(box.east - box.west, box.north - box.south) / 2.0;
  return { x: (box.west + box.east) / 2.0, y: (box.south + box.north) / 2.0, half };
}

/** Return `{west, south, east, north}` of a Polygon or MultiPolygon. */
export function boundsOf({ type, coordinates }) {
  const points = coordinates.flat(type === "Polygon" ? 1 : 2);
  const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const [x, y] of points) {
    box.west = Math.min(box.west, x);
    box.east = Math.max(box.east, x);
    box.south = Math.min(box.south, y);
    box.north = Math.max(box.north, y);
  }
  return box;
}
