/**
 * Capturing on a tablet: what was said is completed, checked, sealed and saved, or nothing
 * is (fieldkit/capture.py). Photographs are in the store already, by hash.
 */

import { Problem } from "../problem.js";
import { actedOnOrToday, instantText } from "../sync/clock.js";
import { sealedClock } from "../sync/device_clock.js";
import { currentIdentity, signingKey } from "../sync/identity.js";
import { protocolProblem } from "../sync/problems.js";
import { RECORD_VERSION, seal } from "../sync/record.js";
import { uuid7 } from "../sync/uuid7.js";
import { blobRefs, completed, recordNumber, withPhotos } from "./completion.js";

const SEALING_TRIES = 50;
const NOT_ENROLLED = {
  zh: "本设备尚未登记，请先扫码登记",
  en: "This device is not enrolled: scan an enrolment code first",
};
const NO_KEY = {
  zh: "本设备的密钥不在本机，无法封存新记录。请重新登记本设备；已保存的记录仍可上传。",
  en: "The device's key is not here, so nothing new can be sealed. Enrol the device anew; saved records can still be sent.",
};

/**
 * What the device advises by, named in every record that it seals.
 *
 * @typedef {object} ReferenceVersions
 * @property {{products: {product: string, rights: string[]}[]}} products the reference's document
 * @property {string} code_list_version
 * @property {(day: string) => Record<string, {version: string, sha256: string}>} areasOn
 */

/** @typedef {Map<string, {bytes: number, media_type: string, file_name: string}>} Photos by hash */

/** Captures on one device; every method saves one record, or rejects and saves none. */
export class Recorder {
  /**
   * @param {object} parts
   * @param {import("../sync/store_port.js").SyncStore} parts.store
   * @param {() => import("../sync/device_clock.js").ClockReading} parts.clock
   * @param {(payload: object, given: object | null) => void} parts.requireAccepted
   *   throws "input-refused" unless a server accepts the payload (acceptance.js)
   * @param {() => Promise<ReferenceVersions>} parts.versions
   */
  constructor({ store, clock, requireAccepted, versions }) {
    Object.assign(this, { store, clock, requireAccepted, versions });
  }

  /** Seal an observation. @param {object} given @param {{photos?: Photos, draft?: number | null}} [about] */
  async record(given, { photos = new Map(), draft = null } = {}) {
    return this.#observed("observation", given, photos, { draft, amends: null });
  }

  /**
   * Seal a new version with the whole body `given` on the one that it names.
   *
   * @param {object} given
   * @param {object} about
   * @param {string} about.amends
   * @param {string} about.root_id the observation's id
   * @param {string | null} about.record_no
   * @param {object[]} about.earlier the observation's bodies so far
   * @param {Photos} [about.photos]
   * @param {number | null} [about.draft]
   */
  async amend(given, { photos = new Map(), ...about }) {
    return this.#observed("amendment", given, photos, about);
  }

  /** Seal the withdrawal of a record. @param {string} reason @param {{amends: string, root_id: string, record_no: string | null}} about */
  async withdraw(reason, about) {
    const making = { kind: "withdrawal", body: { reason }, given: null, ...about };
    return this.#seal(await this.#identity(), this.clock(), making);
  }

  async #observed(kind, given, photos, about) {
    const [identity, reading, versions] = [await this.#identity(), this.clock(), await this.versions()];
    const { earlier = [], ...rest } = about;
    const whole = completed(given, identity, reading.now, { earlier, products: versions.products });
    const body = withPhotos(whole, photos, reading.now);
    return this.#seal(identity, reading, { kind, body, given, versions, ...rest });
  }

  async #seal(identity, reading, making) {
    const key = await signingKey(this.store, identity.device_id);
    if (key === null) throw new Problem("not-enrolled", NO_KEY);
    const fixed = { id: uuid7(reading.now), clock: await sealedClock(this.store, reading) };
    for (let attempt = 0; attempt < SEALING_TRIES; attempt += 1) {
      try {
        return await this.#sealOnHead(identity, key, reading.now, { ...making, ...fixed });
      } catch (problem) {
        if (problem.code !== "head-moved") throw problem;
      }
    }
    throw protocolProblem("head-moved", `after ${SEALING_TRIES} tries`);
  }

  async #sealOnHead(identity, key, now, making) {
    const head = await this.store.head(identity.device_id);
    const { acted_on, record_no, body } = numbered(making, identity, head.seq + 1, now);
    const { id, kind, amends = null, clock, root_id = null, draft = null } = making;
    const blobs = blobRefs(body);
    const links = { id, device_id: identity.device_id, seq: head.seq + 1, prev: head.hash, kind, amends };
    const payload = { v: RECORD_VERSION, ...links, sealed_at: instantText(now), clock, body, blobs };
    this.requireAccepted(payload, making.given && withPaths(making.given));
    const sealed = await seal(key, { ...links, sealed_at: now, clock, body, blobs });
    await this.store.append(sealed, head, blobs, { record_no, root_id, draft });
    const offset = clock.offset_ms;
    return { id, seq: sealed.seq, record_no, root_id: root_id ?? id, body, acted_on, clock_offset_ms: offset };
  }

  async #identity() {
    const identity = await currentIdentity(this.store);
    if (identity === null) throw new Problem("not-enrolled", NOT_ENROLLED);
    return identity;
  }
}

function numbered(making, identity, seq, now) {
  const { kind, body, clock, versions, record_no = null } = making;
  if (kind === "withdrawal") return { acted_on: null, record_no, body };
  const acted_on = actedOnOrToday({ body, clock }, now);
  const { unit_code, device_id } = identity;
  const number = record_no ?? recordNumber(unit_code, Number(acted_on.slice(0, 4)), device_id, seq);
  const { code_list_version } = versions;
  const named = { record_no: number, code_list_version, area_versions: versions.areasOn(acted_on) };
  return { acted_on, record_no: number, body: { ...body, ...named } };
}

/** A photograph taken in by its hash is, to the schema of what was said, a file by its path. */
function withPaths(given) {
  if (!Array.isArray(given.evidence)) return given;
  const evidence = given.evidence.map((item) => (item?.sha256 && !item.path ? { path: item.sha256, ...item } : item));
  return { ...given, evidence };
}
