/**
 * Keeping the app on this device: its service worker holds every file before it is active.
 */
import { Problem } from "../problem.js";

/**
 * Resolves once the app opens without a link. May be asked again after it failed: what was
 * fetched by then is not fetched anew.
 *
 * @param {(told: {done: number, total: number}) => void} [onProgress] files kept so far
 * @returns {Promise<ServiceWorkerRegistration>} of the worker that keeps the app's files
 * @throws {Problem} "offline-impossible", "offline-not-kept": words say what to do
 */
export async function keptOffline(onProgress = () => {}) {
  if (!("serviceWorker" in navigator)) throw offlineProblem("offline-impossible");
  const hear = ({ data }) => data?.type === "keeping" && onProgress(data);
  navigator.serviceWorker.addEventListener("message", hear);
  try {
    const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
    const { active, waiting, installing } = registration;
    if (!active) await activated(waiting ?? installing);
    return registration;
  } catch (error) {
    throw offlineProblem("offline-not-kept", error);
  } finally {
    navigator.serviceWorker.removeEventListener("message", hear);
  }
}

function activated(worker) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      else if (worker.state === "redundant") reject(new Error("not every file came"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

const WORDS = {
  "offline-impossible": {
    zh: "这个浏览器不能保存程序，断网就打不开。请不用无痕窗口，或换 Chromium 92 以上、Safari 16.4 以上的浏览器。",
    en: "This browser keeps no app: without a link it does not open. Use no private window, or a browser from Chromium 92 or Safari 16.4 on.",
  },
  "offline-not-kept": {
    zh: "程序没有取全，断网还打不开。请在有网络的地方再试，或重新打开本页。",
    en: "The app did not come whole: without a link it does not open yet. Try again where there is a link, or open this page again.",
  },
};

function offlineProblem(code, cause = null) {
  return new Problem(code, WORDS[code], { cause });
}
