/**
 * The service worker's updates: announced, never forced.
 *
 * A new worker waits until it is told `{"type": "activate"}`; then the page is loaded anew.
 */

const ASK_EVERY_MS = 60 * 60_000;

/**
 * Register the worker and call `offer(apply)` whenever a new version waits.
 *
 * Where there is no service worker (a laptop's loopback address without one, a private
 * window), nothing happens.
 */
export async function watchUpdates(offer) {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
  const announce = (worker) => offer(() => applyUpdate(worker));
  if (registration.waiting && navigator.serviceWorker.controller) announce(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) announce(worker);
    });
  });
  setInterval(() => registration.update().catch(() => {}), ASK_EVERY_MS);
}

function applyUpdate(worker) {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  worker.postMessage({ type: "activate" });
}
