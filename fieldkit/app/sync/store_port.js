/**
 * The device's store as sealing, sync and bundle see it: the mirror of
 * sync/outbox_port.py. Nothing in it is lost by a crash.
 *
 * This module holds documentation alone. `MemoryStore` (tests) and `IndexedDbStore`
 * (tablets) implement it; tests/app/sync/store_contract.js holds both to it.
 *
 * Every method is async and, when it resolves, durable; whole or not at all. What is
 * handed in was verified by the caller, so that no implementation waits for a
 * signature inside a transaction. It rejects with a `Problem`.
 */

/**
 * Where a sealed record is. "sealed": waiting to be sent (again). "delivered": a verified
 * receipt covers exactly these bytes. "refused": the server keeps nothing of it and said
 * why; it stays here and can be offered again.
 *
 * @typedef {"sealed" | "delivered" | "refused"} OutboxState
 */

/**
 * The end of a device's chain: {seq: 0, hash: null} before its first record.
 *
 * @typedef {{seq: number, hash: string | null}} Head
 */

/**
 * A photograph that a record names, by the hash of its original bytes.
 *
 * @typedef {{sha256: string, bytes: number, media_type: string}} BlobRef
 */

/** @typedef {BlobRef & {record_id: string}} PendingBlob a photograph to be sent */

/**
 * What is kept beside a record when it is sealed.
 *
 * @typedef {object} Extra
 * @property {string | null} [record_no]
 * @property {string | null} [root_id] the observation that the record changes; by
 *   default the record itself
 * @property {number | null} [draft] the draft it was made from, gone with the sealing
 */

/**
 * A sealed record and what became of it so far. `outcome` is the last answer to a push;
 * `status`, `code` and `reason` are the newest word, from a push or the status feed.
 *
 * @typedef {object} StoredRecord
 * @property {number} position this store's own order of sealing, from 1, over all identities
 * @property {string} compact
 * @property {string} id
 * @property {string} hash
 * @property {string} device_id
 * @property {number} seq
 * @property {string} kind
 * @property {string | null} amends
 * @property {string} sealed_at
 * @property {string | null} record_no
 * @property {string} root_id
 * @property {OutboxState} state
 * @property {string | null} outcome
 * @property {string | null} status
 * @property {string | null} code
 * @property {string | null} field
 * @property {{zh: string, en: string} | null} reason
 * @property {string | null} receipt_id
 * @property {number | null} epoch of the receipt that delivered it last
 * @property {number | null} server_position
 * @property {string | null} received_at
 * @property {string | null} status_at when the status feed's word was said, by the server
 * @property {string | null} exported_at when it was last handed over in a bundle
 */

/**
 * One event of GET /records/status.
 *
 * @typedef {object} FeedEvent
 * @property {number} position
 * @property {string} id
 * @property {string} hash
 * @property {string} status
 * @property {string | null} code
 * @property {{zh: string, en: string} | null} reason
 * @property {string} at
 */

/** @typedef {import("./record.js").Sealed} Sealed */
/** @typedef {import("./outcome.js").ItemOutcome} ItemOutcome */
/** @typedef {import("./receipt.js").Receipt} Receipt */
/** @typedef {import("./receipt.js").BlobReceipt} BlobReceipt */
/** @typedef {import("./reference.js").DocumentRef} DocumentRef */
/** @typedef {import("./reference.js").Manifest} Manifest */

