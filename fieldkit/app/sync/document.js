/** Reading the members of a signed document strictly: what does not fit is refused. */

import { protocolProblem } from "./problems.js";

/** Return a text, or throw "malformed-document". */
export function text(document, name) {
  return member(document, name, (value) => typeof value === "string");
}

/** Return a whole number that JavaScript holds exactly, or throw "malformed-document". */
export function wholeNumber(document, name) {
  return member(document, name, Number.isSafeInteger);
}

/** Return a list, or throw "malformed-document". */
export function list(document, name) {
  return member(document, name, Array.isArray);
}

function member(document, name, fits) {
  const value = document?.[name];
  if (!fits(value)) throw protocolProblem("malformed-document", `${name} is missing or of another type`);
  return value;
}
