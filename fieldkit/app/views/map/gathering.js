/** What lies so close together that it would be drawn over each other. Pure. */

/**
 * Return the points in groups, each with the middle of its members. The first of a group
 * takes in what is nearer to it than the radius and not taken yet, so that the same points
 * in the same order make the same groups.
 *
 * @template {{x: number, y: number}} P
 * @param {P[]} points
 * @param {number} radius in the points' unit
 * @returns {Array<{x: number, y: number, members: P[]}>}
 */
export function gathered(points, radius) {
  const cells = new Map();
  for (const point of points) {
    const key = keyOf(point, radius);
    if (!cells.has(key)) cells.set(key, new Set());
    cells.get(key).add(point);
  }
  const groups = [];
  for (const point of points) {
    if (cells.get(keyOf(point, radius)).has(point)) groups.push(groupOf(taken(cells, point, radius)));
  }
  return groups;
}

/** The seed first, then what is near it. */
function taken(cells, seed, radius) {
  const { x, y } = seed;
  cells.get(keyOf(seed, radius)).delete(seed);
  const members = [seed];
  for (const dx of [0, -radius, radius]) {
    for (const dy of [0, -radius, radius]) {
      const cell = cells.get(keyOf({ x: x + dx, y: y + dy }, radius)) ?? [];
      for (const other of cell) {
        if (Math.hypot(other.x - x, other.y - y) >= radius) continue;
        cell.delete(other);
        members.push(other);
      }
    }
  }
  return members;
}

function keyOf({ x, y }, radius) {
  return `${Math.floor(x / radius)},${Math.floor(y / radius)}`;
}

function groupOf(members) {
  const mean = (axis) => members.reduce((sum, member) => sum + member[axis], 0) / members.length;
  return { x: mean("x"), y: mean("y"), members };
}
