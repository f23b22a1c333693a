/**
 * Marks on the map: records now, tasks beside them later. What lies close together is one
 * mark with a number; one that cannot be parted by zooming opens a list of all in it.
 */
import { say } from "../../words.js";
import { h } from "../dom.js";
import { TROUBLES, symbolOf, toneOf } from "../states.js";
import { gathered } from "./gathering.js";

const RADIUS_PX = 48;
const LIST_FROM_ZOOM = 18;
const WAITING = ["sealed", "sending"];

export class Marks {
  #map;
  #layer;
  #onOpen;
  #marks = [];
  #groups = { zoom: null, found: [] };

  /**
   * @param {import("./field_map.js").FieldMap} map
   * @param {(marks: object[]) => void} onOpen called with the marks of one place
   */
  constructor(map, onOpen) {
    this.#map = map;
    this.#onOpen = onOpen;
    this.#layer = map.L.layerGroup().addTo(map.leaflet);
    map.leaflet.on("moveend", () => this.#draw());
  }

  /** Show these marks from now on: `{id, lonDeg, latDeg, state, title, kind, href, …}`. */
  show(marks) {
    this.#marks = marks;
    this.#groups = { zoom: null, found: [] };
    this.#draw();
  }

  #draw() {
    const { leaflet, element } = this.#map;
    const bounds = leaflet.getBounds().pad(0.2);
    const held = document.activeElement?.closest?.(".mark")?.dataset.mark;
    this.#layer.clearLayers();
    for (const group of this.#gathered(leaflet.getZoom())) {
      const at = leaflet.unproject([group.x, group.y]);
      if (bounds.contains(at)) this.#place(group.members, at);
    }
    if (held) element.querySelector(`[data-mark="${CSS.escape(held)}"]`)?.focus();
  }

  #gathered(zoom) {
    if (this.#groups.zoom !== zoom) {
      const { leaflet } = this.#map;
      const points = this.#marks.map((mark) => {
        const { x, y } = leaflet.project([mark.latDeg, mark.lonDeg]);
        return { x, y, mark };
      });
      this.#groups = { zoom, found: gathered(points, RADIUS_PX) };
    }
    return this.#groups.found;
  }

  #place(members, at) {
    const { L } = this.#map;
    const marks = members.map(({ mark }) => mark);
    const face = marks.length > 1 ? manyFace(marks) : oneFace(marks[0]);
    const icon = L.divIcon({ className: "mark-place", html: face.element, iconSize: [44, 44] });
    const marker = L.marker(at, { icon, keyboard: true, title: face.label, riseOnHover: true });
    const open = () => this.#open(marks);
    marker.on("click", open);
    marker.on("add", () => name(marker.getElement(), face.label, marks[0].id, open));
    this.#layer.addLayer(marker);
  }

  #open(marks) {
    const { L, leaflet } = this.#map;
    const bounds = L.latLngBounds(marks.map(({ latDeg, lonDeg }) => [latDeg, lonDeg]));
    const zoom = Math.min(leaflet.getBoundsZoom(bounds.pad(0.1)), LIST_FROM_ZOOM);
    if (marks.length > 1 && zoom > leaflet.getZoom()) leaflet.setView(bounds.getCenter(), zoom);
    else this.#onOpen(marks);
  }
}

function name(element, label, mark, open) {
  element.setAttribute("aria-label", label);
  element.classList.add("mark");
  element.dataset.mark = mark;
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    open();
  });
}

/** The state that says most: trouble before waiting before done. */
function worstOf(marks) {
  const states = marks.map(({ state }) => state);
  return states.find((state) => TROUBLES.includes(state)) ?? states.find((state) => WAITING.includes(state)) ?? states[0];
}

function manyFace(marks) {
  const worst = worstOf(marks);
  const label = say("map.many", { count: marks.length, state: say(`state.${worst}`) });
  const element = h("span", { class: `mark-face many ${toneOf(worst)}`, "aria-hidden": "true" }, String(marks.length));
  return { element, label };
}

function oneFace({ title, state }) {
  const label = say("map.one", { title, state: say(`state.${state}`) });
  const element = h("span", { class: `mark-face ${toneOf(state)}`, "aria-hidden": "true" }, symbolOf(state));
  return { element, label };
}
