/** The map: what is where, how far to trust it, and where this device's records are. */
import "../words/map.js";
import { asProblem } from "../problem.js";
import { say, sayEither } from "../words.js";
import { button, fill, h, icon } from "./dom.js";
import { BasemapCard } from "./map/basemap_card.js";
import { mapBundles } from "./map/bundles.js";
import { FieldMap } from "./map/field_map.js";
import { Here } from "./map/here.js";
import { approval, legend } from "./map/legend.js";
import { Marks } from "./map/marks.js";
import { recordPlaces } from "./map/places.js";
import { stateBadge } from "./states.js";

const ASK_AFTER_MS = 400;

/** Show the map screen. */
export async function show(context) {
  const [reference, bundles, places] = await Promise.all([context.reference(), mapBundles(), recordPlaces(context.outbox)]);
  const screen = new MapScreen(context, reference, bundles);
  screen.showPlaces(places);
  const stop = context.outbox.subscribe(() => screen.refreshSoon());
  return { element: screen.element, close: () => (stop(), screen.close()) };
}

class MapScreen {
  #timer = 0;
  #places = { marks: [] };
  #counted = h("p", { class: "map-counted", role: "status" });
  #list = h("section", { class: "card map-list", hidden: true });
  #words = h("div", { class: "map-words", role: "status" });
  #source = h("div");

  constructor(context, reference, { L }) {
    this.context = context;
    const place = h("div", { class: "field-map" });
    const frame = h("div", { class: "map-frame" }, place, h("p", { class: "map-approval" }, approval(reference)));
    this.toggle = button(say("map.here"), () => this.#toggleHere(), { icon: "pin", "aria-pressed": "false" });
    const actions = h("div", { class: "actions map-actions" }, this.toggle, button(say("map.all"), () => this.#showAll(), { icon: "map" }));
    this.map = new FieldMap(L, place, reference, { label: say("map.label") });
    this.marks = new Marks(this.map, (marks) => this.#openList(marks));
    this.here = new Here(this.map, context, reference, {
      source: this.#source,
      onWords: (lines) => fill(this.#words, lines.map((line) => h("p", {}, sayEither(line)))),
      onProblem: (problem) => fill(this.#words, h("p", { class: "note warn" }, sayEither(asProblem(problem)))),
    });
    this.basemap = new BasemapCard(this.map, context);
    this.element = h("div", { class: "map-screen" }, h("h1", {}, say("map.title")), this.#counted, frame, actions,
      this.#source, this.#words, this.#list, legend(reference), this.basemap.element);
    this.observer = new ResizeObserver(() => this.map.settle());
    this.observer.observe(place);
  }

  /** Show where the records are, and say how many cannot be shown. */
  showPlaces(places) {
    this.#places = places;
    const { total, without, withdrawn } = places;
    const said = total === 0 ? say("map.none") : without ? say("map.without", { total, count: without }) : say("map.counted", { total });
    fill(this.#counted, said, withdrawn ? ` · ${say("map.withdrawn", { count: withdrawn })}` : null);
    this.marks.show(places.marks);
  }

  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      recordPlaces(this.context.outbox).then((places) => this.showPlaces(places), (error) => this.context.tell(asProblem(error)));
    }, ASK_AFTER_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.observer.disconnect();
    this.here.stop();
    this.map.close();
  }

  #showAll() {
    const { marks } = this.#places;
    if (marks.length > 0) this.map.leaflet.fitBounds(marks.map(({ lonDeg, latDeg }) => [latDeg, lonDeg]), { maxZoom: 15, padding: [40, 40] });
  }

  #toggleHere() {
    const isOn = !this.here.isOn;
    this.toggle.setAttribute("aria-pressed", String(isOn));
    fill(this.toggle, icon("pin"), h("span", {}, say(isOn ? "map.here-off" : "map.here")));
    if (!isOn) {
      this.here.stop();
      return;
    }
    fill(this.#words, h("p", { class: "soft" }, say("map.locating")));
    this.here.start();
  }

  #openList(marks) {
    const heading = h("h2", { tabindex: "-1" }, say("map.here-list", { count: marks.length }));
    const rows = marks.map(({ href, title, recordNo, codes, state }) =>
      h("li", {}, h("a", { class: "row", href },
        h("span", { class: "grow" }, h("strong", {}, title), h("span", { class: "soft small" }, [recordNo, ...codes].filter(Boolean).join(" · "))),
        stateBadge(state), icon("next"))));
    const close = button(say("map.close"), () => {
      this.#list.hidden = true;
      this.map.element.focus();
    });
    fill(this.#list, heading, h("ul", { class: "rows" }, rows), h("div", { class: "actions" }, close));
    this.#list.hidden = false;
    heading.focus();
    this.#list.scrollIntoView({ block: "nearest" });
  }
}
