/**
 * Export to a file: the way out that always works. What was written counts as exported
 * once a person says that the file is there: a browser does not tell.
 */
import "../../words/queue.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { button, fill, h } from "../dom.js";

/**
 * Return `{element, close()}`; `changed` is called once a file was handed over.
 *
 * @param {object} context of the router
 * @param {() => void} changed
 */
export function exportPart(context, changed) {
  const part = new ExportPart(context, changed);
  return { element: part.element, close: () => part.forget() };
}

class ExportPart {
  #result = h("div", { class: "export-result", role: "status" });
  #addresses = [];

  constructor({ outbox, announce }, changed) {
    Object.assign(this, { outbox, announce, changed });
    this.press = button(say("queue.export"), () => this.#run(), { icon: "file", class: "button quiet wide" });
    this.element = h("div", { class: "export" }, this.press, h("p", { class: "soft small" }, say("queue.export-note")), this.#result);
  }

  /** Let go of the files that were written for saving. */
  forget() {
    this.#addresses.forEach((address) => URL.revokeObjectURL(address));
    this.#addresses = [];
  }

  async #run() {
    this.press.disabled = true;
    this.forget();
    fill(this.#result, h("p", {}, say("queue.exporting")));
    try {
      this.#offer(await this.outbox.exportBundle());
    } catch (error) {
      fill(this.#result, h("p", { class: "note bad" }, sayEither(asProblem(error))));
    } finally {
      this.press.disabled = false;
    }
  }

  /** One file saves itself; of several a browser may stop all but the first. */
  #offer(bundle) {
    const files = bundle.files ?? [bundle];
    const counts = { records: sum(files, "records"), photos: sum(files, "photos") };
    if (counts.records + counts.photos === 0) return fill(this.#result, h("p", {}, say("queue.export-none")));
    const links = files.map((file) => this.#link(file));
    const words = files.length > 1 ? "queue.written-many" : "queue.written";
    const missing = files.reduce((count, file) => count + (file.missing?.length ?? 0), 0);
    const confirm = button(say("queue.saved"), () => this.#confirmed(counts), { kind: "primary", icon: "check", class: "button primary wide" });
    fill(this.#result, h("p", {}, say(words, { ...counts, files: files.length })), h("ul", { class: "files" }, links.map((link) => h("li", {}, link))),
      missing > 0 ? h("p", { class: "note bad" }, say("queue.written-missing", { count: missing })) : null, h("p", {}, say("queue.written-ask")), confirm);
    if (links.length === 1) links[0].click();
  }

  #link({ blob, file_name: name }) {
    const address = URL.createObjectURL(blob);
    this.#addresses.push(address);
    return h("a", { href: address, download: name }, name);
  }

  async #confirmed(counts) {
    try {
      await this.outbox.markExported();
    } catch (error) {
      return fill(this.#result, h("p", { class: "note bad" }, sayEither(asProblem(error))));
    }
    this.forget();
    const told = say("queue.exported", counts);
    fill(this.#result, h("p", { class: "note good" }, told));
    this.announce(told);
    return this.changed();
  }
}

function sum(files, name) {
  return files.reduce((total, file) => total + file[name], 0);
}
