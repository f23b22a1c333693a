/** Running a sync over a device's store: the lock, the identities, the steps. */

import { Problem } from "../../problem.js";
import { noteServerTime } from "../device_clock.js";
import { currentIdentity, earlierIdentities, keepToken, signingKey } from "../identity.js";
import { importVerifyingKey } from "../keys.js";
import { passingOver } from "./earlier.js";
import { Exchange } from "./exchange.js";
import { LinkProblem, syncCancelled } from "./link_problems.js";
import { onlySync } from "./lock.js";
import { sendPhotos } from "./photos.js";
import { Offering } from "./push.js";
import { updateReference } from "./reference.js";
import { SyncReport } from "./report.js";
import { SignIn } from "./sign_in.js";
import { readStatusFeed } from "./status_feed.js";
import { HttpTransport } from "./transport.js";

const NOT_ENROLLED = {
  zh: "本设备尚未登记，没有可同步的服务器。请先登记设备。",
  en: "This device is not enrolled: there is no server to sync with. Enrol it first.",
};

/**
 * What a sync takes from the world around it, besides what http.js names.
 *
 * @typedef {import("./http.js").HttpSurroundings & {
 *   clock: () => import("../device_clock.js").ClockReading,
 *   onProgress?: (progress: import("./exchange.js").Progress) => void,
 *   mayUploadPhotos?: () => boolean | Promise<boolean>,
 *   serverUrl?: string,
 * }} Surroundings
 *   `serverUrl` stands in for the identities' own (a page's own origin)
 */

/**
 * Exchange with the server what can be exchanged, and say what happened: the report of
 * `fieldkit sync --json`.
 *
 * Everything that was acknowledged is kept, however this ends; running it again goes on
 * where it stopped. Rejects "sync-running", "not-enrolled", and what the store rejects
 * with when the device itself cannot go on.
 *
 * @param {import("../store_port.js").SyncStore} store
 * @param {Surroundings} around
 */
export function runSync(store, around) {
  return onlySync(async () => {
    const current = await currentIdentity(store);
    if (current === null) throw new Problem("not-enrolled", NOT_ENROLLED);
    const report = new SyncReport();
    const transport = new HttpTransport(around.serverUrl ?? current.server_url, around);
    const offerings = [];
    try {
      for (const identity of [current, ...(await earlierIdentities(store))]) {
        const isCurrent = identity.device_id === current.device_id;
        const exchange = await exchangeOf({ store, transport, report, isCurrent }, identity, around);
        offerings.push(new Offering(exchange));
        await passingOver(exchange, () => converse(exchange, offerings, around));
      }
    } catch (problem) {
      if (!(problem instanceof LinkProblem)) throw problem;
      report.stopped = problem;
    }
    return report.toJson();
  });
}

async function exchangeOf(shared, identity, { clock, onProgress = () => {} }) {
  const [{ store, transport }, { device_id }] = [shared, identity];
  const signIn = new SignIn(
    transport,
    identity,
    () => signingKey(store, device_id),
    (token) => keepToken(store, device_id, token),
  );
  return new Exchange({
    ...shared,
    signIn,
    serverKey: await importVerifyingKey(identity.server_jwk),
    onProgress,
    noteContact: (serverTime) => noteServerTime(store, serverTime, clock()),
  });
}

/**
 * Take the steps of a sync in their order, each safe to repeat. What is sealed meanwhile
 * goes before any more of a photograph.
 */
async function converse(exchange, offerings, { clock, signal = null, mayUploadPhotos = () => true }) {
  const requireWanted = () => {
    if (signal?.aborted) throw syncCancelled();
  };
  if (exchange.isCurrent) await updateReference(exchange, clock().now);
  requireWanted();
  await offerings.at(-1).all();
  requireWanted();
  await readStatusFeed(exchange);
  requireWanted();
  await sendPhotos(exchange, async () => {
    for (const offering of offerings) await offering.sealedSince();
    return mayUploadPhotos();
  });
}
