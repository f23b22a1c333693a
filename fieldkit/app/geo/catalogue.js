/** Which version of a protected origin is in force on a day: `geo/catalogue.py`. */

/**
 * Areas by right and day. Versions of one right may share days only if one supersedes
 * the other, directly or through versions between; the superseding one then holds.
 */
export class AreaCatalogue {
  #byRight = new Map();

  /** @param {Iterable<import("./area.js").Area>} areas as the server published them */
  constructor(areas) {
    for (const area of areas) {
      const versions = this.#byRight.get(area.right) ?? new Map();
      versions.set(area.version, area);
      this.#byRight.set(area.right, versions);
    }
  }

  /** Every area, by right, first day in force and version. */
  get areas() {
    const key = (area) => [area.right, area.inForceFrom, area.version];
    const all = [...this.#byRight.values()].flatMap((versions) => [...versions.values()]);
    return all.sort((one, other) => compare(key(one), key(other)));
  }

  /** Return the area of a right that decides for acts on a day ("2023-12-02"), or null. */
  at(right, on) {
    const versions = [...(this.#byRight.get(right)?.values() ?? [])];
    const inForce = versions.filter((area) => area.isInForce(on));
    const decides = (area) => inForce.every((other) => other === area || this.#supersedes(area, other));
    return inForce.find(decides) ?? null;
  }

  #supersedes(area, other) {
    const versions = this.#byRight.get(area.right);
    const seen = new Set();
    let version = area.supersedes;
    while (version !== null && !seen.has(version)) {
      if (version === other.version) return true;
      seen.add(version);
      version = versions.get(version)?.supersedes ?? null;
    }
    return false;
  }
}

function compare(one, other) {
  const place = one.findIndex((value, n) => value !== other[n]);
  if (place < 0) return 0;
  return one[place] < other[place] ? -1 : 1;
}
