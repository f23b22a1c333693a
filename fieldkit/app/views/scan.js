/** A dialog that reads one QR code, by the camera or from a picture. */
import "../words/scan.js";
import { readPicture, watchCamera } from "../device/qr.js";
import { asProblem } from "../problem.js";
import { say, sayEither } from "../words.js";
import { button, fill, h } from "./dom.js";

/**
 * Ask for a QR code; resolves to its text, null if the person gave up.
 *
 * @param {{title?: string}} [about]
 * @returns {Promise<string | null>}
 */
export function scanCode({ title = say("scan.title") } = {}) {
  return new Promise((resolve) => {
    const video = h("video", { playsinline: true, muted: true, "aria-hidden": "true" });
    const told = h("p", { role: "status" }, say("scan.aim"));
    const picture = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", onchange: () => fromPicture(picture.files[0]) });
    const dialog = h("dialog", { class: "scan", "aria-label": title }, h("h2", {}, title), video, told, picture,
      h("div", { class: "actions" }, button(say("scan.from-picture"), () => picture.click(), { icon: "file" }), button(say("scan.cancel"), () => dialog.close())));
    let stop = () => {};
    let text = null;
    const done = (found) => {
      text = found;
      dialog.close();
    };
    async function fromPicture(file) {
      if (!file) return;
      const found = await readPicture(file).catch(() => null);
      if (found) done(found);
      else fill(told, say("scan.none-in-picture"));
    }
    dialog.addEventListener("close", () => {
      stop();
      dialog.remove();
      resolve(text);
    });
    document.body.append(dialog);
    dialog.showModal();
    watchCamera(video, done).then((end) => (dialog.open ? (stop = end) : end()), (error) => {
      video.hidden = true;
      fill(told, sayEither(asProblem(error)));
    });
  });
}
