/** Counties and protected origins on the map, in the colours of the theme. */
import { ringsOf } from "../../geo/edges.js";

const NAMES_FROM_ZOOM = 8;
/** Below this the band is hardly wider than a line. */
const LEAST_SEEN_PX = 8;
const NEIGHBOUR_NAMES_FROM_ZOOM = 9.5;
/** A finger waits no longer than this for the map to hear it; each stretch paints the whole map once. */
const STRETCH_MS = 16;

/**
 * The reference, drawn a stretch at a time: each area's ground and its band, then the
 * borders of counties. Their names come at the zoom that first shows them.
 *
 * The band is a line as wide as twice the area's tolerance in real metres: within it the
 * border as drawn decides nothing.
 */
export class Ground {
  #areas = [];
  #isGone = false;

  /** @param {import("./field_map.js").FieldMap} map @param {object} reference of the outbox */
  constructor(map, reference) {
    this.map = map;
    this.reference = reference;
    const countiesOf = (isMember) => reference.counties.features.filter(({ properties }) => properties.is_member === isMember);
    this.members = new Counties(map, countiesOf(true), { kind: "member", namesFromZoom: NAMES_FROM_ZOOM });
    this.others = new Counties(map, countiesOf(false), { kind: "other", namesFromZoom: NEIGHBOUR_NAMES_FROM_ZOOM });
  }

  /** Draw everything; resolves when it is there, or nobody looks any more. */
  async draw() {
    this.restyle();
    let began = -Infinity;
    for (const _ of this.#pieces()) {
      if (performance.now() - began < STRETCH_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (this.#isGone) return;
      began = performance.now();
    }
  }

  /** Give everything the colours of the theme and the widths of the zoom. */
  restyle() {
    for (const area of this.#areas) this.#restyleArea(area);
    const { map } = this;
    this.members.restyle({ color: map.colour("ink-soft"), weight: 1.25, opacity: 0.9 });
    this.others.restyle({ color: map.colour("edge-strong"), weight: 1, opacity: 0.7, dashArray: "5 4" });
  }

  /** The map is gone: what is not drawn yet never will be. */
  stop() {
    this.#isGone = true;
  }

  *#pieces() {
    for (const document of this.reference.areas) {
      const area = drawArea(this.map, document);
      this.#areas.push(area);
      this.#restyleArea(area);
      yield;
    }
    yield* this.members.pieces();
    yield* this.others.pieces();
  }

  #restyleArea({ fill, line, band, toleranceM }) {
    const { map } = this;
    const brand = map.colour("brand");
    fill.setStyle({ fillColor: brand, fillOpacity: 0.09 });
    const weight = Math.max((2 * toleranceM) / map.metresPerPixel, 1);
    line.setStyle({ color: brand, weight: weight < LEAST_SEEN_PX ? 1.25 : 2.5 });
    band.setStyle({ color: map.colour("orange"), opacity: weight < LEAST_SEEN_PX ? 0.6 : 0.32, weight });
  }
}

/** The counties of one kind: their borders, and their names from a zoom on. */
class Counties {
  #names = null;
  #style = {};

  constructor(map, features, { kind, namesFromZoom }) {
    Object.assign(this, { map, features, kind, namesFromZoom });
    this.lines = map.L.featureGroup().addTo(map.leaflet);
  }

  *pieces() {
    for (const { geometry } of this.features) {
      this.lines.addLayer(this.map.L.polyline(linesOf(geometry), { interactive: false, ...this.#style }));
      yield;
    }
  }

  restyle(style) {
    this.#style = style;
    this.lines.setStyle(style);
    const { L, leaflet } = this.map;
    if (leaflet.getZoom() < this.namesFromZoom) {
      this.#names?.remove();
      return;
    }
    this.#names ??= L.layerGroup(this.features.map((feature) => nameOf(L, feature, this.kind)));
    this.#names.addTo(leaflet);
  }
}

function drawArea({ L, leaflet }, document) {
  const lines = linesOf(document.geometry);
  const fill = L.geoJSON(document, { style: { stroke: false }, interactive: false }).addTo(leaflet);
  // Unclipped: where a wide line is cut at the window's edge, the cut would show.
  const terms = { interactive: false, noClip: true, lineJoin: "round" };
  const band = L.polyline(lines, terms).addTo(leaflet);
  const line = L.polyline(lines, terms).addTo(leaflet);
  return { fill, line, band, toleranceM: document.properties.tolerance_m };
}

/** Return every ring as Leaflet writes a line: [lat, lon] in degrees. */
function linesOf(geometry) {
  return ringsOf(geometry).map((ring) => ring.map(([lon, lat]) => [lat, lon]));
}

function nameOf(L, { geometry, properties }, kind) {
  const text = document.createElement("span");
  text.textContent = properties.name;
  const icon = L.divIcon({ className: `county-name ${kind}`, html: text, iconSize: null });
  return L.marker(middleOf(geometry), { icon, interactive: false, keyboard: false });
}

/** Return [lat, lon] of the centre of gravity of the largest ring. */
function middleOf(geometry) {
  const [largest] = ringsOf(geometry)
    .map((ring) => gravity(ring))
    .sort((one, other) => Math.abs(other.area) - Math.abs(one.area));
  return [largest.y, largest.x];
}

function gravity(ring) {
  const [originX, originY] = ring[0];
  let area = 0;
  let x = 0;
  let y = 0;
  for (let n = 1; n < ring.length; n += 1) {
    const [startX, startY] = [ring[n - 1][0] - originX, ring[n - 1][1] - originY];
    const [endX, endY] = [ring[n][0] - originX, ring[n][1] - originY];
    const cross = startX * endY - endX * startY;
    area += cross;
    x += (startX + endX) * cross;
    y += (startY + endY) * cross;
  }
  return { area, x: originX + x / (3 * area), y: originY + y / (3 * area) };
}
