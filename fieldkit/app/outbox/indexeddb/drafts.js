/** Observations begun and not sealed: no id, no sequence, free to change. */

import { outboxProblem } from "../problems.js";
import { asked } from "./database.js";

/**
 * Keep a draft, as a new one (number null) or over its last state; return its number.
 *
 * Rejects "draft-gone" where it was sealed or removed meanwhile: a late keystroke must
 * not bring it to life again beside its record.
 */
export async function keepDraft({ draft }, answers, number, at) {
  const held = number === null ? undefined : await asked(draft.get(number));
  if (number !== null && !held) throw outboxProblem("draft-gone");
  const row = { answers, started_at: held ? held.started_at : at, saved_at: at };
  return asked(draft.put(number === null ? row : { number, ...row }));
}

/** Return the drafts, oldest first, each with what is known of the photographs that it holds. */
export async function readDrafts({ draft, photo }) {
  const drafts = await asked(draft.getAll());
  const held = await Promise.all(drafts.map(({ number }) => asked(photo.index("drafts").getAll(number))));
  return drafts.map((one, place) => ({ ...one, photos: held[place].map(told) }));
}

function told({ sha256, bytes, media_type, file_name = "photo", captured_at = null, kind = null }) {
  return { sha256, bytes, media_type, file_name, captured_at, kind };
}
