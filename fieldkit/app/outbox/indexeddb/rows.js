/** What a row has for its indexes alone: absent where it does not apply. */

/** Return the row of a record as it is to be kept. */
export function indexed({ unexported: _old, ...record }) {
  const waits = record.state !== "delivered" && record.exported_at === null;
  return waits ? { ...record, unexported: 1 } : record;
}

/**
 * Return the row of a photograph as it is to be kept.
 *
 * @param {object} photo
 * @param {number | null} due the position of the first delivered record that names it
 */
export function indexedPhoto({ due: _due, delivered: _delivered, unexported: _old, ...photo }, due) {
  if (photo.receipt !== null) return { ...photo, delivered: 1 };
  if (due === null) return photo;
  return photo.exported_at === null ? { ...photo, due, unexported: 1 } : { ...photo, due };
}

/** Return the row of a photograph of which nothing is known but what a record says. */
export function newPhoto({ sha256, bytes, media_type }) {
  return {
    ...{ sha256, bytes, media_type, file_name: null, captured_at: null, kind: null },
    ...{ added_at: null, drafts: [], receipt: null, epoch: null, exported_at: null },
  };
}
