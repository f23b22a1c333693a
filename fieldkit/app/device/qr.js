/**
 * Reading QR codes: by the browser's own detector where it has one, else by the vendored reader.
 * Pictures never leave the page.
 */
import { Problem } from "../problem.js";

const FORMAT = "qr_code";
const READ_EVERY_MS = 150;
const LONGEST_SIDE_PX = 1200;

/**
 * Return a function that reads the QR code in a picture or video frame, null if none.
 *
 * A detector that fails once is not asked again: some systems promise one and have none.
 *
 * @returns {Promise<(source: CanvasImageSource, width: number, height: number) => Promise<string | null>>}
 */
export async function qrReader() {
  let detector = await openDetector();
  let read = null;
  return async (source, width, height) => {
    if (detector) {
      try {
        return (await detector.detect(source))[0]?.rawValue ?? null;
      } catch {
        detector = null;
      }
    }
    read ??= await ownReader();
    return read(source, width, height);
  };
}

async function ownReader() {
  const { default: decode } = await import("../vendor/qr/decode.js");
  const canvas = document.createElement("canvas");
  return (source, width, height) => {
    const scale = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height, 1));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return readPixels(decode, pen.getImageData(0, 0, canvas.width, canvas.height));
  };
}

/** Return the text of the QR code in RGBA pixels, null if there is none that can be read. */
export function readPixels(decode, { width, height, data }) {
  try {
    return decode({ width, height, data }) || null;
  } catch {
    // It throws for a picture without a code: most frames of a camera are one.
    return null;
  }
}

/** The browser's own detector, null without one: the class may be there and read nothing. */
async function openDetector() {
  if (!("BarcodeDetector" in window)) return null;
  try {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    return formats.includes(FORMAT) ? new window.BarcodeDetector({ formats: [FORMAT] }) : null;
  } catch {
    return null;
  }
}

/** Return the text of the QR code in an image file, null if there is none. */
export async function readPicture(file) {
  const read = await qrReader();
  const picture = await createImageBitmap(file);
  try {
    return await read(picture, picture.width, picture.height);
  } finally {
    picture.close();
  }
}

/**
 * Show the camera in `video` and call `found(text)` once; returns how to stop.
 *
 * @returns {Promise<() => void>}
 * @throws {Problem} "camera-denied", "camera-missing": words say what to do instead
 */
export async function watchCamera(video, found) {
  const stream = await openCamera();
  video.srcObject = stream;
  await video.play();
  const read = await qrReader();
  let timer = 0;
  let isOver = false;
  const stop = () => {
    isOver = true;
    clearTimeout(timer);
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  const look = async () => {
    const text = video.videoWidth ? await read(video, video.videoWidth, video.videoHeight).catch(() => null) : null;
    if (isOver) return;
    if (text === null) timer = setTimeout(look, READ_EVERY_MS);
    else {
      stop();
      found(text);
    }
  };
  look();
  return stop;
}

async function openCamera() {
  const media = navigator.mediaDevices;
  if (!media) throw cameraProblem("camera-missing");
  try {
    return await media.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
  } catch (error) {
    throw cameraProblem(error.name === "NotAllowedError" ? "camera-denied" : "camera-missing", error);
  }
}

function cameraProblem(code, cause = null) {
  const words =
    code === "camera-denied"
      ? { zh: "没有使用相机的权限。请在浏览器设置中允许相机，或从照片读取，或手工输入。", en: "The camera is not allowed. Allow it in the browser's settings, read a picture, or type." }
      : { zh: "没有可用的相机。请从照片读取，或手工输入。", en: "There is no camera to use. Read a picture, or type." };
  return new Problem(code, words, { cause });
}
