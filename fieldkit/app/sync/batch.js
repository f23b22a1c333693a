/** Batches: how many records go into one push (sync/batch.py). */

export const MAX_RECORDS = 500;
export const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Yield records in their order, cut into batches of at most `maxRecords` records and
 * `maxBytes` of compact text; a record above that travels alone. No batch is empty.
 *
 * @template {{compact: string}} T
 * @param {Iterable<T>} records
 * @returns {Generator<T[]>}
 */
export function* cut(records, maxRecords = MAX_RECORDS, maxBytes = MAX_BYTES) {
  let batch = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.compact.length;
    if (batch.length > 0 && (batch.length === maxRecords || bytes + size > maxBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(record);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
