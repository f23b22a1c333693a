/** Settings: appearance, network, whose device this is, storage, and the way out. */
import "../words/queue.js";
import "../words/settings.js";
import { say } from "../words.js";
import { ageWords } from "./age.js";
import { h, newId } from "./dom.js";
import { identityCard } from "./settings/identity.js";
import { leaveCard } from "./settings/leave.js";
import { storageCard } from "./settings/storage.js";

const THEMES = ["system", "light", "dark", "sunlight"];
const LANGUAGES = ["zh-CN", "en"];
const DRIFT_SHOWN_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

/** Show the settings. */
export async function show(context) {
  const { outbox } = context;
  const [settings, identity, status] = await Promise.all([outbox.settings(), outbox.identity(), outbox.status({ isRoomTried: true })]);
  const storage = storageCard(context, status);
  const element = h("div", { class: "settings" }, h("h1", {}, say("settings.title")),
    appearance(context, settings), network(context, settings), device(identity), reference(status), clock(status),
    storage.element, identity ? leaveCard(context) : null, about(context));
  return { element, close: storage.close };
}

function appearance(context, settings) {
  const choose = async (patch) => {
    context.applyAppearance(await context.outbox.saveSettings(patch));
    await context.redraw();
    await context.refresh();
  };
  return h("section", { class: "card" }, h("h2", {}, say("settings.appearance")),
    choice("language", LANGUAGES, settings.language, (language) => choose({ language })),
    choice("theme", THEMES, settings.theme, (theme) => choose({ theme })));
}

/** Return a group of choices as radio buttons that look like keys. */
function choice(name, values, chosen, choose) {
  const group = newId(name);
  return h("fieldset", { class: "choice" }, h("legend", {}, say(`settings.${name}`)), values.map((value) =>
    h("label", {}, h("input", { type: "radio", name: group, value, checked: value === chosen, onchange: () => choose(value) }),
      h("span", {}, say(`settings.${name}.${value}`)))));
}

/** On a laptop there is nothing to choose: it cannot tell, and has room and power to wait. */
function network(context, settings) {
  if (context.home.home === "laptop") return null;
  const save = (event) => context.outbox.saveSettings({ photos_on_wifi_only: event.target.checked }).catch((error) => context.tell(error));
  const cannotTell = !(navigator.connection && "type" in navigator.connection);
  return h("section", { class: "card" }, h("h2", {}, say("settings.network")),
    h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: settings.photos_on_wifi_only, onchange: save }), h("span", {}, say("settings.wifi-only"))),
    cannotTell ? h("p", { class: "soft small" }, say("settings.wifi-unknown")) : null);
}

function device(identity) {
  const enrol = (words) => h("a", { class: "button quiet", href: "/field/enrol" }, say(words));
  if (!identity) return h("section", { class: "card" }, h("h2", {}, say("settings.device")), h("p", {}, say("settings.not-enrolled")), enrol("settings.enrol"));
  return h("div", {}, h("h2", {}, say("settings.device")), identityCard(identity), enrol("enrol.anew"));
}

function reference({ reference: held }) {
  const words = held ? `${held.serial} · ${say("queue.reference-age", { age: ageWords(held.received_at, Date.now()) })}` : say("queue.reference-shipped");
  return h("section", { class: "card" }, h("h2", {}, say("settings.reference")), h("p", {}, words));
}

function clock({ clock_offset_ms: offset }) {
  if (offset === null || Math.abs(offset) < DRIFT_SHOWN_MS) return null;
  const way = say(offset > 0 ? "settings.clock-ahead" : "settings.clock-behind");
  const minutes = Math.round(Math.abs(offset) / MINUTE_MS);
  return h("section", { class: "card" }, h("h2", {}, say("settings.clock")), h("p", { class: "note bad" }, say("settings.clock-offset", { way, minutes })));
}

function about({ home }) {
  return h("section", { class: "card" }, h("h2", {}, say("settings.about")), h("p", {}, say("settings.version", { version: home.version ?? "" })),
    h("p", { class: "soft small" }, say("settings.internal")), h("p", { class: "soft small" }, say("settings.licences")));
}
