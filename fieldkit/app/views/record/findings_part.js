/** The part about what was found: codes by words, pinyin initials or number. */
import { nextId } from "../../capture/answers.js";
import { NO_FINDING } from "../../schemas/codes.js";
import { say } from "../../words.js";
import { button, fill, h, icon } from "../dom.js";
import { iconButton } from "../shell.js";
import { inLanguage } from "../terms.js";
import { textField } from "../controls.js";
import { findingDetails } from "./finding_details.js";

const SHOWN_AT_FIRST = 5;

/** Return the card: the chosen codes, then the search and what it finds. */
export function findingsPart(form) {
  const part = new FindingsPart(form);
  part.draw();
  return part.element;
}

class FindingsPart {
  isOpen = false;
  isWhole = false;
  text = "";

  constructor(form) {
    this.form = form;
    this.violations = form.answers.violations;
    this.chosen = h("div", { class: "chosen" });
    this.picker = h("div");
    this.element = h("section", { class: "card", dataset: { field: "violations" } }, h("h2", {}, say("code.title")), this.chosen, this.picker);
  }

  draw() {
    const isMany = this.violations.length > 1;
    fill(this.chosen, this.violations.map((violation, place) => this.drawn(violation, place, isMany)));
    if (this.violations.length === 0 || this.isOpen) this.drawPicker();
    else fill(this.picker, button(say("code.another"), () => this.open(), { icon: "add" }));
  }

  open() {
    this.isOpen = true;
    this.draw();
    this.picker.querySelector("input").focus();
  }

  drawn(violation, place, isMany) {
    const entry = this.form.codes.get(violation.code);
    const primary = this.violations.find(({ primary: isPrimary }) => isPrimary) ?? this.violations[0];
    const mark = isMany && violation === primary ? h("span", { class: "badge good" }, say("code.primary")) : null;
    const make = isMany && violation !== primary ? button(say("code.make-primary"), () => this.makePrimary(violation)) : null;
    const remove = iconButton("close", say("code.remove", { code: entry.code }), () => this.remove(violation));
    return h("div", { class: "finding", dataset: { field: `violations[${place}]` } },
      h("p", { class: "row" }, h("span", { class: "code" }, entry.code), h("span", { class: "grow" }, inLanguage(entry)), mark, remove),
      make, findingDetails(this.form, violation, place));
  }

  drawPicker() {
    const found = h("div", { class: "codes" });
    const search = textField({
      label: say("code.search"), value: this.text, field: "violations.search", type: "search", enterkeyhint: "search", spellcheck: "false",
      onchange: (text) => {
        this.text = text;
        this.drawFound(found);
      },
    });
    search.addEventListener("keydown", (event) => this.takeTyped(event));
    fill(this.picker, search, found);
    this.drawFound(found);
  }

  /** Enter takes the one code that was meant. */
  takeTyped(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const meant = this.form.codes.meant(this.text);
    if (meant) this.add(meant.code);
  }

  drawFound(place) {
    const { codes, settings, actedOn } = this.form;
    const last = settings.last_code;
    const taken = new Set(this.violations.map(({ code }) => code));
    const all = codes.search(this.text, last ? [last] : [])
      .filter(({ code }) => !taken.has(code) && code !== NO_FINDING && codes.isValidOn(code, actedOn));
    const isShort = this.text.trim() === "" && !this.isWhole;
    const shown = isShort ? all.slice(0, SHOWN_AT_FIRST) : all;
    const rows = shown.map((entry) => h("li", {}, this.offered(entry, entry.code === last)));
    const whole = isShort && all.length > shown.length ? button(say("code.all", { count: all.length }), () => this.showWhole(place)) : null;
    const count = this.text.trim() ? h("p", { class: "soft small", role: "status" }, all.length ? say("code.found", { count: all.length }) : say("code.none-found")) : null;
    fill(place, count, h("ul", { class: "rows" }, rows), whole);
  }

  offered(entry, isLast) {
    return h("button", { type: "button", class: "offer", onclick: () => this.add(entry.code) },
      h("span", { class: "code" }, entry.code), h("span", { class: "grow" }, inLanguage(entry)), isLast ? h("span", { class: "badge" }, say("code.last")) : icon("add"));
  }

  showWhole(place) {
    this.isWhole = true;
    this.drawFound(place);
    place.querySelectorAll(".offer")[SHOWN_AT_FIRST]?.focus();
  }

  add(code) {
    this.violations.push({ id: nextId(this.violations, "v", this.form.isIdUsed), code });
    Object.assign(this, { text: "", isOpen: false, isWhole: false });
    this.settle();
    this.form.context.announce(inLanguage(this.form.codes.get(code)));
  }

  remove(violation) {
    this.violations.splice(this.violations.indexOf(violation), 1);
    this.settle();
  }

  makePrimary(chosen) {
    for (const violation of this.violations) violation.primary = violation === chosen;
    this.settle();
  }

  settle() {
    this.draw();
    (this.picker.querySelector("input") ?? this.picker.querySelector("button")).focus({ preventScroll: true });
    this.form.changed("violations");
  }
}
