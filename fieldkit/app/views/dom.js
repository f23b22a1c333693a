/**
 * Building pages: elements by name, icons by drawing, nothing by markup in strings.
 *
 * Text is only ever set as text, so what a label or a server says can never become a
 * part of the page.
 */

const SVG = "http://www.w3.org/2000/svg";
const DRAWINGS = {
  home: "M3 11 12 4l9 7M5.5 9.5V20h5v-6h3v6h5V9.5",
  add: "M12 4v16M4 12h16",
  queue: "M4 6h16M4 12h16M4 18h10",
  map: "m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  back: "M15 5l-7 7 7 7",
  camera: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  pin: "M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6 6 18",
  warning: "M12 4 2.5 20h19zM12 10v4.5M12 17v.6",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM20 20l-4.7-4.7",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  next: "m9 5 7 7-7 7",
  remove: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
  pen: "m4 20 1-5L16 4l4 4L9 19z",
  leaf: "M5 19C4 9 10 4 20 4c0 10-5 16-15 15zm0 0L14 10",
};

/**
 * Return a new element.
 *
 * Props: `onclick` and the like take functions, `class` a text, `dataset` an object;
 * true sets an attribute without a value; false, null and undefined set none; what is
 * named in `LIVE` is set as a property.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string | number | null | undefined | false | Array)} children
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(element, name, value);
  return fill(element, ...children);
}

const LIVE = new Set(["value", "checked", "disabled", "hidden", "open", "indeterminate"]);

function setProp(element, name, value) {
  if (typeof value === "function") element.addEventListener(name.slice(2), value);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (LIVE.has(name)) element[name] = value ?? "";
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
}

/** Replace what an element holds; lists are flattened, null and false left out. */
export function fill(element, ...children) {
  element.replaceChildren(...nodesOf(children));
  return element;
}

/**
 * As `fill`, for what is drawn anew while somebody looks: what would be the same stays
 * where it is, so a finger that is just coming down, the focus and a screen reader keep
 * their place. What stays keeps its own listeners: equal nodes must do equal things.
 */
export function refill(element, ...children) {
  const wanted = nodesOf(children);
  const held = [...element.childNodes];
  const shared = Math.min(wanted.length, held.length);
  let ahead = 0;
  while (ahead < shared && held[ahead].isEqualNode(wanted[ahead])) ahead += 1;
  let behind = 0;
  while (behind < shared - ahead && held.at(-1 - behind).isEqualNode(wanted.at(-1 - behind))) behind += 1;
  const next = held[held.length - behind] ?? null;
  for (const [index, node] of wanted.slice(ahead, wanted.length - behind).entries()) {
    const old = ahead + index < held.length - behind ? held[ahead + index] : null;
    if (!old) element.insertBefore(node, next);
    else if (!old.isEqualNode(node)) old.replaceWith(node);
  }
  for (const old of held.slice(wanted.length - behind, held.length - behind)) old.remove();
  return element;
}

function nodesOf(children) {
  const said = children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
  return said.map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/** Return a drawing that a screen reader passes over. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", DRAWINGS[name]);
  svg.append(path);
  return svg;
}

let drawn = 0;

/** Return an id that no other element of this page has. */
export function newId(stem) {
  drawn += 1;
  return `${stem}-${drawn}`;
}

/** Return a button; `kind` is "primary", "quiet" or "danger". */
export function button(label, onclick, { kind = "quiet", icon: drawing = null, ...props } = {}) {
  return h("button", { type: "button", class: `button ${kind}`, onclick, ...props }, drawing && icon(drawing), h("span", {}, label));
}
