/** A frame to sign in, with finger, pen or mouse. */
import { say } from "../../words.js";
import { button, h } from "../dom.js";

const WIDTH_PX = 960;
const HEIGHT_PX = 400;
const STROKE_PX = 5;

/**
 * Ask for a signature; resolves to a PNG (dark on white), null if the person gave up.
 *
 * @param {string} who whose signature it is
 * @returns {Promise<Blob | null>}
 */
export function drawSignature(who) {
  return new Promise((resolve) => {
    const pad = newPad(who);
    let png = null;
    const use = async () => {
      if (!pad.isSigned()) return;
      png = await new Promise((done) => pad.canvas.toBlob(done, "image/png"));
      dialog.close();
    };
    const dialog = h("dialog", { class: "signing", "aria-label": who }, h("h2", {}, who), h("p", { class: "soft" }, say("sign.draw")), pad.canvas,
      h("div", { class: "actions" }, button(say("sign.keep"), use, { kind: "primary", icon: "check" }), button(say("sign.clear"), pad.clear), button(say("sign.cancel"), () => dialog.close())));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(png);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function newPad(who) {
  const canvas = h("canvas", { width: WIDTH_PX, height: HEIGHT_PX, role: "img", "aria-label": who });
  const pen = canvas.getContext("2d");
  let isSigned = false;
  const clear = () => {
    isSigned = false;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, WIDTH_PX, HEIGHT_PX);
    Object.assign(pen, { lineWidth: STROKE_PX, lineCap: "round", lineJoin: "round", strokeStyle: "#111", fillStyle: "#111" });
  };
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * WIDTH_PX, ((clientY - box.top) / box.height) * HEIGHT_PX];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    isSigned = true;
  });
  clear();
  return { canvas, clear, isSigned: () => isSigned };
}
