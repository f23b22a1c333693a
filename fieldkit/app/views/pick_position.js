/** Placing a pin on the offline map: a cross in the middle, the map moves under it. */
import "../words/map.js";
import { requirePosition } from "../geo/fix.js";
import { toWgs84 } from "../geo/datum.js";
import { asProblem, Problem } from "../problem.js";
import { say, sayEither } from "../words.js";
import { button, fill, h, newId } from "./dom.js";
import { basemapOfFile } from "./map/basemap.js";
import { keptBasemap } from "./map/basemap_store.js";
import { mapBundles } from "./map/bundles.js";
import { FieldMap } from "./map/field_map.js";
import { approval } from "./map/legend.js";
import { placeWords } from "./map/place_words.js";
import { ask } from "./modal.js";

const SVG = "http://www.w3.org/2000/svg";
const THUMB_PX = 24;
/** County borders alone are drawn to 700 m: who has only them to go by is no more exact. */
const BARE_RADIUS_M = 1000;
const BASEMAP_RADIUS_M = 50;
const TYPED_RADIUS_M = 50;
const CLOSE_ZOOM = 16;
/** A pin that says less than this is none: the map is shown closer first. */
const COARSE_M = 5000;
const TYPED = /^\s*([+-]?[0-9]+(?:\.[0-9]+)?)[\s,，]+([+-]?[0-9]+(?:\.[0-9]+)?)\s*$/;

/**
 * Ask for a position and resolve to it, null if the person gave up.
 *
 * `radius95_m` says how exact a pin can be: a thumb at the scale of the map, no better
 * than what the map shows to go by.
 *
 * @param {{reference: () => Promise<object>, tell: (problem: Error) => void}} context
 * @param {{fix?: object | null}} [begin] where the map begins, as a record writes it
 * @returns {Promise<{lon_deg: number, lat_deg: number, radius95_m: number, datum: string} | null>}
 */
export async function pickPosition(context, { fix = null } = {}) {
  const [reference, { L }] = await Promise.all([context.reference(), mapBundles()]);
  return ask(say("pick.position"), (answer) => {
    const picker = new PositionPicker(L, reference, context, answer);
    return { content: picker.content, opened: () => picker.open(fix), closed: () => picker.close() };
  });
}

class PositionPicker {
  #basemap = null;
  #typed = null;
  #words = h("div", { class: "map-words", role: "status" });
  #hint = h("p", { class: "soft", role: "status" }, say("pick.position-how"));
  #place = h("div", { class: "field-map" });

  constructor(L, reference, context, answer) {
    Object.assign(this, { L, reference, context });
    const frame = h("div", { class: "map-frame" }, this.#place, crosshair(), h("p", { class: "map-approval" }, approval(reference)));
    const actions = h("div", { class: "actions" }, button(say("pick.take"), () => this.#taken(answer), { kind: "primary", icon: "check" }),
      button(say("pick.cancel"), () => answer(null)));
    this.content = [this.#hint, frame, this.#words, this.#coordinates(), actions];
  }

  open(fix) {
    this.map = new FieldMap(this.L, this.#place, this.reference, { label: say("map.label") });
    this.map.settle();
    const { leaflet } = this.map;
    leaflet.on("move", () => this.#tell());
    leaflet.on("movestart", () => this.#forgetTyped());
    if (fix) this.#goTo(toWgs84(fix.lon_deg, fix.lat_deg, fix.datum), CLOSE_ZOOM);
    this.#tell();
    this.#place.focus();
    this.#showBasemap().catch((error) => this.context.tell(asProblem(error)));
  }

  close() {
    this.map?.close();
  }

  async #showBasemap() {
    const kept = await keptBasemap();
    const basemap = kept && (await basemapOfFile(this.L, kept));
    if (!basemap || !this.#place.isConnected) return;
    basemap.layer.addTo(this.map.leaflet);
    this.#basemap = basemap;
    this.#tell();
  }

  #taken(answer) {
    const fix = this.#fix();
    if (fix.radius95_m <= COARSE_M) return answer(fix);
    const { leaflet } = this.map;
    leaflet.setZoom(leaflet.getZoom() + Math.ceil(Math.log2(fix.radius95_m / COARSE_M)), { animate: false });
    fill(this.#hint, say("pick.closer"));
    return null;
  }

  #fix() {
    if (this.#typed) return { ...this.#typed, radius95_m: TYPED_RADIUS_M, datum: "WGS84" };
    const { lat, lng } = this.map.leaflet.getCenter();
    return { lon_deg: rounded(lng), lat_deg: rounded(lat), radius95_m: this.#radiusM(), datum: "WGS84" };
  }

  /** A thumb's width on what can be seen; pictures drawn larger than they are show no more. */
  #radiusM() {
    const { leaflet, metresPerPixel } = this.map;
    const isCovered = this.#basemap?.bounds.contains(leaflet.getCenter());
    if (!isCovered) return Math.max(Math.ceil(THUMB_PX * metresPerPixel), BARE_RADIUS_M);
    const enlarged = 2 ** Math.max(leaflet.getZoom() - this.#basemap.mostZoom, 0);
    return Math.max(Math.ceil(THUMB_PX * metresPerPixel * enlarged), BASEMAP_RADIUS_M);
  }

  #tell() {
    fill(this.#words, placeWords(this.#fix(), this.reference).map((line) => h("p", {}, sayEither(line))));
  }

  #goTo({ lonDeg, latDeg }, zoom) {
    this.map.leaflet.setView([latDeg, lonDeg], zoom, { animate: false });
  }

  #forgetTyped() {
    this.#typed = null;
  }

  #coordinates() {
    const id = newId("coordinates");
    const fault = h("p", { class: "note bad", role: "alert", hidden: true });
    const go = () => {
      fault.hidden = true;
      try {
        this.#take(typedPosition(input.value));
      } catch (error) {
        fault.hidden = false;
        fill(fault, sayEither(asProblem(error)));
      }
    };
    const onkeydown = (event) => event.key === "Enter" && (event.preventDefault(), go());
    const input = h("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", onkeydown });
    return h("details", { class: "typed-place" }, h("summary", {}, say("pick.type")), h("div", { class: "field" }, h("label", { for: id }, say("pick.coordinates")),
      h("div", { class: "with-button" }, input, button(say("pick.go"), go)), fault));
  }

  #take(position) {
    this.#goTo({ lonDeg: position.lon_deg, latDeg: position.lat_deg }, CLOSE_ZOOM);
    this.#typed = position;
    this.#tell();
  }
}

/**
 * Return what was typed as a position: "115.6512 24.9633", with a comma too.
 *
 * @throws {Problem} coordinates-unread, position-axis-order, position-out-of-range
 */
export function typedPosition(text) {
  const [, lon, lat] = TYPED.exec(text) ?? [];
  if (lon === undefined) {
    const words = { zh: "请按“经度 纬度”输入，如 115.6512 24.9633。", en: "Type longitude and latitude, as 115.6512 24.9633." };
    throw new Problem("coordinates-unread", words, { field: "site.fix" });
  }
  requirePosition(Number(lon), Number(lat), "site.fix");
  return { lon_deg: Number(lon), lat_deg: Number(lat) };
}

/** Seven decimals are a centimetre. */
function rounded(degrees) {
  return Math.round(degrees * 1e7) / 1e7;
}

function crosshair() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M24 2v17M24 29v17M2 24h17M29 24h17M24 19a5 5 0 1 0 0 10 5 5 0 0 0 0-10");
  svg.append(path);
  return h("div", { class: "crosshair" }, svg);
}
