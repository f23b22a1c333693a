/** The legend in words: what each line and each mark means, and how far to trust it. */
import { language, say } from "../../words.js";
import { rightName } from "../../schemas/products.js";
import { h } from "../dom.js";
import { symbolOf, toneOf } from "../states.js";

const STATES = ["sealed", "delivered", "refused", "quarantined", "conflict"];

/** Return the legend of a reference; `hasRecords` adds the marks of records. */
export function legend(reference, { hasRecords = true } = {}) {
  const areas = reference.areas.map((document) => areaRows(document.properties, reference));
  const rows = [
    ...areas.flat(),
    row("county-line", say("map.county")),
    row("neighbour-line", say("map.neighbour")),
    row("here", say("map.here-mark")),
  ];
  const states = STATES.map((state) =>
    h("li", {}, h("span", { class: `mark-face ${toneOf(state)}`, "aria-hidden": "true" }, symbolOf(state)), h("span", {}, say(`state.${state}`))));
  return h("details", { class: "card more legend" }, h("summary", {}, h("span", { class: "grow" }, say("map.legend"))),
    h("ul", { class: "legend-rows" }, rows, hasRecords ? states : null));
}

function areaRows(terms, reference) {
  const name = rightName(reference.products, terms.right);
  const right = language() === "en" ? name.en : name.zh;
  const confirmed = terms.confirmed ? "" : say("map.unconfirmed");
  return [
    row("area-line", `${say("map.area", { right, version: terms.version })}${confirmed}`),
    row("band-line", say("map.band", { metres: terms.tolerance_m })),
  ];
}

function row(drawing, words) {
  return h("li", {}, h("span", { class: `swatch ${drawing}`, "aria-hidden": "true" }), h("span", {}, words));
}

/**
 * Return whether the map may be shown outside: its approval number (审图号), else "for
 * internal use".
 */
export function approval(reference) {
  const number = reference.counties.map_approval_no;
  return number ? say("map.approval", { number }) : say("map.internal");
}
