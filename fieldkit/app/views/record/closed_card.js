/** A card of the form that is closed until wanted, and says meanwhile what is in it. */
import { closedPart } from "../controls.js";
import { h } from "../dom.js";

/**
 * Return the card; what `said` returns stands beside its title and follows the answers.
 *
 * @param {import("./form_state.js").FormState} form
 * @param {{title: string, field?: string, said: () => string}} about
 * @param {() => Node | Array} content made when first wanted
 */
export function closedCard(form, { title, field = "", said }, content) {
  const summary = h("span", { class: "said" }, said());
  form.onChange(() => {
    const text = said();
    if (text !== summary.textContent) summary.textContent = text;
  });
  return closedPart({ class: "card more", dataset: { field } }, [h("span", { class: "part-name" }, title), summary], content);
}
