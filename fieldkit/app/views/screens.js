/** Every screen: its address, its module, its title, the part of the navigation it belongs to. */

/** The navigation, in its order: the screen, its words and its drawing. */
export const NAVIGATION = [
  { path: "", name: "home", words: "nav.home", icon: "home" },
  { path: "new", name: "new", words: "nav.new", icon: "add" },
  { path: "queue", name: "queue", words: "nav.queue", icon: "queue" },
  { path: "map", name: "map", words: "nav.map", icon: "map" },
  { path: "settings", name: "settings", words: "nav.settings", icon: "settings" },
];

/** The routes; the first also stands for an address that is none. */
export const ROUTES = [
  { pattern: "", nav: "home", title: "nav.home", load: () => import("./home.js") },
  { pattern: "new", nav: "new", title: "nav.new", load: () => import("./record/form.js") },
  { pattern: "visit", nav: "new", title: "nav.visit", load: () => import("./record/visit.js") },
  { pattern: "draft/:number", nav: "new", title: "nav.new", load: () => import("./record/form.js") },
  { pattern: "record/:id/amend", nav: "queue", title: "nav.amend", load: () => import("./record/form.js") },
  { pattern: "record/:id/finalise", nav: "queue", title: "nav.finalise", load: () => import("./record/finalise.js") },
  { pattern: "record/:id/saved", nav: "new", title: "nav.new", load: () => import("./record/saved.js") },
  { pattern: "queue", nav: "queue", title: "nav.queue", load: () => import("./queue.js") },
  { pattern: "record/:id", nav: "queue", title: "nav.record", load: () => import("./record_detail.js") },
  { pattern: "map", nav: "map", title: "nav.map", load: () => import("./map.js") },
  { pattern: "enrol", nav: "settings", title: "nav.enrol", load: () => import("./enrol.js") },
  { pattern: "settings", nav: "settings", title: "nav.settings", load: () => import("./settings.js") },
];
