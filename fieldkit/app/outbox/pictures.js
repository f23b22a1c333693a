/** Photographs as they come from a camera: named by hash, and small pictures of them. */

import { sha256Hex } from "../sync/sha256.js";
import { outboxProblem } from "./problems.js";

export const MAX_FILE_BYTES = 64 * 1024 * 1024;
const SMALL_PX = 320;
const SMALL_QUALITY = 0.8;
const UNKNOWN_TYPE = "application/octet-stream";
const NAME_CHARS = 255;
const UNSPEAKABLE = /[\u0000-\u001f\u007f/\\]/g;
const HEIC_BRANDS = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"];
const BY_ENDING = { jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", heic: "image/heic", heif: "image/heif" };
const SIGNATURES = [
  ["\xff\xd8\xff", "image/jpeg"],
  ["\x89PNG\r\n\x1a\n", "image/png"],
  ["%PDF-", "application/pdf"],
];

/**
 * Return a photograph's original bytes and what they are; nothing of them is changed.
 *
 * Rejects "photo-unreadable" if it is empty, over 64 MiB or cannot be read.
 *
 * @param {Blob} blob
 * @param {string} fileName
 * @returns {Promise<{original: Blob, sha256: string, bytes: number, media_type: string, file_name: string}>}
 */
export async function takenIn(blob, fileName) {
  if (blob.size === 0 || blob.size > MAX_FILE_BYTES) throw outboxProblem("photo-unreadable");
  const data = await blob.arrayBuffer().catch((cause) => {
    throw outboxProblem("photo-unreadable", { cause });
  });
  const file_name = fileName.replace(UNSPEAKABLE, "_").trim().slice(-NAME_CHARS) || "photo";
  const media_type = mediaType(new Uint8Array(data, 0, Math.min(16, data.byteLength)), blob.type, file_name);
  const original = new Blob([data], { type: media_type });
  return { original, sha256: await sha256Hex(data), bytes: data.byteLength, media_type, file_name };
}

/** Return a small JPEG of a photograph; null where this browser cannot show it (HEIC). */
export async function smallPicture(blob) {
  if (typeof createImageBitmap === "undefined") return null;
  try {
    const image = await createImageBitmap(blob);
    const scale = Math.min(1, SMALL_PX / Math.max(image.width, image.height));
    const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
    const small = await drawn(image, width, height);
    image.close();
    return small;
  } catch (error) {
    return null; // no picture, or of a kind that this browser does not know
  }
}

function drawn(image, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", SMALL_QUALITY));
}

function mediaType(start, told, fileName) {
  const text = String.fromCharCode(...start);
  const known = SIGNATURES.find(([signature]) => text.startsWith(signature));
  if (known) return known[1];
  if (text.slice(4, 8) === "ftyp" && HEIC_BRANDS.includes(text.slice(8, 12))) return "image/heic";
  return told || BY_ENDING[fileName.split(".").pop().toLowerCase()] || UNKNOWN_TYPE;
}
