/** The part of the form about the position: it comes by itself, and says how good it is. */
import "../../words/position.js";
import { BestFix, metresApart } from "../../capture/best_fix.js";
import { degreeWords } from "../../capture/degrees.js";
import { asProblem } from "../../problem.js";
import { say, sayEither } from "../../words.js";
import { button, fill, h, icon, refill } from "../dom.js";
import { inLanguage } from "../terms.js";
import { watchPosition } from "./position_source.js";
import { noPosition, pinReason } from "./reason_choice.js";
import { placePin } from "./pin.js";

const POOR_FROM_M = 100;
const LEAST_MOVE_M = 0.5;
const SOURCES = { manual: "position.by-hand", gnss: "position.by-receiver", external: "position.by-external", imported: "position.by-import" };

/** Return `{element, close}`; the watch goes on until closed, or until a pin or reason is given. */
export function positionPart(form) {
  const part = new PositionPart(form);
  part.begin();
  return { element: part.element, close: () => part.stop() };
}

class PositionPart {
  stop = () => {};
  problem = null;
  away = null;
  details = {};

  constructor(form) {
    this.form = form;
    this.position = form.answers.position;
    this.told = h("div", { class: "told" });
    this.actions = h("div", { class: "actions" });
    this.shown = h("div", { class: "position" }, this.told, this.actions);
    this.source = h("div");
    this.element = h("section", { class: "card", dataset: { field: "site.fix" } }, h("h2", {}, say("position.title")), this.shown, this.source);
  }

  /** Watch, unless the draft already says where it was, or why not. */
  begin() {
    const { fix, no_fix_reason } = this.position;
    if (fix === null && no_fix_reason === "") this.watch();
    else this.draw();
  }

  watch() {
    this.stop();
    this.best = new BestFix(Date.now());
    Object.assign(this.position, { fix: null, measured_fix: null, no_fix_reason: "" });
    this.problem = this.away = this.latest = null;
    this.stop = watchPosition(this.form, this.source, (fix, details) => this.take(fix, details), (problem) => this.tell(problem));
    this.isWatching = true;
    this.draw();
  }

  end() {
    this.stop();
    this.stop = () => {};
    this.isWatching = false;
    this.problem = this.away = null;
    fill(this.source);
  }

  /** `details` is what a receiver says beside the fix. */
  take(fix, details = {}) {
    const isFirst = this.position.fix === null;
    const { is_taken: isTaken, away_m: awayM } = this.best.add(fix, Date.now());
    this.latest = fix;
    this.details = details;
    this.problem = null;
    this.away = awayM;
    if (isTaken && isWorthKeeping(this.position.fix, this.best.fix)) {
      this.position.fix = this.best.fix;
      this.form.changed("position");
    }
    if (isFirst && fix.radius95_m) this.form.context.announce(say("position.improved", { radius: metres(fix.radius95_m) }));
    this.draw();
  }

  tell(problem) {
    this.problem = asProblem(problem);
    this.draw();
  }

  takeLatest() {
    const { latest } = this;
    this.watch();
    this.take(latest);
  }

  async pin() {
    const pinned = await placePin(this.form, this.position);
    if (pinned === null) return;
    const measured = this.position.measured_fix ?? (this.position.fix?.source === "manual" ? null : this.position.fix);
    this.end();
    Object.assign(this.position, { fix: pinned, measured_fix: measured, no_fix_reason: "" });
    this.form.changed("position");
    this.draw();
  }

  say(reason) {
    this.end();
    Object.assign(this.position, { fix: null, measured_fix: null, no_fix_reason: reason });
    this.form.changed("position");
  }

  sayWhy(fix, reason) {
    const { basis: _before, ...pinned } = fix;
    this.position.fix = reason ? { ...pinned, basis: reason } : pinned;
    this.form.changed("position");
  }

  /** A receiver speaks every second: the buttons that stay are not drawn anew under a thumb. */
  draw() {
    const { fix, no_fix_reason: reason } = this.position;
    const isNone = fix === null && !this.isWatching;
    refill(this.told, isNone ? noPosition(reason, (text) => this.say(text)) : this.found());
    refill(this.actions, this.ways(isNone, fix));
  }

  found() {
    const { fix } = this.position;
    if (fix === null) {
      return this.problem ? h("p", { class: "note warn" }, sayEither(this.problem)) : h("p", { class: "fix waiting" }, icon("pin"), h("span", {}, say("position.waiting")));
    }
    const note = this.away !== null ? say("position.away", { distance: Math.round(this.away) }) : isPoor(fix) ? say("position.poor") : null;
    return [
      h("p", { class: "fix" }, icon("pin"), h("span", {}, h("strong", { class: "figures" }, inLanguage(degreeWords(fix.lon_deg, fix.lat_deg))), h("span", { class: "soft small" }, this.quality(fix)))),
      note && h("p", { class: "note warn" }, note),
      fix.source === "manual" ? pinReason(fix.basis ?? "", (text) => this.sayWhy(fix, text)) : null,
    ];
  }

  quality(fix) {
    const { averaged_from: count = 0 } = fix;
    const { satellites = null, is_estimated: isEstimated = false } = this.isWatching ? this.details : {};
    return [
      fix.is_mock ? say("position.mock") : null,
      say(SOURCES[fix.source] ?? "position.by-network"),
      fix.radius95_m ? say(fix.source === "manual" ? "position.assumed" : "position.accuracy", { radius: metres(fix.radius95_m) }) : say("position.accuracy-unknown"),
      isEstimated && fix.radius95_m ? say("position.estimated") : null,
      satellites ? say("position.satellites", { count: satellites }) : null,
      count > 0 ? say("position.averaged", { count }) : null,
      this.isWatching ? say("position.improving") : null,
    ].filter(Boolean).join(" · ");
  }

  /** Equal buttons do equal things: `refill` keeps those that were there. */
  ways(isNone, fix) {
    const again = () => this.watch();
    const none = () => {
      this.say("");
      this.draw();
      this.shown.querySelector("input")?.focus();
    };
    return [
      this.away !== null ? button(say("position.take-now"), () => this.takeLatest()) : null,
      isNone ? button(say("position.back-to-fix"), again) : null,
      !isNone && (this.problem || !this.isWatching) ? button(say("position.again"), again) : null,
      button(say("position.pin"), () => this.pin().catch((error) => this.form.context.tell(asProblem(error)))),
      !isNone && fix === null ? button(say("position.none"), none) : null,
    ];
  }
}

/** A pin does not improve under open sky. */
function isPoor({ radius95_m, source }) {
  return source !== "manual" && source !== "imported" && radius95_m > POOR_FROM_M;
}

/** A receiver speaks every second; what changes nothing that is shown need not be kept. */
function isWorthKeeping(held, fix) {
  if (held === null || fix.radius95_m !== held.radius95_m || !held.averaged_from !== !fix.averaged_from) return true;
  return metresApart(held, fix) >= LEAST_MOVE_M;
}

function metres(radius) {
  return radius < 100 ? String(Number(radius.toFixed(1))) : String(Math.round(radius));
}
