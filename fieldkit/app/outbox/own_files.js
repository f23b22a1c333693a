/** The files that the app itself carries; rejects "app-incomplete" where one cannot be read. */

import { outboxProblem } from "./problems.js";

const APP = new URL("../", import.meta.url);

/** Return a reference document as shipped. @returns {Promise<Uint8Array>} */
export function readShipped(kind) {
  return readOwn(`reference/${kind}.json`);
}

/** Return one of the schemas of records, parsed. */
export async function readSchema(name) {
  return JSON.parse(new TextDecoder().decode(await readOwn(`schemas/${name}`)));
}

async function readOwn(name) {
  try {
    const reply = await fetch(new URL(name, APP));
    if (reply.ok) return new Uint8Array(await reply.arrayBuffer());
    throw new TypeError(`status ${reply.status}`);
  } catch (error) {
    throw outboxProblem("app-incomplete", { cause: error, details: { detail: `${name}: ${error.message}` } });
  }
}
