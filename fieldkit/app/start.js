/** Where the app begins: which home it has, its outbox, its frame, its screens. */
import "./words/shell.js";
import { Problem, asProblem } from "./problem.js";
import { say, sayEither } from "./words.js";
import { keptOffline } from "./device/offline.js";
import { OpenRecord, watchUpdates } from "./device/updates.js";
import { applyAppearance, followMachineTheme } from "./views/appearance.js";
import { fill, h } from "./views/dom.js";
import { Router } from "./views/router.js";
import { ROUTES } from "./views/screens.js";
import { Shell } from "./views/shell.js";

const OUTBOXES = {
  laptop: async () => (await import("./outbox/loopback.js")).openLoopbackOutbox({ isAutomatic: true }),
  tablet: async () => (await import("./outbox/tablet.js")).openTabletOutbox(),
};
const LAST_HOME = "fieldkit.home";

async function start() {
  const root = document.getElementById("app");
  followMachineTheme();
  applyAppearance({});
  try {
    await open(root);
  } catch (error) {
    fill(root, h("main", { class: "card failed" }, h("h1", {}, say("app.name")), h("p", { role: "alert" }, sayEither(asProblem(error)))));
  }
}

async function open(root) {
  const home = await readHome();
  const outbox = await OUTBOXES[home.home]();
  const settings = await outbox.settings();
  applyAppearance(settings);
  const shell = new Shell(root, outbox);
  const context = contextOf(outbox, home, shell);
  const record = new OpenRecord();
  const router = routerOf(context, shell, record);
  Object.assign(context, {
    navigate: (path, options) => router.navigate(path, options),
    rename: (path) => router.rename(path),
    redraw: () => router.again(),
  });
  // Nothing is worse behind a button than that nothing happens.
  window.addEventListener("unhandledrejection", ({ reason }) => shell.tell(reason));
  window.addEventListener("error", ({ error }) => error && shell.tell(error));
  await shell.start();
  await router.start();
  if (home.home === "laptop") return shell.worksOffline(); // its own program holds the app
  try {
    const registration = await keptOffline();
    shell.worksOffline();
    watchUpdates(registration, { record, keep: () => router.keep(), offer: (apply) => shell.offerUpdate(apply) });
  } catch (problem) {
    shell.tell(problem);
  }
}

/** What must be kept before its screen is left is what an update may not interrupt. */
function routerOf(context, shell, record) {
  return new Router({
    routes: ROUTES,
    context,
    present: (screen, route) => {
      if (screen.leave) record.begin();
      else record.end();
      shell.present(screen, route);
    },
    wait: (route) => shell.wait(route),
    fail: (problem, again) => {
      record.end();
      shell.fail(problem, again);
    },
    stay: (problem) => shell.tell(problem),
  });
}

/** What every screen is given. */
function contextOf(outbox, home, shell) {
  let held = null;
  let serial = null;
  shell.onStatus = (status) => {
    if (status.reference?.serial !== serial) held = null;
    serial = status.reference?.serial;
  };
  return {
    outbox,
    home,
    say,
    announce: (text, options) => shell.announce(text, options),
    tell: (problem) => shell.tell(problem),
    refresh: () => shell.refresh(),
    applyAppearance,
    /** Everything is here that the app needs without a link. */
    prepareOffline: async (onProgress) => {
      if (home.home === "tablet") await Promise.all([keptOffline(onProgress), outbox.ready()]);
    },
    /** The reference data, read once, and again only after newer ones came. */
    reference: () => {
      held ??= outbox.reference().catch((error) => {
        held = null;
        throw error;
      });
      return held;
    },
  };
}

/** Return `home.json`, offline as it was when last seen. */
async function readHome() {
  try {
    const reply = await fetch("/field/home.json");
    if (!reply.ok) throw new Error(`home.json: ${reply.status}`);
    const home = await reply.json();
    localStorage.setItem(LAST_HOME, JSON.stringify(home));
    return home;
  } catch (error) {
    const kept = localStorage.getItem(LAST_HOME);
    if (kept) return JSON.parse(kept);
    const words = { zh: "连不上本机的服务。请重新打开程序。", en: "The app's own server does not answer. Open the app again." };
    throw new Problem("home-unreachable", words, { cause: error });
  }
}

start();
