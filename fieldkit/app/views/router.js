/**
 * Which screen an address shows. History routes below `/field/`; screens are loaded when
 * first shown, so that one that is missing or broken takes no other with it (on a tablet:
 * none but those that come in the same file).
 *
 * A screen's module exports
 * `async show(context, params) → {element, title?, said?, bar?, close?, leave?}`:
 * `title` overrules the route's, `said` is told to those who listen once the screen is
 * there, `bar` stands in the place of the navigation,
 * `leave()` is awaited before another screen comes (a Problem it rejects with keeps
 * the screen), `close()` ends what the screen began.
 */
import { asProblem } from "../problem.js";

/** The path below which every screen lies. */
export const BASE = "/field/";

/**
 * Return `{route, params}` of a path below the base, or null.
 *
 * @param {Array<{pattern: string}>} routes patterns such as "record/:id"
 * @param {string} path
 */
export function match(routes, path) {
  const parts = path.split("/").filter(Boolean);
  for (const route of routes) {
    const params = matched(route.pattern.split("/").filter(Boolean), parts);
    if (params) return { route, params };
  }
  return null;
}

function matched(pattern, parts) {
  if (pattern.length !== parts.length) return null;
  const params = {};
  for (const [place, word] of pattern.entries()) {
    if (word.startsWith(":")) params[word.slice(1)] = decodeURIComponent(parts[place]);
    else if (word !== parts[place]) return null;
  }
  return params;
}

/** Shows screens one at a time; the newest wish wins over one still loading. */
export class Router {
  #current = null;
  #wish = 0;
  #path = "";

  /**
   * @param {{routes: Array, context: object, present: (screen: object, route: object) => void,
   *   wait: (route: object) => void, fail: (problem: Error, again: () => void) => void,
   *   stay: (problem: Error) => void}} parts
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Begin: show what the address says, follow links and the back button. */
  start() {
    window.addEventListener("popstate", () => this.#show());
    document.addEventListener("click", (event) => this.#follow(event));
    return this.#show();
  }

  /** Go to a path below the base, "" being home; the address changes once the shown screen is left. */
  navigate(path, { replace = false } = {}) {
    return this.#show(() => {
      if (path === here()) return;
      if (replace) history.replaceState(null, "", BASE + path);
      else history.pushState(null, "", BASE + path);
    });
  }

  /** Give the shown screen another address without showing anything anew. */
  rename(path) {
    // After "back" the address is the next screen's already.
    if (here() === this.#path) history.replaceState(null, "", BASE + path);
    this.#path = path;
  }

  /** Show the present address again, as after a change of language. */
  again() {
    return this.#show();
  }

  /** Leave the shown screen, `go` to another address, and show what is there. */
  async #show(go = () => {}) {
    this.#wish += 1;
    const wish = this.#wish;
    if (!(await this.#left()) || wish !== this.#wish) return;
    go();
    const path = here();
    const found = match(this.routes, path) ?? { route: this.routes[0], params: {} };
    this.wait(found.route);
    try {
      const module = await found.route.load();
      const screen = await module.show(this.context, found.params);
      await breath(); // made in one stretch, laid out in the next
      if (wish !== this.#wish) screen.close?.();
      else this.#present(screen, found.route, path);
    } catch (error) {
      if (wish === this.#wish) this.fail(asProblem(error), () => this.#show());
    }
  }

  /** Keep what the shown screen holds; false, and told, if that fails. */
  async keep() {
    try {
      await this.#current?.leave?.();
      return true;
    } catch (error) {
      this.stay(asProblem(error));
      return false;
    }
  }

  async #left() {
    if (!(await this.keep())) {
      if (here() !== this.#path) history.pushState(null, "", BASE + this.#path);
      return false;
    }
    this.#current?.close?.();
    this.#current = null;
    return true;
  }

  #present(screen, route, path) {
    this.#current = screen;
    this.#path = path;
    this.present(screen, route);
  }

  #follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain || link.target || link.hasAttribute("download") || event.defaultPrevented) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || !address.pathname.startsWith(BASE)) return;
    if (address.hash && address.pathname === location.pathname) return;
    event.preventDefault();
    this.navigate(address.pathname.slice(BASE.length));
  }
}

/** A finger that came down in between is heard first. */
function breath() {
  return new Promise((resolve) => setTimeout(resolve));
}

function here() {
  return location.pathname.startsWith(BASE) ? location.pathname.slice(BASE.length) : "";
}
