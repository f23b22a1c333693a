/** Which positions are so near to another county that they may lie in it. */
import { Border } from "./border.js";
import { edgesFrom, edgesOf } from "./edges.js";

const SHARED = -1;

/**
 * The borders of counties, each edge once, sorted by whose it is: `geo/neighbours.py`.
 *
 * A shared edge is another county's wherever one stands; an edge that only one county
 * has (the rim of the map) counts for all but that county.
 */
export class CountyBorders {
  #edges;
  #shared;
  #rim;
  #ofOthers = new Map();
  #ofOne = new Map();
  #geometries;

  /** @param {Array<{type: string, coordinates: Array}>} geometries of counties, in degrees */
  constructor(geometries) {
    this.#geometries = geometries;
    this.#edges = edgesWithOwner(geometries);
    this.#shared = this.#border((owner) => owner === SHARED);
    this.#rim = this.#border((owner) => owner !== SHARED);
  }

  /** Tell whether another county than `place` (-1: none) is within a band in metres. */
  isOtherNear(place, lonDeg, latDeg, bandM) {
    if (this.#shared?.isWithin(lonDeg, latDeg, bandM)) return true;
    if (!this.#rim?.isWithin(lonDeg, latDeg, bandM)) return false;
    if (!this.#ofOthers.has(place)) {
      const rim = this.#border((owner) => owner !== SHARED && owner !== place);
      this.#ofOthers.set(place, rim);
    }
    return this.#ofOthers.get(place)?.isWithin(lonDeg, latDeg, bandM) ?? false;
  }

  /** Tell whether the border of the county at a place is within a band in metres. */
  isNear(place, lonDeg, latDeg, bandM) {
    if (!this.#ofOne.has(place)) this.#ofOne.set(place, new Border(edgesOf(this.#geometries[place])));
    return this.#ofOne.get(place).isWithin(lonDeg, latDeg, bandM);
  }

  #border(isChosen) {
    const chosen = this.#edges.filter(({ owner }) => isChosen(owner));
    if (chosen.length === 0) return null;
    const column = (name) => chosen.map((edge) => edge[name]);
    const [x, y, alongX, alongY] = ["x", "y", "alongX", "alongY"].map(column);
    return new Border(edgesFrom({ x, y, alongX, alongY }));
  }
}

/** Return each edge once, in the order of the rings, with its county or SHARED. */
function edgesWithOwner(geometries) {
  const known = new Map();
  geometries.forEach((geometry, owner) => {
    const { x, y, alongX, alongY } = edgesOf(geometry);
    for (let n = 0; n < x.length; n += 1) {
      const key = `${x[n]} ${y[n]} ${alongX[n]} ${alongY[n]}`;
      const held = known.get(key);
      if (held) held.owner = SHARED;
      else known.set(key, { x: x[n], y: y[n], alongX: alongX[n], alongY: alongY[n], owner });
    }
  });
  return [...known.values()];
}
