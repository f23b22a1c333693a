/** News from the local server, asked for with patience and only while somebody looks. */

import { asProblem } from "../problem.js";

/** How long the server may let one question wait: less than proxies and browsers bear. */
const WAIT_S = 20;
const AGAIN_AFTER_MS = 2000;

/**
 * Ask a question again and again, and hand on each answer that brings something new.
 *
 * While the page is hidden nothing is asked: a browser grants a server six connections
 * in all, and other windows need theirs.
 *
 * @param {(waitS: number, signal: AbortSignal) => Promise<void>} askOnce
 * @param {(problem: import("../problem.js").Problem) => void} onProblem told once a failure
 * @returns {() => void} ends it
 */
export function keepAsking(askOnce, onProblem = () => {}) {
  const ending = new AbortController();
  ask(askOnce, onProblem, ending.signal);
  return () => ending.abort();
}

async function ask(askOnce, onProblem, signal) {
  while (!signal.aborted) {
    await untilVisible(signal);
    if (signal.aborted) return;
    try {
      await askOnce(WAIT_S, signal);
    } catch (error) {
      if (signal.aborted) return;
      onProblem(asProblem(error));
      await pause(AGAIN_AFTER_MS, signal);
    }
  }
}

function untilVisible(signal) {
  const page = globalThis.document;
  if (page === undefined || page.visibilityState !== "hidden") return Promise.resolve();
  return new Promise((resolve) => {
    page.addEventListener("visibilitychange", resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
}

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
