/**
 * Reading PMTiles, version 3: one file that holds a pyramid of tiles and a directory of them.
 * Numbers are little-endian; a tile's number is its place on a Hilbert curve, zoom by zoom.
 *
 * https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
 */

const MAGIC = "PMTiles";
const VERSION = 3;
const HEADER_BYTES = 127;
const MEDIA_TYPES = { 2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif" };
const PLAIN = [0, 1];
const GZIP = 2;
const MOST_LEVELS = 4;
const MOST_HELD = 64;

/** A file's tiles. Whatever it does not hold as the format says rejects an Error. */
export class TileArchive {
  #blob;
  #parts;
  #held = new Map();

  constructor(blob, parts) {
    this.#blob = blob;
    this.#parts = parts;
    /** The zooms that the file has, and its edges in degrees. */
    this.terms = parts.terms;
    /** What its tiles are, null unless they are pictures. */
    this.mediaType = MEDIA_TYPES[parts.tileType] ?? null;
  }

  /** Open a file, reading its header only. */
  static async open(blob) {
    const view = new DataView(await blob.slice(0, HEADER_BYTES).arrayBuffer());
    return new TileArchive(blob, readHeader(view));
  }

  /** Return a tile as a Blob, null where the file has none. */
  async tile(zoom, x, y) {
    const number = tileNumber(zoom, x, y);
    let [offset, length] = this.#parts.root;
    for (let level = 0; level < MOST_LEVELS; level += 1) {
      const entry = lastUpTo(await this.#directory(offset, length), number);
      if (entry === null) return null;
      if (entry.run > 0) return number < entry.first + entry.run ? this.#tileAt(entry) : null;
      [offset, length] = [this.#parts.leavesAt + entry.offset, entry.length];
    }
    throw new Error("directories lie too deep");
  }

  async #tileAt({ offset, length }) {
    const at = this.#parts.tilesAt + offset;
    const bytes = await unpacked(this.#blob.slice(at, at + length), this.#parts.tileCompression);
    return new Blob([bytes], { type: this.mediaType ?? "" });
  }

  #directory(offset, length) {
    if (!this.#held.has(offset)) {
      if (this.#held.size >= MOST_HELD) this.#held.delete(this.#held.keys().next().value);
      const packed = this.#blob.slice(offset, offset + length);
      this.#held.set(offset, unpacked(packed, this.#parts.compression).then(readDirectory));
    }
    return this.#held.get(offset);
  }
}

function readHeader(view) {
  const magic = String.fromCharCode(...new Uint8Array(view.buffer, 0, Math.min(MAGIC.length, view.byteLength)));
  if (magic !== MAGIC || view.byteLength < HEADER_BYTES || view.getUint8(7) !== VERSION) throw new Error("no PMTiles, version 3");
  const long = (at) => Number(view.getBigUint64(at, true));
  const degrees = (at) => view.getInt32(at, true) / 1e7;
  return {
    root: [long(8), long(16)],
    leavesAt: long(40),
    tilesAt: long(56),
    compression: view.getUint8(97),
    tileCompression: view.getUint8(98),
    tileType: view.getUint8(99),
    terms: {
      leastZoom: view.getUint8(100),
      mostZoom: view.getUint8(101),
      west: degrees(102),
      south: degrees(106),
      east: degrees(110),
      north: degrees(114),
    },
  };
}

async function unpacked(blob, compression) {
  if (PLAIN.includes(compression)) return blob.arrayBuffer();
  if (compression !== GZIP) throw new Error(`compression ${compression} is not read`);
  return new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** Return the entries, each `{first, run, offset, length}`; run 0 points to a directory. */
function readDirectory(buffer) {
  const next = varints(new Uint8Array(buffer));
  const entries = Array.from({ length: next() }, () => ({}));
  let number = 0;
  for (const entry of entries) entry.first = number += next();
  for (const entry of entries) entry.run = next();
  for (const entry of entries) entry.length = next();
  let end = 0;
  for (const entry of entries) {
    const said = next();
    entry.offset = said === 0 ? end : said - 1;
    end = entry.offset + entry.length;
  }
  return entries;
}

function varints(bytes) {
  let at = 0;
  return () => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      if (at >= bytes.length) throw new Error("a directory is cut short");
      const byte = bytes[at++];
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  };
}

/** Return the last entry that begins at `number` or before. */
function lastUpTo(entries, number) {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle].first <= number) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1] ?? null;
}

/** Return a tile's number: all tiles of the zooms before, then its place on the curve. */
export function tileNumber(zoom, x, y) {
  const side = 2 ** zoom;
  let number = (side * side - 1) / 3;
  for (let half = side / 2; half >= 1; half /= 2) {
    const right = (x & half) > 0 ? 1 : 0;
    const lower = (y & half) > 0 ? 1 : 0;
    number += half * half * ((3 * right) ^ lower);
    if (lower === 0) {
      if (right === 1) [x, y] = [side - 1 - x, side - 1 - y];
      [x, y] = [y, x];
    }
  }
  return number;
}
