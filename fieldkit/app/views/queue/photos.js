/** A record's photographs: small pictures, what is missing, and the original on a tap. */
import "../../words/queue.js";
import { say } from "../../words.js";
import { h } from "../dom.js";

/**
 * Return `{element, close()}`; the pictures come when they are ready.
 *
 * @param {object} outbox
 * @param {object} record of `show()`
 */
export function photoStrip(outbox, record) {
  const addresses = [];
  const evidence = record.body.evidence ?? [];
  const files = new Map((record.evidence_files ?? []).map((file) => [file.sha256, file]));
  if (evidence.length === 0) return { element: null, close() {} };
  const strip = h("ul", { class: "photo-strip" });
  for (const item of evidence) {
    const figure = h("li", {}, h("span", { class: "photo-name" }, item.file_name));
    const isHere = files.get(item.sha256)?.is_on_disk ?? true;
    if (isHere) fillPicture(outbox, item, figure, addresses);
    else figure.append(h("span", { class: "bad" }, say("record.photo-gone")));
    strip.append(figure);
  }
  const counted = h("p", { class: "soft small" }, say("queue.photos-of", record.photos));
  const element = h("section", { class: "card part" }, h("h2", {}, say("record.evidence")), counted, strip);
  return { element, close: () => addresses.forEach((address) => URL.revokeObjectURL(address)) };
}

async function fillPicture(outbox, item, figure, addresses) {
  const small = await outbox.thumbnail(item.sha256).catch(() => null);
  if (!small) {
    figure.prepend(h("span", { class: "no-preview" }, say("record.photo-no-preview")));
    return;
  }
  const address = URL.createObjectURL(small);
  addresses.push(address);
  const open = h("button", { type: "button", class: "photo", onclick: () => openOriginal(outbox, item, addresses) });
  open.append(h("img", { src: address, alt: item.file_name, loading: "lazy" }));
  figure.prepend(open);
}

async function openOriginal(outbox, item, addresses) {
  const original = await outbox.photo(item.sha256);
  if (!original) return;
  const address = URL.createObjectURL(original);
  addresses.push(address);
  const dialog = h("dialog", { class: "picker photo-dialog", "aria-label": item.file_name });
  dialog.append(h("img", { src: address, alt: item.file_name }), h("button", { type: "button", class: "button primary", onclick: () => dialog.close() }, say("record.cancel")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
