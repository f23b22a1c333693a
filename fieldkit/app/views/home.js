/** Home: begin a record, go on with one, see what waits. */
import "../words/home.js";
import { say } from "../words.js";
import { ageWords } from "./age.js";
import { h, icon, refill } from "./dom.js";
import { importCard } from "./home/import_card.js";
import { isAtRisk } from "./settings/storage.js";

/** Show the home screen; it redraws itself when the outbox changes. */
export async function show(context) {
  const { outbox } = context;
  const element = h("div", { class: "home" });
  const files = outbox.importFiles ? importCard(context) : null;
  let turn = 0;
  const draw = async () => {
    const mine = (turn += 1);
    const drawn = await parts(outbox, files);
    if (mine === turn) refill(element, drawn);
  };
  // Listened to from the first look on: what changes meanwhile is shown too.
  const unsubscribe = outbox.subscribe(() => draw().catch(() => {}));
  await draw().catch((error) => {
    unsubscribe();
    throw error;
  });
  return { element, close: unsubscribe };
}

async function parts(outbox, files) {
  const [identity, status, drafts] = await Promise.all([outbox.identity(), outbox.status(), outbox.drafts()]);
  const begin = identity ? beginning(identity) : enrolment();
  const risk = status.home === "tablet" && isAtRisk() && notInstalled();
  return [h("h1", {}, say("home.title")), begin, risk, drafts.length > 0 && waiting(drafts), queue(status), identity && files];
}

/** On an iPad: what it means that the app is not installed, and where the way out is. */
function notInstalled() {
  return h("p", { class: "note warn" }, say("home.not-installed"), " ", h("a", { href: "/field/settings" }, say("home.not-installed-more")));
}

function beginning(identity) {
  const officers = identity.officers.map(({ name }) => name).join("、");
  return h(
    "section",
    { class: "begin" },
    h("p", { class: "soft officers" }, officers),
    h("a", { class: "button primary giant", href: "/field/new" }, icon("add"), h("span", {}, say("home.new"))),
    h("a", { class: "button big wide", href: "/field/visit" }, icon("check"), h("span", {}, say("home.visit"))),
  );
}

function enrolment() {
  const link = h("a", { class: "button primary big wide", href: "/field/enrol" }, icon("scan"), h("span", {}, say("home.enrol")));
  return h("section", { class: "card" }, h("p", {}, say("home.enrol-first")), link);
}

function waiting(drafts) {
  const rows = drafts.map(({ number, answers, started_at }) => {
    const title = answers.site?.name || answers.party?.name || `${say("home.draft")} ${number}`;
    const codes = (answers.violations ?? []).map(({ code }) => code);
    const begun = [...codes, say("home.begun", { age: ageWords(started_at, Date.now()) })].join(" · ");
    const words = h("span", { class: "grow" }, h("strong", {}, title), h("span", { class: "soft small" }, begun));
    return h("li", {}, h("a", { class: "row", href: `/field/draft/${number}` }, icon("pen"), words, icon("next")));
  });
  return h("section", { class: "card" }, h("h2", {}, say("home.drafts")), h("ul", { class: "rows" }, rows));
}

function queue(status) {
  const { counts, photos, last_contact_at: last } = status;
  const badges = [
    h("span", { class: counts.sealed ? "badge wait" : "badge" }, `${say("home.sealed")} ${counts.sealed ?? 0}`),
    h("span", { class: "badge good" }, `${say("home.delivered")} ${counts.delivered ?? 0}`),
    counts.refused ? h("span", { class: "badge bad" }, `${say("home.refused")} ${counts.refused}`) : null,
    photos.named ? h("span", { class: "badge" }, say("home.photos", photos)) : null,
  ];
  const contact = last ? say("home.last-contact", { age: ageWords(last, Date.now()) }) : say("home.never");
  return h(
    "section",
    { class: "card" },
    h("h2", {}, h("a", { href: "/field/queue" }, say("home.queue"))),
    h("p", { class: "badges" }, badges),
    h("p", { class: "soft small" }, contact),
  );
}
