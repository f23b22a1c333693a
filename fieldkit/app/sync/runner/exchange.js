/** One identity's conversation with its server during one sync. */

/**
 * @typedef {{stage: "reference" | "records" | "status" | "photos", done: number, total: number | null, bytes: number | null, bytes_total: number | null}} Progress
 *   `bytes` of the photographs that are meant are at the server; null in the other stages
 */

/** What every step of a sync works with; it speaks for one device identity. */
export class Exchange {
  /**
   * @param {object} parts
   * @param {import("./transport.js").HttpTransport} parts.transport
   * @param {import("./sign_in.js").SignIn} parts.signIn
   * @param {import("../keys.js").VerifyingKey} parts.serverKey pinned at enrolment
   * @param {import("../store_port.js").SyncStore} parts.store
   * @param {import("./report.js").SyncReport} parts.report
   * @param {(progress: Progress) => void} parts.onProgress
   * @param {(serverTime: string) => Promise<void>} parts.noteContact
   * @param {boolean} parts.isCurrent a device that enrolled anew may still hold records
   *   of its earlier identity: each has an exchange of its own, over one store
   */
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** The identity that this exchange speaks for. */
  get device_id() {
    return this.signIn.identity.device_id;
  }

  /** Return `ask(token)`, signing in anew where the token has run out. */
  call(ask) {
    return this.signIn.call(ask);
  }

  /** Tell whether a record was sealed by this identity. */
  owns(record) {
    return record?.device_id === this.device_id;
  }

  /** Tell how far a stage has come; `total` is null where that is not known. */
  progress(stage, done, total, { bytes = null, bytes_total = null } = {}) {
    this.onProgress({ stage, done, total, bytes, bytes_total });
  }
}
