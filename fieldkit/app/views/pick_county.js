/** Choosing a county: by name, by pinyin initials, by code; or any division by its code. */
import "../words/map.js";
import { say } from "../words.js";
import { button, fill, h, newId } from "./dom.js";
import { mapBundles } from "./map/bundles.js";
import { ask } from "./modal.js";

const DIVISION = /^[1-9][0-9]([0-9]{2}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?)?$/;

/**
 * Ask for a county and resolve to its code, null if the person gave up.
 *
 * A code that the list does not hold (a province, a township) is taken as typed.
 *
 * @param {{reference: () => Promise<object>}} context
 * @param {{code?: string | null}} [begin] what is chosen now
 * @returns {Promise<string | null>}
 */
export async function pickCounty(context, { code = null } = {}) {
  const [reference] = await Promise.all([context.reference(), mapBundles()]);
  return ask(say("pick.county"), (answer) => {
    const list = h("ul", { class: "county-list" });
    const counted = h("p", { class: "unseen", role: "status" });
    const id = newId("county");
    const draw = () => fill(list, rowsFor(searchCounties(reference, search.value), search.value, code, answer, counted));
    const search = h("input", { id, type: "search", autocomplete: "off", oninput: draw });
    const field = h("div", { class: "field" }, h("label", { for: id }, say("pick.county-search")), search);
    draw();
    const cancel = button(say("pick.cancel"), () => answer(null));
    return { content: [field, counted, list, h("div", { class: "actions" }, cancel)], opened: () => search.focus() };
  });
}

/**
 * Return the counties that a text finds, the bureau's own first, each by code.
 *
 * @param {object} reference of the outbox
 * @param {string} text part of a name, beginning of a code or of the initials
 * @returns {Array<{code: string, name: string, isMember: boolean}>}
 */
export function searchCounties(reference, text) {
  const wanted = text.trim().toLowerCase();
  const initials = new Map(reference.units.entries.map((unit) => [unit.unit_code, unit.pinyin_initials]));
  const counties = reference.counties.features.map(({ properties }) => ({
    code: properties.adcode,
    name: properties.name,
    isMember: properties.is_member,
  }));
  const isFound = ({ code, name }) =>
    code.startsWith(wanted) || name.includes(wanted) || (wanted !== "" && (initials.get(code) ?? "").startsWith(wanted));
  const found = counties.filter(isFound).sort((one, other) => (one.code < other.code ? -1 : 1));
  return [...found.filter((county) => county.isMember), ...found.filter((county) => !county.isMember)];
}

function rowsFor(found, typed, current, answer, counted) {
  const text = typed.trim();
  fill(counted, say("pick.county-found", { count: found.length }));
  const isOwnCode = DIVISION.test(text) && !found.some(({ code }) => code === text);
  const rows = isOwnCode ? [h("li", {}, choice(say("pick.county-code", { code: text }), "", false, () => answer(text)))] : [];
  for (const isMember of [true, false]) {
    const part = found.filter((county) => county.isMember === isMember);
    if (part.length > 0) rows.push(h("li", { class: "group" }, say(isMember ? "pick.own" : "pick.other")));
    rows.push(...part.map(({ code, name }) => h("li", {}, choice(name, code, code === current, () => answer(code)))));
  }
  return rows.length > 0 ? rows : h("li", {}, h("p", { class: "soft" }, say("pick.county-none")));
}

function choice(name, code, isCurrent, onclick) {
  return h("button", { type: "button", class: "county-choice", "aria-current": isCurrent ? "true" : null, onclick },
    h("span", { class: "grow" }, name), h("span", { class: "soft figures" }, code));
}
