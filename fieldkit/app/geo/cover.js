/**
 * Which polygon covers a position, decided exactly: `covers` as the OGC has it.
 *
 * A border belongs to its polygon, a hole does not, a hole's border does. On which side
 * of an edge a position lies is decided by an exact orientation test.
 */
import { orient2d } from "../vendor/robust-predicates/orient2d.js";
import { ringsOf } from "./edges.js";

export const NOWHERE = -1;

/** Polygons of which the first that covers a position has it. */
export class Cover {
  #polygons;

  /** @param {Array<{type: string, coordinates: Array}>} geometries valid, in degrees */
  constructor(geometries) {
    this.#polygons = geometries.map((geometry) => prepared(geometry));
  }

  /** Return the place of the polygon that has the position, or NOWHERE. */
  placeOf(lonDeg, latDeg) {
    return this.#polygons.findIndex((polygon) => covers(polygon, lonDeg, latDeg));
  }
}

function prepared(geometry) {
  const rings = ringsOf(geometry).map((ring) => Float64Array.from(ring.flatMap(([x, y]) => [x, y])));
  const bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
  for (const ring of rings) {
    for (let n = 0; n < ring.length; n += 2) {
      bounds.west = Math.min(bounds.west, ring[n]);
      bounds.east = Math.max(bounds.east, ring[n]);
      bounds.south = Math.min(bounds.south, ring[n + 1]);
      bounds.north = Math.max(bounds.north, ring[n + 1]);
    }
  }
  return { rings, bounds };
}

function covers({ rings, bounds }, x, y) {
  if (!(bounds.west <= x && x <= bounds.east && bounds.south <= y && y <= bounds.north)) return false;
  let isInside = false;
  for (const ring of rings) {
    for (let n = 2; n < ring.length; n += 2) {
      const side = crossing(ring[n - 2], ring[n - 1], ring[n], ring[n + 1], x, y);
      if (side === ON_EDGE) return true;
      if (side === CROSSED) isInside = !isInside;
    }
  }
  return isInside;
}

const MISSED = 0;
const CROSSED = 1;
const ON_EDGE = 2;

/** Tell how the ray from (x, y) to the east meets an edge; exact for every double. */
function crossing(startX, startY, endX, endY, x, y) {
  if (startX < x && endX < x) return MISSED;
  if (x === endX && y === endY) return ON_EDGE;
  if (startY === y && endY === y) {
    return Math.min(startX, endX) <= x && x <= Math.max(startX, endX) ? ON_EDGE : MISSED;
  }
  const isStartAbove = startY > y;
  if (isStartAbove === endY > y) return MISSED;
  // Positive where the position is to the right of start to end, y pointing upward.
  const right = orient2d(startX, startY, endX, endY, x, y);
  if (right === 0) return ON_EDGE;
  return right > 0 === isStartAbove ? CROSSED : MISSED;
}
