/** One record: where it is, why, what to do; its content; and the bytes that prove it. */
import "../words/queue.js";
import { Problem, asProblem } from "../problem.js";
import { say, sayEither } from "../words.js";
import { button, fill, h, icon } from "./dom.js";
import { bodySections } from "./queue/body.js";
import { photoStrip } from "./queue/photos.js";
import { withdrawal } from "./queue/withdrawal.js";
import { exportedBadge, remedy, shownState, stateBadge } from "./states.js";
import { localTime } from "./terms.js";

/** Show the record of this id. */
export async function show(context, { id }) {
  const [record, reference, status] = await Promise.all([context.outbox.show(id), context.reference(), context.outbox.status()]);
  if (!record) throw new Problem("record-unknown", { zh: "本机没有这条记录。", en: say("record.unknown") });
  const photos = photoStrip(context.outbox, record);
  const element = h("article", { class: "record" },
    h("a", { class: "back", href: "/field/queue" }, icon("back"), h("span", {}, say("record.back"))),
    h("h1", {}, record.record_no ?? say(`kind.${record.kind}`)),
    standing(record, shownState(record, status.is_syncing)),
    actions(context, record),
    await advice(record, reference),
    record.kind === "withdrawal" ? h("section", { class: "card part" }, h("p", {}, record.body.reason)) : bodySections(record.body, reference),
    photos.element,
    versions(record),
    technical(record));
  return { element, title: record.record_no ?? undefined, close: photos.close };
}

function standing(record, name) {
  const lines = [
    [say("record.sealed-at"), `${localTime(record.sealed_at)} · ${say("record.seq", { seq: record.seq })}`],
    record.received_at && [say("record.received-at"), localTime(record.received_at)],
    record.reasons && [say("record.reason"), sayEither(record.reasons)],
    record.field && [say("record.field"), record.field],
  ].filter(Boolean);
  const todo = remedy(name, record);
  return h("section", { class: "card standing" }, stateBadge(name), exportedBadge(record), record.body.synthetic ? h("span", { class: "badge" }, say("queue.synthetic")) : null,
    h("dl", { class: "facts" }, lines.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)])),
    todo ? h("p", { class: "todo" }, h("strong", {}, `${say("record.what-to-do")} `), todo) : null);
}

function actions(context, record) {
  const result = h("div", { class: "action-result" });
  const row = h("div", { class: "actions" });
  if (record.state === "refused") row.append(button(say("record.again"), () => offerAgain(context, record, result), { kind: "primary" }));
  if (record.kind !== "withdrawal") {
    row.append(
      h("a", { class: "button quiet", href: `/field/record/${record.id}/amend` }, say("record.amend")),
      h("a", { class: "button quiet", href: `/field/record/${record.id}/finalise` }, say("record.finalise")),
      button(say("record.withdraw"), () => fill(result, withdrawal(context, record, () => fill(result))), { kind: "danger" }));
  }
  return h("div", {}, row, result);
}

async function offerAgain(context, record, result) {
  try {
    await context.outbox.requeue(record.id);
    fill(result, h("p", { class: "note good", role: "status" }, say("record.again-done")));
    context.refresh();
  } catch (error) {
    fill(result, h("p", { class: "note bad", role: "alert" }, sayEither(asProblem(error))));
  }
}

async function advice(record, reference) {
  if (record.kind === "withdrawal") return null;
  const [{ advise }, { actedOn }, { adviceLines }] = await Promise.all([import("../capture/advice.js"), import("../sync/clock.js"), import("./record/advice_part.js")]);
  const found = advise(record.body, actedOn({ body: record.body, clock: record.clock }), reference);
  return h("section", { class: "card part advice" }, h("h2", {}, say("record.advice")), adviceLines(found));
}

function versions(record) {
  if ((record.versions ?? []).length < 2) return null;
  return h("section", { class: "card part" }, h("h2", {}, say("record.history")), h("ol", {}, record.versions.map((version) =>
    h("li", {}, version.id === record.id ? say(`kind.${version.kind}`) : h("a", { href: `/field/record/${version.id}` }, say(`kind.${version.kind}`)),
      ` ${localTime(version.sealed_at)} `, stateBadge(shownState(version))))));
}

function technical(record) {
  return h("details", { class: "card more" }, h("summary", {}, h("span", { class: "grow" }, say("record.technical"))),
    h("dl", { class: "facts inside" }, h("dt", {}, say("record.hash")), h("dd", { class: "bytes" }, record.hash),
      h("dt", {}, "ID"), h("dd", { class: "bytes" }, record.id),
      h("dt", {}, say("record.jws")), h("dd", {}, h("textarea", { readonly: true, rows: "4", class: "bytes", "aria-label": say("record.jws"), value: record.jws }))));
}
