/**
 * Every identity this device has had: what one sealed, only it can send (fieldkit/identities.py).
 *
 * A device that must enrol anew (a fork, a lost certificate) gets a new id and key; its
 * unsent records still go out under the id that sealed them.
 */

import { SigningKey } from "./keys.js";

const CURRENT = "identity";
const EARLIER = "earlier_identities";

/**
 * What enrolment gave the device.
 *
 * @typedef {object} DeviceIdentity
 * @property {string} device_id
 * @property {string} unit_code
 * @property {string} unit_name
 * @property {{name: string, certificate_no: string}[]} officers
 * @property {string} server_url
 * @property {object} server_jwk
 * @property {string} certificate compact
 * @property {number} epoch
 * @property {string} enrolled_at
 * @property {string | null} token
 * @property {string | null} token_expires_at
 */

/** @typedef {import("./store_port.js").SyncStore} SyncStore */

/** Return the current identity, null before enrolment. @param {SyncStore} store */
export function currentIdentity(store) {
  return store.meta(CURRENT);
}

/**
 * Return the identities before the current one, oldest first.
 *
 * @param {SyncStore} store
 * @returns {Promise<DeviceIdentity[]>}
 */
export async function earlierIdentities(store) {
  const current = await currentIdentity(store);
  const known = (await store.meta(EARLIER)) ?? [];
  return known.filter((one) => one.device_id !== current?.device_id);
}

/** Return the current identity, if there is one, and those before it. @param {SyncStore} store */
export async function everyIdentity(store) {
  return [await currentIdentity(store), ...(await earlierIdentities(store))].filter(Boolean);
}

/**
 * Make `identity` with `key` the current one, and keep the one before it, all at once.
 *
 * @param {SyncStore} store
 * @param {DeviceIdentity} identity
 * @param {SigningKey} key
 */
export async function adoptIdentity(store, identity, key) {
  const current = await currentIdentity(store);
  const facts = { [CURRENT]: identity, [keyName(identity.device_id)]: key.parts };
  if (current !== null && current.device_id !== identity.device_id) {
    facts[EARLIER] = [...(await earlierIdentities(store)), { ...current, token: null }];
  }
  await store.setMetas(facts);
}

/**
 * Take the current identity from this device; its records stay, and what they still need
 * (a server restored from a backup) goes out under it once the device is enrolled again.
 *
 * @param {SyncStore} store
 */
export async function leaveIdentity(store) {
  const current = await currentIdentity(store);
  if (current === null) return;
  const kept = [...(await earlierIdentities(store)), { ...current, token: null }];
  await store.setMetas({ [CURRENT]: null, [EARLIER]: kept });
}

/** Keep the current identity's newest token; an earlier one's is not kept. */
export async function keepToken(store, deviceId, token) {
  // At once: who signs out or enrols meanwhile is not undone.
  await store.changeMeta(CURRENT, (current) => (current?.device_id === deviceId ? { ...current, token, token_expires_at: null } : current));
}

/**
 * Return the key with which an identity of this device signs, null if it holds none.
 *
 * @param {SyncStore} store
 * @param {string} deviceId
 * @returns {Promise<SigningKey | null>}
 */
export async function signingKey(store, deviceId) {
  const parts = await store.meta(keyName(deviceId));
  return parts === null ? null : new SigningKey(parts);
}

/**
 * Return the key of an enrolment code: made once, however often enrolling is tried, so
 * that a repeat after a lost reply offers the same key.
 *
 * @param {SyncStore} store
 * @param {string} codeHash
 * @returns {Promise<SigningKey>}
 */
export async function keyForCode(store, codeHash) {
  const name = keyName(`code-${codeHash.slice(0, 16)}`);
  const held = await store.meta(name);
  if (held !== null) return new SigningKey(held);
  const key = await SigningKey.generate();
  await store.setMeta(name, key.parts);
  return key;
}

function keyName(owner) {
  return `key/${owner}`;
}
