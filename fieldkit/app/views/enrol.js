/** Enrolment: one code, scanned or typed; then whose device this is now. */
import "../words/enrol.js";
import { asProblem } from "../problem.js";
import { say, sayEither } from "../words.js";
import { button, fill, h, newId } from "./dom.js";
import { scanCode } from "./scan.js";
import { identityCard } from "./settings/identity.js";

const PREFIX = "gi1";

/** Show the form, below it the present identity if there is one. */
export async function show(context) {
  const identity = await context.outbox.identity();
  const place = h("div", { class: "enrol" });
  fill(place, h("h1", {}, say("enrol.title")), enrolForm(context, place), identity ? [h("p", { class: "soft small" }, say("enrol.anew-note")), identityCard(identity)] : null);
  return { element: place };
}

/**
 * Return what an enrolment's QR code holds, null if it is another code.
 *
 * @returns {{url: string, code: string, thumbprint: string} | null}
 */
export function readInvitation(text) {
  const words = text.trim().split(/\s+/);
  if (words.length !== 4 || words[0] !== PREFIX || !isSite(words[1])) return null;
  return { url: words[1], code: words[2], thumbprint: words[3] };
}

function isSite(text) {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

function enrolForm(context, place) {
  const isLaptop = context.home.home === "laptop";
  const ids = { url: newId("url"), code: newId("code"), hint: newId("hint") };
  const url = h("input", { id: ids.url, type: "url", inputmode: "url", autocomplete: "off", placeholder: "https://192.168.1.10:8470" });
  const code = h("input", { id: ids.code, type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: "20", "aria-describedby": ids.hint });
  const told = h("p", { class: "note bad", role: "alert" });
  const submit = h("button", { type: "submit", class: "button primary wide" }, say("enrol.submit"));
  const asked = () => ({ url: isLaptop ? url.value.trim() : null, code: code.value.trim(), thumbprint: null });
  const run = (wish) => enrol({ context, place, told, submit, isLaptop, fields: { url, code } }, wish);
  const scan = async () => {
    const text = await scanCode({ title: say("enrol.scan") });
    if (text !== null) useInvitation(text, { isLaptop, told, run });
  };
  return h("form", { class: "card", novalidate: true, onsubmit: (event) => (event.preventDefault(), run(asked())) },
    h("p", {}, say("enrol.about")), button(say("enrol.scan"), scan, { kind: "primary", icon: "scan", class: "button primary wide" }),
    h("p", { class: "or" }, say("enrol.or-type")),
    isLaptop ? [h("label", { for: ids.url }, say("enrol.url")), url] : null,
    h("label", { for: ids.code }, say("enrol.code")), code, h("p", { id: ids.hint, class: "soft small" }, say("enrol.code-hint")), told, submit);
}

function useInvitation(text, { isLaptop, told, run }) {
  const found = readInvitation(text);
  if (!found) return fill(told, say("enrol.not-ours"));
  if (isLaptop) return run(found);
  // A tablet's app belongs to the server that it came from, and may ask no other.
  if (new URL(found.url).origin !== location.origin) return fill(told, say("enrol.other-server", { url: found.url }));
  return run({ ...found, url: null });
}

async function enrol({ context, place, told, submit, isLaptop, fields }, wish) {
  fill(told);
  const missing = !wish.code ? "code" : isLaptop && !wish.url ? "url" : null;
  if (missing) {
    fill(told, say(`enrol.${missing}-missing`));
    return fields[missing].focus();
  }
  submit.disabled = true;
  submit.textContent = say("enrol.running");
  try {
    const identity = await context.outbox.enrol(wish);
    await context.refresh();
    welcome(context, place, identity);
  } catch (error) {
    fill(told, sayEither(asProblem(error)));
    submit.disabled = false;
    submit.textContent = say("enrol.submit");
  }
}

function welcome(context, place, identity) {
  const heading = h("h1", { tabindex: "-1" }, say("enrol.done"));
  const offline = h("div", { role: "status" });
  fill(place, heading, offline, identityCard(identity), h("a", { class: "button primary wide", href: "/field/" }, say("enrol.start")));
  heading.focus();
  return prepareOffline(context, offline);
}

/** Say that it works offline once it does; until then what is awaited, or what to do. */
async function prepareOffline(context, told) {
  const note = h("p", { class: "note" }, say("enrol.preparing"));
  fill(told, note);
  try {
    await context.prepareOffline((counts) => fill(note, say("enrol.preparing-count", counts)));
    fill(told, h("p", { class: "note good" }, say("enrol.offline")));
  } catch (error) {
    const again = button(say("shell.again"), () => prepareOffline(context, told));
    fill(told, h("p", { class: "note bad" }, sayEither(asProblem(error))), again);
  }
}
