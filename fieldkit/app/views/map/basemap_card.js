/** The part of the map screen that says which basemap there is, and takes another. */
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { button, fill, h, newId } from "../dom.js";
import { basemapOfFile } from "./basemap.js";
import { dropBasemap, keepBasemap, keptBasemap } from "./basemap_store.js";

export class BasemapCard {
  #map;
  #shown = null;

  /**
   * @param {import("./field_map.js").FieldMap} map
   * @param {{tell: (problem: Error) => void}} context
   */
  constructor(map, context) {
    this.#map = map;
    this.context = context;
    this.element = h("details", { class: "card more basemap-card" });
    this.#draw();
    this.ready = this.#open().catch((error) => context.tell(asProblem(error)));
  }

  async #open() {
    const kept = await keptBasemap();
    if (kept) this.#show(await basemapOfFile(this.#map.L, kept));
  }

  async #take(file) {
    try {
      this.#show(await basemapOfFile(this.#map.L, file));
      await keepBasemap(file);
    } catch (error) {
      this.context.tell(asProblem(error));
    }
  }

  async #drop() {
    await dropBasemap();
    this.#show(null);
  }

  #show(basemap) {
    this.#shown?.layer.remove();
    this.#shown = basemap;
    basemap?.layer.addTo(this.#map.leaflet);
    this.#draw();
  }

  #draw() {
    const id = newId("basemap");
    const choose = (event) => event.target.files[0] && this.#take(event.target.files[0]);
    const input = h("input", { id, type: "file", accept: ".pmtiles", hidden: true, onchange: choose });
    const label = button(say("map.basemap-choose"), () => input.click(), { icon: "file" });
    const words = this.#shown ? say("map.basemap-shown", { name: this.#shown.name }) : say("map.basemap-none");
    const drop = () => this.#drop().catch((error) => this.context.tell(asProblem(error)));
    fill(this.element, h("summary", {}, h("span", { class: "grow" }, say("map.basemap"))), h("p", {}, words),
      h("div", { class: "actions" }, label, input, this.#shown ? button(say("map.basemap-drop"), drop, { icon: "remove" }) : null));
  }
}
