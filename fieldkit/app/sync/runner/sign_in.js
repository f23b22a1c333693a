/**
 * Signing in by signature: a token is had whenever the server wants a newer one. The
 * device's clock plays no part: a token is used until the server says no.
 */

import { makeTokenProof } from "../enrol.js";
import { signInExpired, signInRefused } from "./link_problems.js";

const NO_KEY = {
  zh: "本机已没有该设备的密钥，请重新登记设备；未送达的记录仍在，可在“队列”点“导出到文件”",
  en: "this device's key is no longer here: enrol anew; unsent records are still here, tap “Export to a file” in the queue",
};

/** One identity's standing sign-in with its server. */
export class SignIn {
  #transport;
  #loadKey;
  #keepToken;
  #token;

  /**
   * @param {import("./transport.js").HttpTransport} transport
   * @param {import("../identity.js").DeviceIdentity} identity with the token last used
   * @param {() => Promise<import("../keys.js").SigningKey | null>} loadKey
   * @param {(token: string) => Promise<void>} keepToken told each new token
   */
  constructor(transport, identity, loadKey, keepToken) {
    this.identity = identity;
    this.#transport = transport;
    this.#loadKey = loadKey;
    this.#keepToken = keepToken;
    this.#token = identity.token;
  }

  /**
   * Return `ask(token)`; a token that has run out is renewed once. Rejects
   * "sign-in-refused" where the server accepts not even a new token.
   *
   * @template T
   * @param {(token: string) => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async call(ask) {
    if (this.#token !== null) {
      const asked = await unlessExpired(ask(this.#token));
      if (asked.expired === null) return asked.value;
    }
    this.#token = null;
    this.#token = await this.#renewed();
    await this.#keepToken(this.#token);
    const asked = await unlessExpired(ask(this.#token));
    if (asked.expired !== null) throw signInRefused(asked.expired);
    return asked.value;
  }

  async #renewed() {
    try {
      return await this.#signedIn();
    } catch (error) {
      const isRefusal = ["sign-in-expired", "request-refused"].includes(error.code);
      throw isRefusal ? signInRefused(error) : error;
    }
  }

  async #signedIn() {
    const { device_id, certificate } = this.identity;
    const key = await this.#loadKey();
    if (key === null) throw signInExpired(NO_KEY);
    const challenge = await this.#transport.challenge(device_id);
    return this.#transport.token(certificate, await makeTokenProof(key, challenge, device_id));
  }
}

async function unlessExpired(asked) {
  try {
    return { value: await asked, expired: null };
  } catch (error) {
    if (error.code !== "sign-in-expired") throw error;
    return { value: null, expired: error };
  }
}
