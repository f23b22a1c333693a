/** Reference documents, by the hash of their bytes, and the manifest that names them. */

import { protocolProblem } from "../../sync/problems.js";
import { asked } from "./database.js";

/** Return those of the documents whose bytes are not held, each hash once. */
export async function lackingOf({ document }, documents) {
  const wanted = [...new Map(documents.map((ref) => [ref.sha256, ref])).values()];
  const keys = await Promise.all(wanted.map((ref) => asked(document.getKey(ref.sha256))));
  return wanted.filter((_, place) => keys[place] === undefined);
}

/** Put a manifest in force; rejects "reference-altered" while a document is lacking. */
export async function adopt(tables, { compact, serial, issued_at, documents }, receivedAt) {
  const [absent] = await lackingOf(tables, documents);
  if (absent) throw protocolProblem("reference-altered", absent.name);
  const value = { compact, serial, issued_at, documents, received_at: receivedAt };
  tables.fact.put({ name: "manifest", value });
}
