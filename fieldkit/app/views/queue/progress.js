/** How far a sync has come, as a bar and in words. */
import "../../words/queue.js";
import { say } from "../../words.js";
import { fill, h } from "../dom.js";
import { size } from "../size.js";

/** Return `{element, show(at), begin(), end()}`; between `begin` and the first `show` nothing is known. */
export function progressPart() {
  const bar = h("progress", { max: "1", "aria-label": say("queue.syncing") });
  const step = h("p", { class: "step", "aria-live": "off" });
  const element = h("div", { hidden: true }, bar, step);
  const draw = (share, words) => {
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    fill(step, words);
  };
  return {
    element,
    show: (at) => draw(shareOf(at), stepWords(at)),
    begin() {
      if (element.hidden) draw(null, null);
      element.hidden = false;
    },
    end: () => (element.hidden = true),
  };
}

/** Return how much of a stage is done, 0 to 1; null where that is not known. */
export function shareOf({ done, total, bytes, bytes_total }) {
  if (bytes_total) return bytes / bytes_total;
  return total ? done / total : null;
}

/** Return the words for it: "照片 1/3 · 640 kB / 2.4 MB". */
export function stepWords({ stage, done, total, bytes, bytes_total }) {
  const words = say(`queue.stage.${stage}`);
  if (!total) return words;
  const counted = say("queue.progress", { stage: words, done, total });
  return bytes_total ? say("queue.progress-bytes", { counted, sent: size(bytes), whole: size(bytes_total) }) : counted;
}
