/** A dialog that reads one QR code, by the camera or from a picture. */
import "../words/scan.js";
import { readPicture, watchCamera } from "../device/qr.js";
import { asProblem } from "../problem.js";
import { say, sayEither } from "../words.js";
import { button, fill, h } from "./dom.js";
import { ask } from "./modal.js";

/**
 * Ask for a QR code; resolves to its text, null if the person gave up.
 *
 * @param {{title?: string}} [about]
 * @returns {Promise<string | null>}
 */
export function scanCode({ title = say("scan.title") } = {}) {
  return ask(title, (answer) => {
    const video = h("video", { playsinline: true, muted: true, "aria-hidden": "true" });
    const told = h("p", { role: "status" }, say("scan.aim"));
    const picture = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-hidden": "true", onchange: () => fromPicture(picture.files[0], told, answer) });
    const actions = h("div", { class: "actions" },
      button(say("scan.from-picture"), () => picture.click(), { icon: "file" }), button(say("scan.cancel"), () => answer(null)), picture);
    let isOver = false;
    let stop = () => {};
    const opened = () =>
      watchCamera(video, answer).then((end) => (isOver ? end() : (stop = end)), (error) => {
        video.hidden = true;
        fill(told, sayEither(asProblem(error)));
      });
    const closed = () => {
      isOver = true;
      stop();
    };
    return { content: [video, told, actions], opened, closed };
  });
}

async function fromPicture(file, told, answer) {
  if (!file) return;
  const found = await readPicture(file).catch(() => null);
  if (found) answer(found);
  else fill(told, say("scan.none-in-picture"));
}
