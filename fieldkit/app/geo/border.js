/**
 * How far a border is from a position: the port of `geo/border.py`.
 *
 * Edges are kept in bundles of neighbours with a box around each, and only the bundles
 * that can hold the nearest edge are measured. The answer is that of measuring every
 * edge, to the last bit.
 */
import { metresPerDegree, roundedM } from "./plane.js";

const BUNDLE = 32;
// A bundle is left out only if it is farther by more than rounding could hide (1 mm).
const SLACK = 1.0 + 1e-9;
const SLACK_SQ_M = 1e-6;
const NEVER_ZERO = 1e-300;

export class Border {
  #edges;
  #scaleAt;
  #boxes;
  #atLeast;

  /**
   * @param {import("./edges.js").Edges} edges at least one, in degrees
   * @param {(latDeg: number) => {east: number, north: number}} [scaleAt] metres per degree
   */
  constructor(edges, scaleAt = metresPerDegree) {
    this.#edges = edges;
    this.#scaleAt = scaleAt;
    this.#boxes = boxesOf(edges);
    this.#atLeast = new Float64Array(this.#boxes.length);
  }

  /** Return the distance to the nearest edge in metres, not rounded. */
  metresFrom(lonDeg, latDeg) {
    const { east, north } = this.#scaleAt(latDeg);
    const first = this.#nearestBox(lonDeg, latDeg, east, north);
    let squared = this.#squaredOfBundle(first, lonDeg, latDeg, east, north);
    const reach = squared * SLACK + SLACK_SQ_M;
    for (let bundle = 0; bundle < this.#boxes.length; bundle += 1) {
      if (bundle === first || this.#atLeast[bundle] > reach) continue;
      const rival = this.#squaredOfBundle(bundle, lonDeg, latDeg, east, north);
      if (rival < squared) squared = rival;
    }
    return Math.sqrt(squared);
  }

  /** Tell whether the distance, rounded as it is compared, is within a band in metres. */
  isWithin(lonDeg, latDeg, bandM) {
    return roundedM(this.metresFrom(lonDeg, latDeg)) <= bandM;
  }

  /** Fill in the squared distance to each bundle's box; return the nearest box's place. */
  #nearestBox(lonDeg, latDeg, east, north) {
    let nearest = 0;
    for (let bundle = 0; bundle < this.#boxes.length; bundle += 1) {
      const box = this.#boxes[bundle];
      const dx = Math.max(Math.max(box.west - lonDeg, lonDeg - box.east), 0.0) * east;
      const dy = Math.max(Math.max(box.south - latDeg, latDeg - box.north), 0.0) * north;
      this.#atLeast[bundle] = dx * dx + dy * dy;
      if (this.#atLeast[bundle] < this.#atLeast[nearest]) nearest = bundle;
    }
    return nearest;
  }

  #squaredOfBundle(bundle, lonDeg, latDeg, east, north) {
    const { x, y, alongX, alongY } = this.#edges;
    const after = Math.min((bundle + 1) * BUNDLE, x.length);
    let least = Infinity;
    for (let edge = bundle * BUNDLE; edge < after; edge += 1) {
      const startX = (x[edge] - lonDeg) * east;
      const startY = (y[edge] - latDeg) * north;
      const dx = alongX[edge] * east;
      const dy = alongY[edge] * north;
      const length = Math.max(dx * dx + dy * dy, NEVER_ZERO);
      const part = Math.min(Math.max(-(startX * dx + startY * dy) / length, 0.0), 1.0);
      const nearX = startX + part * dx;
      const nearY = startY + part * dy;
      const squared = nearX * nearX + nearY * nearY;
      if (squared < least) least = squared;
    }
    return least;
  }
}

function boxesOf({ x, y, alongX, alongY }) {
  const boxes = [];
  for (let start = 0; start < x.length; start += BUNDLE) {
    const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
    for (let edge = start; edge < Math.min(start + BUNDLE, x.length); edge += 1) {
      widen(box, x[edge], y[edge]);
      widen(box, x[edge] + alongX[edge], y[edge] + alongY[edge]);
    }
    boxes.push(box);
  }
  return boxes;
}

function widen(box, x, y) {
  box.west = Math.min(box.west, x);
  box.east = Math.max(box.east, x);
  box.south = Math.min(box.south, y);
  box.north = Math.max(box.north, y);
}
