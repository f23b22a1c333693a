/**
 * Files from the camera or the disk, as evidence: the original bytes, with a type even where
 * the browser knows none, and refused before they are kept if they cannot be.
 */
import { Problem } from "../problem.js";
import { shanghaiInstant } from "../capture/answers.js";

/** The most that one file may hold, as the record's schema has it. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** What must stay free so that a photograph and its record can be kept. */
export const NEEDED_BYTES = 24 * 1024 * 1024;

const TYPES = {
  heic: "image/heic",
  heif: "image/heif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  avif: "image/avif",
  tif: "image/tiff",
  tiff: "image/tiff",
  pdf: "application/pdf",
  mp4: "video/mp4",
  mov: "video/quicktime",
};

/** Return a file's media type: the browser's, else by its ending, else plain bytes. */
export function mediaTypeOf({ name, type }) {
  if (type) return type.split(";")[0].toLowerCase();
  return TYPES[name.split(".").pop().toLowerCase()] ?? "application/octet-stream";
}

/** Return a name that the record can hold: no path, no control characters, at most 200. */
export function fileNameOf({ name }, fallback) {
  const plain = name.replace(/[\u0000-\u001f\u007f/\\]/g, "_").trim();
  return plain.length > 200 ? plain.slice(-200) : plain || fallback;
}

/**
 * Pass if a file can be evidence.
 *
 * @throws {Problem} "photo-empty", "photo-too-large"
 */
export function requireFile({ name, size }) {
  if (size === 0) {
    throw photoProblem("photo-empty", `“${name}”是空文件，请重新拍摄或选取。`, `“${name}” is empty; take or choose it again.`);
  }
  if (size > MAX_FILE_BYTES) {
    throw photoProblem("photo-too-large", `“${name}”超过 64 MB，请分段拍摄或降低相机的分辨率。`, `“${name}” is over 64 MB; take shorter pieces or lower the camera's resolution.`);
  }
}

/**
 * Return the problem of a full disk, before the shutter; null if there is room, or if the
 * browser does not say.
 *
 * @param {{usage_bytes: number|null, quota_bytes: number|null, is_short?: boolean}} [storage] of
 *   the outbox's status; `is_short`: a photograph was tried for size and does not fit
 */
export function roomProblem({ usage_bytes = null, quota_bytes = null, is_short = false } = {}) {
  const isKnown = usage_bytes !== null && quota_bytes !== null;
  if (!is_short && !(isKnown && quota_bytes - usage_bytes < NEEDED_BYTES)) return null;
  return photoProblem(
    "storage-full",
    "本机存储将满，照片会存不下。请先上传，或清理本机的其他文件；已保存的记录不受影响。",
    "This device's storage is nearly full; a photo could not be kept. Sync first, or remove other files; what was saved is intact.",
  );
}

/** Return when a file was made: now for the camera, its own time for one that was chosen. */
export function capturedAt(file, isFromCamera, nowMs) {
  const own = file.lastModified;
  return shanghaiInstant(isFromCamera || !(own > 0 && own <= nowMs) ? nowMs : own);
}

function photoProblem(code, zh, en) {
  return new Problem(code, { zh, en }, { field: "evidence" });
}