/**
 * @typedef {object} SyncStore
 *
 * @property {(deviceId: string) => Promise<Head>} head
 *   The end of this identity's chain; one that enrols anew begins at 0.
 * @property {(sealed: Sealed, expectedHead: Head, blobs: BlobRef[], extra?: Extra) => Promise<void>} append
 *   Adds a record to its device's chain. Rejects "head-moved", and changes nothing, if the
 *   head is not `expectedHead`, `sealed` does not follow it, or its id is taken. The same
 *   photograph named twice is one.
 * @property {(id: string) => Promise<StoredRecord | null>} get
 * @property {(state?: OutboxState) => Promise<StoredRecord[]>} records
 *   All, or those in one state, in the order of sealing.
 * @property {(limit: number) => Promise<StoredRecord[]>} pending
 *   Up to `limit` records in state sealed, oldest first; refused ones block nobody.
 *
 * @property {(item: ItemOutcome, receipt: Receipt | null) => Promise<OutboxState>} recordOutcome
 *   Notes the answer to one item. Delivered only if the outcome keeps the bytes and
 *   `receipt` (verified) covers this id and hash; refused if the outcome says so and the
 *   record is in state sealed; otherwise it stays as it is. Resolves to the state after.
 *   The last known position, time of receipt, receipt and epoch stay where this answer
 *   names none. Rejects "unknown-record" if no record has this id and hash.
 * @property {(answers: [ItemOutcome, Receipt | null][]) => Promise<void>} recordOutcomes
 *   The same for many, in one transaction; those of unknown records are passed over.
 * @property {(id: string) => Promise<void>} requeue
 *   Offers a refused record again; others stay. Rejects "unknown-record".
 * @property {() => Promise<string | null>} lastReceipt
 *   The newest receipt (by `order`) that delivered something here, compact.
 * @property {() => Promise<number | null>} epoch the server's, as last seen
 * @property {(epoch: number) => Promise<number>} reopen
 *   Notes the server's epoch. If it changed, every delivered record whose receipt is of
 *   another epoch is sealed again, every photograph's receipt is forgotten, and the status
 *   cursor is 0. Resolves to how many records are offered again; 0 if the epoch is known.
 * @property {() => Promise<number>} statusCursor how far the feed was read; 0 at first
 * @property {(events: FeedEvent[], cursor: number) => Promise<void>} recordStatuses
 *   Notes status, code, reason and status_at, and the cursor, at once. Events of unknown
 *   records are passed over; the cursor never goes back.
 * @property {(ids: string[], at: string) => Promise<void>} markExported
 *   Notes that these were handed over in a bundle; unknown ids are passed over.
 *
 * @property {(limit: number) => Promise<PendingBlob[]>} blobsPending
 *   Photographs without a receipt of which some naming record is delivered; each once,
 *   by the first delivered record that names it, in the order of sealing.
 * @property {(receipt: BlobReceipt) => Promise<void>} recordBlobReceipt
 * @property {() => Promise<string[]>} blobsDelivered the sha256 of photographs with a receipt
 * @property {(id: string) => Promise<[number, number]>} blobCounts
 *   [held by the server, named] of one record; [0, 0] of an unknown one.
 * @property {(sha256: string) => Promise<Blob | null>} readBlob
 *   The original bytes, null if they are gone; the caller checks the hash.
 *
 * @property {() => Promise<number>} referenceSerial
 *   Of the manifest in force; 0 before the first.
 * @property {() => Promise<{compact: string, serial: number, issued_at: string, received_at: string, documents: DocumentRef[]} | null>} manifest
 *   The one in force, as `adoptManifest` was given it.
 * @property {(documents: DocumentRef[]) => Promise<DocumentRef[]>} lackingDocuments
 *   Those whose bytes are not held yet, each hash once.
 * @property {(ref: DocumentRef, data: Uint8Array) => Promise<void>} keepDocument
 *   Keeps a document's bytes (the caller checked them with `isDocument`); they come into
 *   force with the manifest that names them.
 * @property {(sha256: string) => Promise<Uint8Array | null>} document
 * @property {(manifest: Manifest, receivedAt: string) => Promise<void>} adoptManifest
 *   Puts a manifest in force. Rejects "reference-altered", and changes nothing, while a
 *   document is lacking.
 *
 * @property {(name: string) => Promise<any>} meta
 *   A fact, null if there is none: any JSON value, or one that holds a CryptoKey.
 * @property {(name: string, value: any) => Promise<void>} setMeta
 *   Keeps a fact; null removes it.
 * @property {(name: string, change: (held: any) => any) => Promise<void>} changeMeta
 *   Keeps what `change` makes of a fact, with nobody in between.
 * @property {(facts: Record<string, any>) => Promise<void>} setMetas
 *   Keeps several facts at once, all or none.
 */

export {};
