/** Where I am, on the map and in words; it follows while it is switched on. */
import { requireFix } from "../../geo/fix.js";
import { toWgs84 } from "../../geo/datum.js";
import { placeWords } from "./place_words.js";
import { watchPosition } from "../record/position_source.js";

export class Here {
  #map;
  #reference;
  #layer;
  #stop = null;
  #hasMoved = false;

  /**
   * @param {import("./field_map.js").FieldMap} map
   * @param {{outbox: object}} context
   * @param {object} reference
   * @param {{source: HTMLElement, onWords: (lines: Array<{zh: string, en: string}>) => void,
   *   onProblem: (problem: Error) => void}} told `source` shows which receiver, where there
   *   are several
   */
  constructor(map, context, reference, told) {
    Object.assign(this, told);
    this.#map = map;
    this.context = context;
    this.#reference = reference;
    this.#layer = map.L.layerGroup().addTo(map.leaflet);
  }

  /** Whether the position is being followed. */
  get isOn() {
    return this.#stop !== null;
  }

  /** Begin to follow; the map moves to the first fix. */
  start() {
    this.#hasMoved = false;
    this.#stop = watchPosition(this, this.source, (fix) => this.#take(fix), (problem) => this.onProblem(problem));
  }

  /** Follow no more, and take the mark away. */
  stop() {
    this.#stop?.();
    this.#stop = null;
    this.#layer.clearLayers();
    this.source.replaceChildren();
    this.onWords([]);
  }

  #take(fix) {
    const { L, leaflet } = this.#map;
    const known = requireFix(fix, "fix");
    const { lonDeg, latDeg } = toWgs84(known.lonDeg, known.latDeg, known.datum);
    const blue = this.#map.colour("blue");
    this.#layer.clearLayers();
    const at = [latDeg, lonDeg];
    if (known.radius95M !== null) {
      const terms = { radius: known.radius95M, color: blue, weight: 1.5, fillColor: blue, fillOpacity: 0.15, interactive: false };
      this.#layer.addLayer(L.circle(at, terms));
    }
    const card = this.#map.colour("card");
    const dot = { radius: 7, color: card, weight: 3, fillColor: blue, fillOpacity: 1, interactive: false };
    this.#layer.addLayer(L.circleMarker(at, dot));
    if (!this.#hasMoved) leaflet.setView(at, Math.max(leaflet.getZoom(), 13));
    this.#hasMoved = true;
    this.onWords(placeWords(fix, this.#reference));
  }
}
