/**
 * An IndexedDB database whose every write is a promise kept.
 *
 * A write transaction asks for strict durability (the browser waits for the disk) and
 * resolves on `complete` alone; whatever goes wrong before aborts all of it.
 */

import { Problem } from "../../problem.js";
import { outboxProblem } from "../problems.js";
import { STEPS } from "./steps.js";

/** Its work inside a transaction may wait for nothing but the requests of that transaction. */
export class Database {
  #opening = null;

  /**
   * @param {string} name
   * @param {readonly Function[]} [steps]
   * @param {{mayUpgrade?: boolean}} [about] false: where it is older or not there, it stays so
   */
  constructor(name, steps = STEPS, { mayUpgrade = true } = {}) {
    Object.assign(this, { name, steps, mayUpgrade });
  }

  /**
   * Return what `work` returns, reading one state of the tables named.
   *
   * @template T
   * @param {string[]} names
   * @param {(tables: Record<string, IDBObjectStore>) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async read(names, work) {
    try {
      return await work(tablesOf(await this.#begin(names, "readonly"), names));
    } catch (error) {
      throw inWords(error);
    }
  }

  /**
   * Return what `work` returns once its changes are on the disk, all of them.
   *
   * Rejects, and has changed nothing, with what `work` rejects with; "disk-full" where
   * there is no room; "storage-failed" otherwise.
   */
  async write(names, work) {
    try {
      const transaction = await this.#begin(names, "readwrite");
      const ended = [working(transaction, names, work), completion(transaction)];
      const [worked, completed] = await Promise.allSettled(ended);
      if (worked.status === "fulfilled" && completed.status === "fulfilled") return worked.value;
      throw causeOf(worked, completed);
    } catch (error) {
      throw inWords(error);
    }
  }

  /** Close the connection; the next call opens it again. */
  async close() {
    const opening = this.#opening;
    this.#opening = null;
    if (opening) (await opening).close();
  }

  async #begin(names, mode) {
    const options = mode === "readwrite" ? { durability: "strict" } : {};
    const database = await this.#opened();
    try {
      return database.transaction(names, mode, options);
    } catch (error) {
      if (error.name !== "InvalidStateError") throw error;
      this.#opening = null; // it was closed beneath us: by the browser, or for another window's upgrade
      return (await this.#opened()).transaction(names, mode, options);
    }
  }

  #opened() {
    if (this.#opening === null) {
      const opening = opened(this, () => this.#forget(opening));
      opening.catch(() => this.#forget(opening));
      this.#opening = opening;
    }
    return this.#opening;
  }

  #forget(opening) {
    if (this.#opening === opening) this.#opening = null;
  }
}

/** Return the result of a request. */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault(); // the transaction's owner aborts it
      reject(request.error);
    };
  });
}

/**
 * Yield the cursor at each row of a table or index, `skip` of them passed over first.
 *
 * @param {IDBObjectStore | IDBIndex} source
 * @param {{range?: IDBKeyRange, direction?: IDBCursorDirection, skip?: number}} [where]
 */
export async function* cursors(source, { range = null, direction = "next", skip = 0 } = {}) {
  const request = source.openCursor(range, direction);
  let cursor = await asked(request);
  if (cursor && skip > 0) {
    cursor.advance(skip);
    cursor = await asked(request);
  }
  while (cursor) {
    yield cursor;
    cursor.continue();
    cursor = await asked(request);
  }
}

function opened({ name, steps, mayUpgrade }, onClosed) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, steps.length);
    request.onupgradeneeded = (event) => {
      if (!mayUpgrade) return request.transaction.abort();
      for (const step of steps.slice(event.oldVersion)) step(request.result, request.transaction);
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onClosed;
      database.onversionchange = () => {
        database.close();
        onClosed();
      };
      resolve(database);
    };
  });
}

async function working(transaction, names, work) {
  try {
    return await work(tablesOf(transaction, names));
  } catch (error) {
    abort(transaction);
    throw error;
  }
}

function completion(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
}

/** A request that fell with its transaction says only that; the transaction says why. */
function causeOf(worked, completed) {
  const { reason } = worked;
  if (completed.status === "fulfilled" || (reason && reason.name !== "AbortError")) return reason;
  return completed.reason;
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error; // it has ended by itself
  }
}

function tablesOf(transaction, names) {
  return Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
}

function inWords(error) {
  if (error instanceof Problem) return error;
  if (error.name === "QuotaExceededError") return outboxProblem("disk-full", { cause: error });
  if (error.name === "VersionError") return outboxProblem("app-outdated", { cause: error });
  return outboxProblem("storage-failed", { cause: error, details: { detail: `${error.name}: ${error.message}` } });
}
