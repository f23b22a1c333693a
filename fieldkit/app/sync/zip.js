/**
 * A ZIP archive written entry by entry (PKWARE APPNOTE 6.3.3), deflated where the browser
 * can. No ZIP64: at most 65 535 entries and 4 GiB.
 */

import { Problem } from "../problem.js";

const MOST_ENTRIES = 0xffff;
const MOST_BYTES = 0xffffffff;
const UTF8_NAMES = 0x0800;
/** 1 January 1980, the format's first day: an archive tells no time of its making. */
const DOS_DATE = 0x0021;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** Collects entries; `blob()` is the whole archive. */
export class ZipWriter {
  #pieces = [];
  #directory = [];
  #offset = 0;

  /**
   * Add an entry. Rejects "bundle-too-large" beyond what a ZIP holds.
   *
   * @param {string} name
   * @param {Uint8Array} data
   */
  async add(name, data) {
    const packed = await deflated(data);
    const said = headerOf(packed ? 8 : 0, crc32(data), (packed ?? data).length, data.length, name);
    const local = bytesOf([[4, 0x04034b50], [2, 20], ...said.common, [2, 0]], said.name);
    const entry = bytesOf(
      [[4, 0x02014b50], [2, 20], [2, 20], ...said.common, [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, this.#offset]],
      said.name,
    );
    // A browser may keep a Blob's bytes on disk: an archive is larger than its parts.
    const piece = new Blob([local, packed ?? data]);
    if (this.#directory.length >= MOST_ENTRIES || this.#offset + piece.size > MOST_BYTES) throw tooLarge();
    this.#pieces.push(piece);
    this.#directory.push(entry);
    this.#offset += piece.size;
  }

  /** Return the archive. @returns {Blob} */
  blob() {
    const size = this.#directory.reduce((sum, entry) => sum + entry.length, 0);
    const count = this.#directory.length;
    const end = bytesOf([[4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, this.#offset], [2, 0]]);
    return new Blob([...this.#pieces, ...this.#directory, end], { type: "application/zip" });
  }
}

/** The part that an entry's two headers share: what follows the version needed. */
function headerOf(method, crc, packedBytes, bytes, text) {
  const name = new TextEncoder().encode(text);
  const sizes = [[4, crc], [4, packedBytes], [4, bytes], [2, name.length]];
  return { name, common: [[2, UTF8_NAMES], [2, method], [2, 0], [2, DOS_DATE], ...sizes] };
}

/** Write little-endian numbers, each of so many bytes, and what follows them. */
function bytesOf(numbers, tail = new Uint8Array()) {
  const length = numbers.reduce((sum, [size]) => sum + size, 0);
  const view = new DataView(new ArrayBuffer(length + tail.length));
  let place = 0;
  for (const [size, value] of numbers) {
    if (size === 2) view.setUint16(place, value, true);
    else view.setUint32(place, value, true);
    place += size;
  }
  const bytes = new Uint8Array(view.buffer);
  bytes.set(tail, place);
  return bytes;
}

/** Return CRC-32 (ISO 3309). @param {Uint8Array} data */
export function crc32(data) {
  let crc = 0xffffffff;
  for (const byte of data) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Base64 deflates by a quarter; null where the browser has no raw deflate (Chromium 92). */
async function deflated(data) {
  let packer;
  try {
    packer = new CompressionStream("deflate-raw");
  } catch (error) {
    return null;
  }
  const stream = new Blob([data]).stream().pipeThrough(packer);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function tooLarge() {
  return new Problem("bundle-too-large", {
    zh: "导出文件超过 4 GiB 或 65535 个条目，请先联网同步一部分照片再导出",
    en: "the export file exceeds 4 GiB or 65 535 entries: sync some photographs first, then export",
  });
}
