/** A question that stands above the page until it is answered or given up. */
import { h, newId } from "./dom.js";

/**
 * Show a dialog and resolve to what it was answered with, null if it was given up (its
 * cancel button, Escape, the way back). The focus goes into it, and back afterwards.
 *
 * @param {string} title
 * @param {(answer: (value: unknown) => void) => {content: Node[], opened?: () => void,
 *   closed?: () => void}} make `answer(value)` closes; `opened` is called once it is shown
 * @returns {Promise<unknown>}
 */
export function ask(title, make) {
  return new Promise((resolve, reject) => {
    const id = newId("dialog");
    const element = h("dialog", { class: "picker", "aria-labelledby": id });
    let answered = null;
    const answer = (value) => {
      answered = value;
      element.close();
    };
    let made = {};
    const giveUp = () => element.close();
    window.addEventListener("popstate", giveUp);
    element.addEventListener("close", () => {
      window.removeEventListener("popstate", giveUp);
      element.remove();
      made.closed?.();
      resolve(answered);
    });
    try {
      made = make(answer);
      element.append(h("h2", { id }, title), ...made.content);
      document.body.append(element);
      element.showModal();
      made.opened?.();
    } catch (error) {
      window.removeEventListener("popstate", giveUp);
      element.remove();
      reject(error);
    }
  });
}
