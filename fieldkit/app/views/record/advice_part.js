/** What the origin check says while the form is filled in: advice, no verdict. */
import { advise } from "../../capture/advice.js";
import { bodyOf } from "../../capture/answers.js";
import { rightsOf } from "../../schemas/products.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { fill, h } from "../dom.js";

const AFTER_MS = 200;
const MOODS = { supports: "good", contradicts: "warn" };

/** Return `{element, close}`; the advice follows every change, a little later. */
export function advicePart(form) {
  const told = h("div", { "aria-live": "polite" });
  const element = h("section", { class: "card advice" }, h("h2", {}, say("advice.title")), told);
  let timer = null;
  const draw = () => {
    timer = null;
    const fresh = h("div", {}, adviceOf(form));
    // The same words again would be read out again.
    if (!told.firstChild?.isEqualNode(fresh)) fill(told, fresh);
  };
  form.onChange(() => {
    timer ??= setTimeout(draw, AFTER_MS);
  });
  draw();
  return { element, close: () => clearTimeout(timer) };
}

function adviceOf(form) {
  const { site, violations } = form.answers;
  if (!site.premises_type || violations.length === 0) return h("p", { class: "soft" }, say("advice.waiting"));
  try {
    return adviceLines(advise(knownBody(form), form.actedOn, form.reference));
  } catch (error) {
    return h("p", { class: "soft" }, say("advice.unavailable", { why: sayEither(asProblem(error)) }));
  }
}

/** Return the lines of an advice; those that support or contradict a finding stand out. */
export function adviceLines({ lines, violations }) {
  const first = lines.length - violations.length;
  return lines.map((line, place) => h("p", { class: place < first ? null : `note ${MOODS[violations[place - first].support] ?? ""}` }, sayEither(line)));
}

/** The body as it would be completed, as far as the check looks at it. */
function knownBody({ answers, identity, reference }) {
  const body = bodyOf(answers);
  const goods = body.goods.map((lot) => ({ rights: rightsOf(reference.products, lot.product), ...lot }));
  return { unit_code: identity.unit_code, ...body, goods };
}
