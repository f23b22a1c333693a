/** Showing faults where they were made, and leading the focus to the first. */
import { sayEither } from "../words.js";
import { placesIn, uncover } from "./controls.js";
import { h, newId } from "./dom.js";

const CONTROLS = "input, select, textarea, button";

/** Take away what `showFaults` showed, or only what `isGone(path, code)` says is put right. */
export function clearFaults(root, isGone = () => true) {
  for (const note of root.querySelectorAll(".fault")) {
    if (!isGone(note.dataset.path, note.dataset.code)) continue;
    for (const control of root.querySelectorAll(`[aria-errormessage="${note.id}"]`)) unmark(control, note.id);
    note.remove();
  }
}

function unmark(control, id) {
  control.removeAttribute("aria-invalid");
  control.removeAttribute("aria-errormessage");
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  if (others.length > 0) control.setAttribute("aria-describedby", others.join(" "));
  else control.removeAttribute("aria-describedby");
}

/**
 * Show each fault at its field (or the nearest one that holds it), open what it is hidden
 * in, and set the focus on the first.
 *
 * @param {HTMLElement} root
 * @param {Array<{field: string, zh: string, en: string}>} faults
 * @returns {Array} those that no field of this form belongs to
 */
export function showFaults(root, faults) {
  clearFaults(root);
  if (faults.length === 0) return [];
  const places = placesIn(root);
  const homeless = [];
  let first = null;
  for (const fault of faults) {
    const place = placeOf(places, fault.field);
    if (place === null) {
      homeless.push(fault);
      continue;
    }
    const control = showAt(place, fault);
    first ??= control;
  }
  first?.focus();
  first?.closest("[data-field]").scrollIntoView({ block: "center" });
  return homeless;
}

/** Return the element of a path, else of the longest path that holds it. */
export function placeOf(places, field) {
  for (let path = field; path; path = path.replace(/(\[\d+\]|(^|\.)[^.[]+)$/, "")) {
    if (places.has(path)) return places.get(path);
  }
  return null;
}

function showAt(place, fault) {
  const id = newId("fault");
  const note = h("p", { class: "fault", id, dataset: { path: fault.field, code: fault.code } }, sayEither(fault));
  uncover(place);
  const inside = place.tagName === "DETAILS" ? place.querySelector(".inside") : place;
  inside.append(note);
  const control = inside.querySelector(CONTROLS) ?? place;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-errormessage", id);
  // Few screen readers read an error message; all read a description.
  control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  return control;
}
