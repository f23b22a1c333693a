/** On a laptop: drafts out of the camera's photographs, GPX and CSV files. */
import "../../words/home.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { button, fill, h } from "../dom.js";

const ACCEPTED = ".gpx,.csv,.heic,.heif,image/*";
const MOST_LINES = 20;

/** Return the card that takes files, and says of each what came of it. */
export function importCard({ outbox, announce }) {
  const result = h("div", { class: "import-result" });
  const take = async (files) => {
    choose.disabled = true;
    const onProgress = ({ done, total }) => fill(result, h("p", { class: "soft" }, say("home.import-at", { done: done + 1, total })));
    const lines = await outbox.importFiles(files, { onProgress }).then(reportLines, troubleLines);
    fill(result, shown(lines));
    announce(lines.map(({ text }) => text).join(" "), { urgent: lines.some(({ tone }) => tone === "bad") });
    choose.disabled = false;
  };
  const onchange = ({ target }) => {
    const files = [...target.files];
    // The same file chosen again is a choice too.
    target.value = "";
    if (files.length > 0) take(files);
  };
  const input = h("input", { type: "file", multiple: true, accept: ACCEPTED, hidden: true, onchange });
  const choose = button(say("home.import-choose"), () => input.click(), { icon: "file" });
  return h("section", { class: "card import" }, h("h2", {}, say("home.import")), h("p", { class: "soft small" }, say("home.import-about")),
    h("div", { class: "actions" }, choose, input), result);
}

/** Return what an import's report says to a person, a line each. */
export function reportLines({ taken, known, not_taken: refused, tracks }) {
  const counted = [["taken", taken.length], ["known", known.length], ["tracks", tracks]].filter(([, count]) => count > 0);
  const lines = counted.map(([name, count]) => ({ tone: "good", text: say(`home.import-${name}`, { count }) }));
  for (const { file, line, reasons } of refused) lines.push({ tone: "bad", text: ofFile(file, line, reasons) });
  for (const { file, line, remarks } of taken) {
    for (const remark of remarks) lines.push({ tone: "warn", text: ofFile(file, line, remark) });
  }
  return lines.length > 0 ? lines : [{ tone: "warn", text: say("home.import-nothing") }];
}

function troubleLines(error) {
  return [{ tone: "bad", text: sayEither(asProblem(error)) }];
}

function ofFile(file, line, reasons) {
  const words = sayEither(reasons);
  return line === null ? say("home.import-file", { file, words }) : say("home.import-line", { file, line, words });
}

function shown(lines) {
  const left = lines.length - MOST_LINES;
  const notes = lines.slice(0, MOST_LINES).map(({ tone, text }) => h("p", { class: `note ${tone}` }, text));
  return [...notes, left > 0 ? h("p", { class: "soft" }, say("home.import-more", { count: left })) : null];
}
