/**
 * The tables, one step per version, each run inside the browser's own upgrade.
 *
 * A step is never changed once released: a tablet may be years behind and hold records
 * that nobody else has. What a row has beside its port's fields serves the indexes:
 * `unexported`, `due`, `delivered`, `is_named` are absent where they do not apply.
 */

/** Sealed records and what the server said of them. */
function sealedAndDelivered(database) {
  const record = database.createObjectStore("record", { keyPath: "position", autoIncrement: true });
  record.createIndex("id", "id", { unique: true });
  record.createIndex("state", ["state", "position"]);
  record.createIndex("root", "root_id");
  record.createIndex("photos", "photos", { multiEntry: true });
  database.createObjectStore("sealed"); // the signed bytes, apart: a list need not read them
  database.createObjectStore("chain", { keyPath: "device_id" });
  database.createObjectStore("receipt", { keyPath: ["epoch", "newest_position", "receipt_id"] });
  const photo = database.createObjectStore("photo", { keyPath: "sha256" });
  photo.createIndex("due", "due");
  photo.createIndex("delivered", "delivered");
  photo.createIndex("is_named", "is_named");
  database.createObjectStore("original");
  database.createObjectStore("document", { keyPath: "sha256" });
  database.createObjectStore("fact", { keyPath: "name" });
}

/** Drafts, thumbnails, and what was handed over in a file. */
function draftsAndExports(database, transaction) {
  database.createObjectStore("draft", { keyPath: "number", autoIncrement: true });
  database.createObjectStore("thumbnail");
  const record = transaction.objectStore("record");
  record.createIndex("status", ["status", "position"]);
  record.createIndex("unexported", "unexported");
  const photo = transaction.objectStore("photo");
  photo.createIndex("drafts", "drafts", { multiEntry: true });
  photo.createIndex("unexported", "unexported");
  eachRow(record, (row) => {
    const waits = row.state !== "delivered" ? { unexported: 1 } : {};
    return { ...row, summary: null, exported_at: null, ...waits };
  });
  eachRow(photo, (row) => ({ ...row, drafts: [], ...("due" in row ? { unexported: 1 } : {}) }));
}

export const STEPS = Object.freeze([sealedAndDelivered, draftsAndExports]);

function eachRow(store, change) {
  store.openCursor().onsuccess = (event) => {
    const cursor = event.target.result;
    if (!cursor) return;
    cursor.update(change(cursor.value));
    cursor.continue();
  };
}
