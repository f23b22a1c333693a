/** The edges of borders, in degrees: the port of `geo/edges.py`. */

/**
 * Edges in degrees: starts `x, y` and vectors `alongX, alongY`, as Float64Arrays.
 *
 * @typedef {{x: Float64Array, y: Float64Array, alongX: Float64Array, alongY: Float64Array}} Edges
 */

/** Return every ring of a GeoJSON Polygon or MultiPolygon, shells and holes alike. */
export function ringsOf(geometry) {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

/**
 * Return every edge of every ring, edges without length left out.
 *
 * Each starts at its western end (the southern one, if neither), whichever way the ring
 * runs: so an edge is the same edge for both of its neighbours, bit by bit.
 *
 * @param {{type: string, coordinates: Array}} geometry Polygon or MultiPolygon in degrees
 * @returns {Edges}
 */
export function edgesOf(geometry) {
  const columns = { x: [], y: [], alongX: [], alongY: [] };
  for (const ring of ringsOf(geometry)) {
    for (let n = 1; n < ring.length; n += 1) push(columns, ring[n - 1], ring[n]);
  }
  return edgesFrom(columns);
}

/** Return columns of numbers as Edges. */
export function edgesFrom({ x, y, alongX, alongY }) {
  return {
    x: Float64Array.from(x),
    y: Float64Array.from(y),
    alongX: Float64Array.from(alongX),
    alongY: Float64Array.from(alongY),
  };
}

function push(columns, start, end) {
  if (start[0] === end[0] && start[1] === end[1]) return;
  const isTurned = start[0] > end[0] || (start[0] === end[0] && start[1] > end[1]);
  const west = isTurned ? end : start;
  const east = isTurned ? start : end;
  columns.x.push(west[0]);
  columns.y.push(west[1]);
  columns.alongX.push(east[0] - west[0]);
  columns.alongY.push(east[1] - west[1]);
}
