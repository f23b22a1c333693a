/**
 * What stands around every screen: whose device this is, what waits since when, the
 * navigation under the thumb, banners, and two live regions for screen readers.
 */
import "../words/shell.js";
import { asProblem } from "../problem.js";
import { language, say, sayEither } from "../words.js";
import { ageWords } from "./age.js";
import { button, fill, h, icon, refill } from "./dom.js";
import { NAVIGATION } from "./screens.js";

const AGE_EVERY_MS = 30_000;
const REFRESH_AFTER_MS = 500;

/** The frame of the app; `present` puts a screen in its middle. */
export class Shell {
  #status = null;
  #main = h("main", { id: "main", tabindex: "-1" });
  #unit = h("p", { class: "unit" });
  #sync = h("a", { class: "sync", href: "/field/queue" });
  #header = h("header", { class: "top" }, this.#unit, this.#sync);
  #bar = h("div", { class: "bottom" });
  #banners = h("div", { class: "banners" });
  #polite = h("p", { class: "unseen", role: "status" });
  #urgent = h("p", { class: "unseen", role: "alert" });
  #nav = "home";
  #soon = null;
  #worksOffline = false;

  /** @param {HTMLElement} root @param {object} outbox */
  constructor(root, outbox) {
    this.root = root;
    this.outbox = outbox;
    this.identity = null;
    /** Called with each status that was read. */
    this.onStatus = () => {};
  }

  /** Draw the frame and keep the header true from now on. */
  async start() {
    const skip = h("a", { class: "skip", href: "#main", onclick: (event) => this.#skip(event) }, say("nav.skip"));
    fill(this.root, skip, this.#header, this.#banners, this.#main, this.#bar, this.#polite, this.#urgent);
    this.outbox.subscribe(() => this.#refreshSoon());
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.#drawHeader());
    setInterval(() => this.#drawHeader(), AGE_EVERY_MS);
    await this.refresh();
  }

  /** Ask the outbox anew and show what it says. */
  async refresh() {
    try {
      this.identity = await this.outbox.identity();
      this.#status = await this.outbox.status();
      this.onStatus(this.#status);
    } catch (error) {
      this.tell(asProblem(error));
    }
    this.#drawHeader();
  }

  // A draft is saved at every keystroke: one look at the outbox serves many.
  #refreshSoon() {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.refresh();
    }, REFRESH_AFTER_MS);
  }

  /** Say something to those who listen; `urgent` interrupts. */
  announce(text, { urgent = false } = {}) {
    const region = urgent ? this.#urgent : this.#polite;
    // The same words twice are only read twice if the region was empty between.
    fill(region);
    requestAnimationFrame(() => fill(region, text));
  }

  /** Show a problem above the screen until it is closed. */
  tell(problem) {
    for (const told of this.#banners.querySelectorAll(".problem")) told.remove();
    const note = h("div", { class: "banner problem", role: "alert" }, icon("warning"), h("p", {}, sayEither(asProblem(problem))));
    note.append(iconButton("close", say("shell.close"), () => note.remove()));
    this.#banners.prepend(note);
  }

  /** The app opens without a link from now on. */
  worksOffline() {
    this.#worksOffline = true;
    this.#drawHeader();
  }

  /** Say that an update waits; `apply` is called when the inspector agrees. */
  offerUpdate(apply) {
    for (const offered of this.#banners.querySelectorAll(".update")) offered.remove();
    const note = h("div", { class: "banner update", role: "status" }, h("p", {}, say("shell.update")));
    note.append(button(say("shell.update-now"), () => apply().catch((problem) => this.tell(problem)), { kind: "primary" }), button(say("shell.later"), () => note.remove()));
    this.#banners.append(note);
  }

  /** Show that a screen is being loaded, if that takes long enough to be seen; what the one before told is gone. */
  wait(route) {
    this.#nav = route.nav;
    for (const told of this.#banners.querySelectorAll(".problem")) told.remove();
    this.#main.setAttribute("aria-busy", "true");
  }

  /** Put a screen in the middle, its title in the window and the focus on its heading. */
  present(screen, route) {
    const title = screen.title ?? say(route.title);
    document.title = `${title} · ${say("app.name")}`;
    document.documentElement.lang = language();
    this.#nav = route.nav;
    this.#main.removeAttribute("aria-busy");
    fill(this.#main, screen.element);
    this.root.classList.toggle("has-own-bar", Boolean(screen.bar));
    fill(this.#bar, screen.bar ?? this.#navigation());
    window.scrollTo(0, 0);
    const heading = this.#main.querySelector("h1") ?? this.#main;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    if (screen.said) this.announce(screen.said);
  }

  /** Show that a screen did not open, and the ways on. */
  fail(problem, again) {
    const element = h("section", { class: "card failed" }, h("h1", {}, say("shell.failed")), h("p", {}, sayEither(problem)));
    element.append(button(say("shell.again"), again, { kind: "primary" }), h("a", { href: "/field/", class: "button quiet" }, say("shell.go-home")));
    this.present({ element, title: say("shell.failed") }, { nav: this.#nav });
  }

  #skip(event) {
    event.preventDefault();
    this.#main.focus();
  }

  #navigation() {
    const links = NAVIGATION.map(({ path, name, words, icon: drawing }) =>
      h("a", { href: `/field/${path}`, "aria-current": name === this.#nav ? "page" : null, class: name === "new" ? "new" : null },
        icon(drawing), h("span", {}, say(words))));
    return h("nav", { "aria-label": say("nav.label") }, links);
  }

  #drawHeader() {
    refill(this.#unit, this.identity?.unit_name ?? say("shell.not-enrolled"));
    refill(this.#sync, this.#connection(), this.#unsent());
  }

  #connection() {
    const state = this.#status?.is_syncing ? "syncing" : navigator.onLine ? "online" : "offline";
    const words = state === "offline" && !this.#worksOffline ? "no-link" : state;
    return h("span", { class: `connection ${state}` }, say(`shell.${words}`));
  }

  #unsent() {
    const { unsent = 0, oldest_unsent_at, photos } = this.#status ?? {};
    const { named = 0, delivered = 0, missing = 0 } = photos ?? {};
    const waiting = named - delivered - missing;
    if (unsent > 0) return unsentNote("shell.unsent", { count: unsent, age: ageWords(oldest_unsent_at, Date.now()) });
    if (waiting > 0) return unsentNote("shell.photos-unsent", { count: waiting });
    return h("span", { class: "unsent none" }, say(missing > 0 ? "shell.records-sent" : "shell.nothing-unsent"));
  }
}

function unsentNote(words, values) {
  return h("span", { class: "unsent" }, say(words, values));
}

/** Return a button that shows a drawing only; `label` is what it is called. */
export function iconButton(drawing, label, onclick) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick }, icon(drawing));
}
