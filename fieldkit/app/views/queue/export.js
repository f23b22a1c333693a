/** Export to a file: the way out that always works. */
import "../../words/queue.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { button, fill, h } from "../dom.js";

const KEPT_FOR_DOWNLOAD_MS = 60_000;

/** Return the button with its note; `changed` is called once a file was handed over. */
export function exportButton({ outbox, announce }, changed) {
  const result = h("p", { class: "export-result", role: "status" });
  const press = button(say("queue.export"), run, { icon: "file", class: "button quiet wide" });
  async function run() {
    press.disabled = true;
    fill(result, say("queue.exporting"));
    try {
      const told = await handOver(outbox);
      fill(result, told);
      announce(told);
      changed();
    } catch (error) {
      fill(result, sayEither(asProblem(error)));
    } finally {
      press.disabled = false;
    }
  }
  return h("div", { class: "export" }, press, h("p", { class: "soft small" }, say("queue.export-note")), result);
}

async function handOver(outbox) {
  const { blob, file_name: name, records, photos } = await outbox.exportBundle();
  if (records === 0) return say("queue.export-none");
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR_DOWNLOAD_MS);
  await outbox.markExported();
  return say("queue.exported", { records, photos, name });
}
