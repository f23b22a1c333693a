/**
 * The controls of forms. Each stands in an element with `data-field`, the path of what it
 * asks for in the record's body, so that a fault can be shown where it was made.
 */
import { fill, h, newId } from "./dom.js";

/**
 * Return a field for a text.
 *
 * `onchange(text)` is called at every keystroke. `lines` makes it an area of so many.
 *
 * @param {{label: string, value?: string, field: string, onchange: (text: string) => void,
 *   hint?: string, lines?: number, after?: Node, [attribute: string]: unknown}} about
 */
export function textField({ label, value = "", field, onchange, hint = "", lines = 0, after = null, ...attributes }) {
  const id = newId("field");
  const control = h(lines ? "textarea" : "input", {
    id,
    ...(lines ? { rows: lines } : { type: "text" }),
    autocomplete: "off",
    ...attributes,
    ...(hint && { "aria-describedby": `${id}-hint` }),
    oninput: () => onchange(control.value),
  });
  control.value = value ?? "";
  const row = after ? h("div", { class: "with-button" }, control, after) : control;
  return h("div", { class: "field", dataset: { field } }, h("label", { for: id }, label), row, hint && h("p", { id: `${id}-hint`, class: "hint" }, hint));
}

/** Return a field for one of a few words, the first being "not said". */
export function selectField({ label, options, value = "", field, onchange }) {
  const id = newId("field");
  const items = options.map((option) => h("option", { value: option.value, selected: option.value === value }, option.label));
  const control = h("select", { id, onchange: () => onchange(control.value) }, items);
  return h("div", { class: "field", dataset: { field } }, h("label", { for: id }, label), control);
}

/**
 * Return big buttons, one of which (or, with `isMany`, several) can be chosen.
 *
 * They are radio buttons or checkboxes to keyboards and screen readers.
 *
 * @param {{legend: string, options: Array<{value: string, label: string, note?: string}>,
 *   value: string | null | string[], field: string, isMany?: boolean, layout?: string,
 *   hint?: string, isLegendUnseen?: boolean, onchange: (value: string | string[]) => void}} about
 */
export function choice({ legend, options, value, field, isMany = false, layout = "", hint = "", isLegendUnseen = false, onchange }) {
  const name = newId("choice");
  const chosen = new Set(isMany ? value : [value]);
  const inputs = options.map((option) =>
    h("input", { type: isMany ? "checkbox" : "radio", name, value: option.value, checked: chosen.has(option.value), onchange: tell }));
  function tell(event) {
    const said = inputs.filter((input) => input.checked).map((input) => input.value);
    onchange(isMany ? said : said[0], event.target.value, inputs);
  }
  const tiles = options.map((option, place) =>
    h("label", { class: "tile" }, inputs[place], h("span", { class: "face" }, option.label, option.note && h("small", {}, option.note))));
  return h("fieldset", { class: "field", dataset: { field } }, h("legend", isLegendUnseen ? { class: "unseen" } : {}, legend),
    hint && h("p", { class: "hint" }, hint), h("div", { class: `tiles ${layout}` }, tiles));
}

/** Return a checkbox with its label. */
export function checkField({ label, value, field, onchange }) {
  const input = h("input", { type: "checkbox", checked: Boolean(value), onchange: () => onchange(input.checked) });
  return h("div", { class: "field", dataset: { field } }, h("label", { class: "check" }, input, h("span", {}, label)));
}

/**
 * Return a field for a decimal with its unit; the unit stays when the number goes.
 *
 * @param {{label: string, value?: {value: string, unit: string}, units: Array<{value: string, label: string}>,
 *   field: string, onchange: (quantity: {value: string, unit: string}) => void}} about
 */
export function quantityField({ label, value = { value: "", unit: "jin" }, units, field, onchange }) {
  const id = newId("quantity");
  const tell = () => onchange({ value: number.value.trim(), unit: unit.value });
  const number = h("input", { id, type: "text", inputmode: "decimal", autocomplete: "off", value: value.value, oninput: tell });
  const items = units.map((one) => h("option", { value: one.value, selected: one.value === value.unit }, one.label));
  const unit = h("select", { "aria-label": `${label} · ${one(units)}`, onchange: tell }, items);
  return h("div", { class: "field", dataset: { field } }, h("label", { for: id }, label), h("div", { class: "quantity" }, number, unit));
}

function one(units) {
  return units.map(({ label }) => label).join("/");
}

/** How the inside of each closed part is made that nobody has looked into yet. */
const unmade = new WeakMap();

/**
 * Return a part that is closed until wanted, and stands in no other. Its inside is made
 * when it is first opened: a form opens the sooner for what is not in it.
 *
 * @param {Record<string, unknown>} props
 * @param {Node | string | Array} heading
 * @param {() => Node | Array} content
 */
export function closedPart(props, heading, content) {
  const inside = h("div", { class: "inside" });
  const made = () => makeInside(element);
  // The tap comes before the opening: nothing is seen empty.
  const element = h("details", { ...props, ontoggle: made }, h("summary", { onclick: made }, heading), inside);
  unmade.set(element, () => fill(inside, content()));
  return element;
}

function makeInside(part) {
  unmade.get(part)?.();
  unmade.delete(part);
}

/** Return what asks for each path of the record's body, in closed parts too. */
export function placesIn(root) {
  for (const part of root.querySelectorAll("details")) makeInside(part);
  return new Map([...root.querySelectorAll("[data-field]")].map((place) => [place.dataset.field, place]));
}

/** Open whatever hides a place. */
export function uncover(place) {
  for (let hidden = place.closest("details"); hidden; hidden = hidden.parentElement.closest("details")) hidden.open = true;
}
