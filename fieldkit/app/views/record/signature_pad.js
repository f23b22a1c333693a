/** A frame to sign in, with finger, pen or mouse; or a photograph of a signature on paper. */
import { say } from "../../words.js";
import { button, h } from "../dom.js";
import { ask } from "../modal.js";

const LYING_PX = { width: 960, height: 400 };
/** On a phone held upright the frame is square: a name in four characters needs the room. */
const UPRIGHT_PX = { width: 720, height: 720 };
const STROKE_PX = 5;

/**
 * Ask for a signature; null if the person gave up.
 *
 * @param {string} who whose signature it is
 * @returns {Promise<{drawn: Blob} | {photo: File} | null>} drawn: a PNG, dark on white
 */
export function askSignature(who) {
  return ask(who, (answer) => {
    const pad = newPad(who);
    const use = () => pad.isSigned() && pad.canvas.toBlob((drawn) => answer({ drawn }), "image/png");
    const actions = h("div", { class: "actions" }, button(say("sign.keep"), use, { kind: "primary", icon: "check" }),
      button(say("sign.clear"), pad.clear), button(say("sign.photo"), () => photographed(answer), { icon: "camera" }), button(say("sign.cancel"), () => answer(null)));
    return { content: [h("p", { class: "soft" }, say("sign.draw")), pad.canvas, actions] };
  });
}

/** Whoever cannot draw here, by keyboard or by a shaking hand, signs on paper. */
function photographed(answer) {
  const input = h("input", { type: "file", accept: "image/*,.heic,.heif", capture: "environment" });
  input.addEventListener("change", () => input.files.length > 0 && answer({ photo: input.files[0] }));
  input.click();
}

function newPad(who) {
  const { width, height } = window.innerWidth < window.innerHeight ? UPRIGHT_PX : LYING_PX;
  const canvas = h("canvas", { class: "signature", width, height, role: "img", "aria-label": who });
  const pen = canvas.getContext("2d");
  let isSigned = false;
  const clear = () => {
    isSigned = false;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    Object.assign(pen, { lineWidth: STROKE_PX, lineCap: "round", lineJoin: "round", strokeStyle: "#111", fillStyle: "#111" });
  };
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * width, ((clientY - box.top) / box.height) * height];
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
