/** What the last sync left undone: each with its reason, and the way to its record. */
import "../../words/queue.js";
import { say, sayEither } from "../../words.js";
import { h } from "../dom.js";

const AT_MOST = 20;

/** Return the list, null where nothing is to be told. @param {object[]} troubles of the status */
export function troubleList(troubles) {
  if (troubles.length === 0) return null;
  const more = troubles.length - AT_MOST;
  return h("div", { class: "note warn troubles" }, h("p", {}, say("queue.troubles", { count: troubles.length })),
    h("ul", {}, troubles.slice(0, AT_MOST).map(line)), more > 0 ? h("p", {}, say("queue.troubles-more", { count: more })) : null);
}

function line({ stage, record_id: id, reason, code }) {
  const why = reason ? sayEither(reason) : code;
  const record = id ? h("a", { href: `/field/record/${id}` }, say("queue.trouble-record")) : null;
  return h("li", {}, say("queue.trouble", { stage: say(`queue.stage.${stage}`), why }), " ", record);
}
