/** The queue: every record with its state, what waits and since when, and the ways out. */
import "../words/queue.js";
import { say } from "../words.js";
import { button, fill, h, newId, refill } from "./dom.js";
import { queueRow } from "./queue/rows.js";
import { syncCard } from "./queue/sync_card.js";
import { TROUBLES, shownState } from "./states.js";

const PAGE = 50;
const FILTERS = ["all", "draft", "sealed", "delivered", "trouble"];
const ASK_AFTER_MS = 200;

/** Show the queue. */
export async function show(context) {
  const queue = new Queue(context);
  // Listened to from the first look on: a sync that ends meanwhile would be shown for ever.
  const stop = context.outbox.subscribe(() => queue.refreshSoon());
  const close = () => (stop(), queue.close());
  await queue.refresh().catch((error) => {
    close();
    throw error;
  });
  return { element: queue.element, close };
}

class Queue {
  #filter = "all";
  #query = "";
  #wanted = PAGE;
  #turn = 0;
  #timer = 0;
  #list = h("ul", { class: "queue-list" });
  #count = h("p", { class: "shown", role: "status" });
  #more = h("div", { class: "more" });
  #filters = h("div", { class: "chips", role: "group", "aria-label": say("queue.filter") });

  constructor(context) {
    this.context = context;
    this.card = syncCard(context, () => this.refresh());
    const id = newId("search");
    const search = h("input", { id, type: "search", autocomplete: "off", oninput: (event) => this.#search(event.target.value) });
    this.element = h("div", { class: "queue" }, h("h1", {}, say("queue.title")), this.card.element, this.#filters,
      h("label", { for: id, class: "search" }, say("queue.search"), search), this.#count, this.#list, this.#more);
  }

  /** Ask the outbox for what is shown, and draw it. */
  async refresh() {
    this.#turn += 1;
    const turn = this.#turn;
    const [status, found, premises] = await Promise.all([this.context.outbox.status(), this.#found(), this.#premises()]);
    if (turn !== this.#turn) return;
    this.card.update(status);
    this.#drawFilters(status);
    this.#draw(found, { isSyncing: status.is_syncing, premises });
  }

  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh().catch((error) => this.context.tell(error)), ASK_AFTER_MS);
  }

  close() {
    clearTimeout(this.#timer);
    this.card.close();
  }

  async #found() {
    const { outbox } = this.context;
    const asked = { query: this.#query, offset: 0, limit: this.#wanted };
    if (this.#filter !== "trouble") return outbox.list({ ...asked, state: this.#filter === "all" ? undefined : this.#filter });
    const each = await Promise.all(TROUBLES.map((state) => outbox.list({ ...asked, state })));
    const records = each.flatMap((found) => found.records).filter((row) => TROUBLES.includes(shownState(row)));
    records.sort((a, b) => b.sealed_at.localeCompare(a.sealed_at));
    return { records: records.slice(0, this.#wanted), total: each.reduce((sum, found) => sum + found.total, 0) };
  }

  async #premises() {
    const { vocabulary } = await this.context.reference();
    const place = this.context.outbox && document.documentElement.lang === "en" ? "en" : "zh";
    return new Map(vocabulary.entries.premises_type.map((entry) => [entry.value, entry[place]]));
  }

  #drawFilters({ counts, statuses }) {
    const troubles = TROUBLES.reduce((sum, name) => sum + (name === "refused" ? 0 : statuses[name] ?? 0), counts.refused ?? 0);
    const counted = { draft: counts.draft, sealed: counts.sealed, delivered: counts.delivered, trouble: troubles };
    counted.all = (counts.draft ?? 0) + (counts.sealed ?? 0) + (counts.delivered ?? 0) + (counts.refused ?? 0);
    refill(this.#filters, FILTERS.map((name) =>
      h("button", { type: "button", class: "chip", dataset: { filter: name }, "aria-pressed": String(name === this.#filter), onclick: () => this.#choose(name) },
        say(`queue.filter.${name}`), h("span", { class: "count" }, String(counted[name] ?? 0)))));
  }

  #draw({ records, total }, about) {
    refill(this.#list, records.map((row) => queueRow(row, about)));
    fill(this.#count, total ? say("queue.shown", { shown: records.length, total }) : null);
    const left = Math.min(PAGE, total - records.length);
    if (left > 0) fill(this.#more, button(say("queue.more", { count: left }), () => this.#showMore()));
    else if (total === 0) fill(this.#more, this.#empty());
    else fill(this.#more);
  }

  #empty() {
    if (this.#query || this.#filter !== "all") return h("p", { class: "empty" }, say("queue.empty-filter"));
    return h("p", { class: "empty" }, say("queue.empty"), " ", h("a", { href: "/field/new" }, say("queue.first")));
  }

  #choose(name) {
    this.#filter = name;
    this.#wanted = PAGE;
    this.refresh().then(() => this.#filters.querySelector(`[data-filter="${name}"]`)?.focus());
  }

  #showMore() {
    this.#wanted += PAGE;
    this.refresh();
  }

  #search(text) {
    this.#query = text.trim();
    this.#wanted = PAGE;
    this.refreshSoon();
  }
}
