/** Photographs in parts: small enough to get through a link that keeps breaking (sync/parts.py). */

export const PART_BYTES = 64 * 1024;

/** Return how many parts a file of `sizeBytes` has; none if it is empty. */
export function partCount(sizeBytes) {
  return Math.ceil(sizeBytes / PART_BYTES);
}

/**
 * Return [first byte of part `number` (from 0), the one after its last]; throws a
 * RangeError if the file has no such part.
 */
export function partRange(number, sizeBytes) {
  if (!(number >= 0 && number < partCount(sizeBytes))) {
    throw new RangeError(`no part ${number} in ${sizeBytes} bytes`);
  }
  const start = number * PART_BYTES;
  return [start, Math.min(start + PART_BYTES, sizeBytes)];
}

/** Return the numbers of the parts not yet `held`, in order. @param {Iterable<number>} held */
export function missing(held, sizeBytes) {
  const there = new Set(held);
  return Array.from({ length: partCount(sizeBytes) }, (_, number) => number).filter((n) => !there.has(n));
}
