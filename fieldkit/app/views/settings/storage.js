/** How much room there is, and whether the browser promised to keep what is here. */
import "../../words/settings.js";
import { roomProblem } from "../../device/photo.js";
import { say, sayEither } from "../../words.js";
import { h } from "../dom.js";
import { exportPart } from "../queue/export.js";
import { size } from "../size.js";

/**
 * Return `{element, close()}`: the card of storage.
 *
 * @param {object} context of the router
 * @param {object} status the outbox's
 */
export function storageCard(context, status) {
  const { usage_bytes: used, quota_bytes: quota, is_persisted: isPersisted } = status.storage;
  const figures = used === null || quota === null ? say("settings.used-unknown") : say("settings.used", { used: size(used), left: size(Math.max(0, quota - used)) });
  const isTablet = status.home === "tablet";
  const short = roomProblem(status.storage);
  const wayOut = isTablet && isAtRisk() && status.device_id ? exportPart(context, () => {}) : null;
  const element = h("section", { class: "card" }, h("h2", {}, say("settings.storage")), h("p", {}, figures),
    short ? h("p", { class: "note bad" }, sayEither(short)) : null,
    isTablet ? h("p", { class: isPersisted ? "note good" : "note warn" }, say(isPersisted ? "settings.persisted" : "settings.not-persisted")) : null,
    isTablet && !isInstalled() ? installNote() : null, wayOut && wayOut.element);
  return { element, close: () => wayOut && wayOut.close() };
}

/** Tell whether the system may clear what is here: an iPad's page that is not installed. */
export function isAtRisk() {
  return isAppleTouch() && !isInstalled();
}

/** Tell whether the app runs from the home screen. */
export function isInstalled() {
  return matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
}

/** Tell whether this is Safari on an iPad or iPhone, which clears pages after 7 days. */
export function isAppleTouch() {
  return "standalone" in navigator || (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
}

function installNote() {
  return h("div", { class: "note", role: "note" }, h("p", {}, say("settings.not-installed")), isAppleTouch() ? h("p", {}, say("settings.ipad")) : null);
}
