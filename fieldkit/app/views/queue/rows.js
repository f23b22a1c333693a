/** One line of the queue: what it is, where it is, and why it is still there. */
import "../../words/queue.js";
import { say, sayEither } from "../../words.js";
import { ageWords } from "../age.js";
import { h } from "../dom.js";
import { exportedBadge, shownState, stateBadge } from "../states.js";

/**
 * Return a record or draft as a list item that is a link to its page.
 *
 * @param {object} row of the outbox's `list()`
 * @param {{isSyncing: boolean, premises: Map<string, string>}} about
 */
export function queueRow(row, { isSyncing, premises }) {
  const name = shownState(row, isSyncing);
  const href = row.state === "draft" ? `/field/draft/${row.draft}` : `/field/record/${row.id}`;
  return h("li", { class: "queue-row", dataset: { id: row.id ?? `draft-${row.draft}`, state: name } },
    h("a", { href },
      h("span", { class: "what" }, titleOf(row, premises)),
      h("span", { class: "when" }, ageWords(row.sealed_at ?? row.started_at, Date.now())),
      h("span", { class: "where" }, stateBadge(name), exportedBadge(row), photosOf(row), row.synthetic ? h("span", { class: "badge" }, say("queue.synthetic")) : null),
      h("span", { class: "number" }, row.record_no ?? say("queue.draft-of", { number: row.draft })),
      row.reasons ? h("span", { class: "why" }, sayEither(row.reasons)) : null));
}

function titleOf(row, premises) {
  const place = row.premises_name || premises.get(row.premises_type) || say(`kind.${row.kind}`);
  const codes = (row.codes ?? []).join(" ");
  const kind = row.kind === "observation" ? null : h("span", { class: "badge" }, say(`kind.${row.kind}`));
  return [h("strong", {}, row.title || place), codes && h("span", { class: "codes" }, codes), kind];
}

function photosOf({ photos }) {
  if (!photos.named) return null;
  const gone = photos.missing ? h("span", { class: "bad" }, say("queue.photos-missing", { count: photos.missing })) : null;
  return [h("span", { class: "photos" }, say("queue.photos-of", photos)), gone];
}
