/**
 * The basemap file that this browser keeps, apart from records: a database of its own, so
 * that it can be thrown away without touching them.
 */
import { Problem } from "../../problem.js";

const DATABASE = "gi-basemap";
const TABLE = "file";
const KEY = "basemap";
/** Room that must be left for records and photographs. */
const LEFT_FOR_RECORDS_BYTES = 512 * 2 ** 20;

/** Return the kept file, null if there is none. */
export async function keptBasemap() {
  const kept = await within("readonly", (table) => table.get(KEY));
  return kept ? new File([kept.blob], kept.name) : null;
}

/**
 * Keep a file instead of the one before.
 *
 * @throws {Problem} basemap-too-large if it would leave too little room for records
 */
export async function keepBasemap(file) {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  if (usage + file.size > quota - LEFT_FOR_RECORDS_BYTES) throw tooLarge(file.size);
  try {
    await within("readwrite", (table) => table.put({ name: file.name, blob: file }, KEY));
  } catch (error) {
    if (error?.name === "QuotaExceededError") throw tooLarge(file.size);
    throw error;
  }
}

/** Keep no basemap any more. */
export async function dropBasemap() {
  await within("readwrite", (table) => table.delete(KEY));
}

async function within(mode, act) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(TABLE, mode);
      const request = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
    });
  } finally {
    database.close();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function tooLarge(bytes) {
  const megabytes = Math.ceil(bytes / 1e6);
  const words = {
    zh: `底图 ${megabytes} MB，本机须给记录和照片留出空间，未保存。本次仍可使用；请向市局索取小一些的底图。`,
    en: `The basemap of ${megabytes} MB leaves too little room for records and was not kept. It is shown for now; ask the bureau for a smaller one.`,
  };
  return new Problem("basemap-too-large", words, { field: "basemap" });
}
