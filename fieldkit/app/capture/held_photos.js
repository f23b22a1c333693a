/** Photographs that a draft holds and its answers do not name: kept just before an interruption. Pure. */
import { nextId } from "./answers.js";

const DEFAULT_KIND = "electronic_data";

/**
 * Return the evidence that the photographs make which `evidence` lacks, in their order.
 *
 * @param {object[]} evidence of the answers
 * @param {Array<{sha256: string, bytes: number, media_type: string, file_name: string,
 *   captured_at: string | null, kind: string | null}>} photos that the draft holds
 * @param {{isIdUsed: (id: string) => boolean, method: string, captured_by: string, at: string}} about `at`: when
 *   nothing says when one was taken
 */
export function foundAgain(evidence, photos, { isIdUsed, at, ...said }) {
  const named = new Set(evidence.map(({ sha256 }) => sha256));
  const found = [];
  for (const { sha256, bytes, media_type, file_name, captured_at, kind } of photos) {
    if (named.has(sha256)) continue;
    const id = nextId([...evidence, ...found], "e", isIdUsed);
    found.push({ id, file_name, captured_at: captured_at ?? at, kind: kind ?? DEFAULT_KIND, sha256, bytes, media_type, ...said });
  }
  return found;
}
