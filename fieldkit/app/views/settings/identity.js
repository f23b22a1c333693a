/** Whose device this is, and the two thumbprints that people compare. */
import "../../words/enrol.js";
import { say } from "../../words.js";
import { h } from "../dom.js";
import { masked } from "../queue/body.js";
import { localTime } from "../terms.js";

const GROUP_CHARS = 6;

/** Return a card of the identity that enrolment gave. */
export function identityCard(identity) {
  const officers = identity.officers.map((officer) => `${officer.name} ${masked(officer.certificate_no)}`).join("、");
  const lines = [
    ["enrol.unit", `${identity.unit_name} (${identity.unit_code})`],
    ["enrol.officers", officers],
    ["enrol.server", address(identity.server_url)],
    ["enrol.enrolled-at", localTime(identity.enrolled_at)],
    ["enrol.server-key", grouped(identity.server_thumbprint)],
    ["enrol.device-key", grouped(identity.thumbprint)],
  ];
  return h("section", { class: "card identity" },
    h("dl", { class: "facts" }, lines.flatMap(([words, value]) => [h("dt", {}, say(words)), h("dd", {}, value)])),
    h("p", { class: "soft small" }, say("enrol.compare")));
}

/** Return a server's address that breaks before its host, then before its port. */
function address(url) {
  const [, scheme, host, port] = /^(\w+:\/\/)?(.*?)(:\d+)?$/.exec(url);
  return [scheme, h("span", { class: "host" }, host, port ? h("span", { class: "port" }, port) : null)];
}

/** Return a thumbprint in groups that can be read aloud. */
function grouped(thumbprint) {
  return (thumbprint.match(new RegExp(`.{1,${GROUP_CHARS}}`, "g")) ?? []).join(" ");
}
