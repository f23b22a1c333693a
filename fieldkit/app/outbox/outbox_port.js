/**
 * The outbox as views see it, the same on a laptop (`loopback.js`) and a tablet
 * (`tablet.js`).
 *
 * Every method is asynchronous. When it resolves, what it says is durable; when it
 * rejects, it rejects a `Problem` and nothing of it was done. Data fields are named as
 * `fieldkit … --json` prints them; instants are ISO 8601 in UTC, sizes are bytes.
 *
 * @typedef {object} Identity what enrolment gave this device
 * @property {string} device_id
 * @property {string} unit_code
 * @property {string} unit_name
 * @property {{name: string, certificate_no: string}[]} officers
 * @property {string} server_url
 * @property {string} server_thumbprint to be compared by people with the server's
 * @property {string} thumbprint of this device's key
 * @property {string} enrolled_at
 *
 * @typedef {object} Status `fieldkit status --json`, and what a browser adds
 * @property {string|null} device_id null before enrolment, like the next three
 * @property {string|null} unit_code
 * @property {string|null} unit_name
 * @property {string|null} server_url
 * @property {{draft: number, sealed: number, delivered: number, refused: number}} counts
 * @property {Record<string, number>} statuses the server's newest word: how many records
 * @property {{named: number, delivered: number, missing: number}} photos
 * @property {string|null} oldest_unsent_at
 * @property {string|null} last_contact_at
 * @property {number|null} epoch
 * @property {{serial: number, issued_at: string, received_at: string, age_days: number}|null} reference
 * @property {number} unsent records without a receipt, refused ones too
 * @property {number} unexported those of them that were never handed over in a file
 * @property {{usage_bytes: number|null, quota_bytes: number|null, is_persisted: boolean, is_short?: boolean}} storage `is_short`: a photograph would not fit
 * @property {number|null} clock_offset_ms device less server: positive where the device is ahead
 * @property {boolean} is_syncing here, or in another window
 * @property {import("../sync/runner/exchange.js").Progress | null} sync_progress of a sync that began here
 * @property {{stage: string, record_id: string|null, reason: {zh: string, en: string}|null}[]} sync_troubles what the last sync left undone
 * @property {"tablet"|"laptop"} home
 * @property {boolean|null} is_on_wifi null where it cannot be told; a laptop does not ask
 * @property {boolean} photos_waiting_for_wifi
 *
 * @typedef {object} Row a record or a draft as `fieldkit list --json` tells it, and
 * @property {string|null} title
 * @property {string|null} premises_name
 * @property {string[]} codes
 * @property {boolean} synthetic
 * @property {object|null} fix where: lon_deg, lat_deg, datum, radius95_m; null without a position
 * @property {boolean} is_exported not received yet, and in a file that was handed over
 *
 * @typedef {object} Draft
 * @property {number} number
 * @property {object} answers whatever the form keeps; photographs by hash
 * @property {string} saved_at
 * @property {string} started_at
 * @property {{sha256: string, bytes: number, media_type: string, file_name: string,
 *   captured_at: string|null, kind: string|null}[]} photos that it holds, though its answers name them not yet
 *
 * @typedef {object} Saved a record that is sealed and durable
 * @property {string} id
 * @property {number} seq
 * @property {string|null} record_no
 * @property {string} root_id
 * @property {object} body as sealed
 * @property {string|null} acted_on the day that selects law and area, YYYY-MM-DD
 * @property {number|null} clock_offset_ms
 *
 * @typedef {object} Settings
 * @property {boolean} photos_on_wifi_only
 * @property {"system"|"light"|"dark"|"sunlight"} theme
 * @property {"zh-CN"|"en"} language
 * @property {string|null} last_code
 * @property {string|null} last_premises_type
 */

/** @type {Settings} what holds until a person chooses otherwise */
export const DEFAULT_SETTINGS = Object.freeze({
  photos_on_wifi_only: false,
  theme: "system",
  language: "zh-CN",
  last_code: null,
  last_premises_type: null,
});

/**
 * Every method of an outbox: its name, what it takes, what it resolves to.
 *
 * | method | resolves to |
 * |---|---|
 * | `identity()` | `Identity`, null before enrolment |
 * | `enrol({url, code, thumbprint})` | `Identity`; url null on a tablet: the page's own origin |
 * | `status({isRoomTried})` | `Status`; nothing is asked of the server. Whether a photograph fits is tried now, else at most once a minute |
 * | `list({state, query, offset, limit})` | `{records: Row[], total}`, newest first, drafts before all |
 * | `show(id)` | `fieldkit show --json`; rejects "not-found" |
 * | `drafts()` | `Draft[]`, oldest first |
 * | `saveDraft(answers, number\|null)` | the draft's number |
 * | `removeDraft(number)` | nothing; its photographs go with it, if no record names them |
 * | `addPhoto(draft, blob, {file_name, captured_at, kind})` | `{sha256, bytes, media_type, file_name}`; the original bytes |
 * | `removePhoto(draft, sha256)` | nothing; the bytes stay if a record or another draft names them |
 * | `photo(sha256)` | Blob, null if it is gone from here |
 * | `thumbnail(sha256)` | Blob, null where this browser cannot show it |
 * | `record(input, {draft})` | `Saved`; the draft is gone |
 * | `amend(id, changes, {kind, reason, draft, stands_on})` | `Saved`: a new version with the whole body, the draft is gone; rejects "amended-meanwhile" where `stands_on` is not the newest |
 * | `withdraw(id, reason)` | `Saved` |
 * | `reference()` | codes, units, seasons, products, laws, vocabulary, counties, areas, versions, serial, issued_at, received_at |
 * | `sync({again, isWifiWaived, onProgress})` | the report of `fieldkit sync --json`; rejects "sync-running" |
 * | `requeue(id)` | nothing: a refused record is offered again |
 * | `exportBundle()` | `{blob, file_name, records, photos, files}` for a USB stick; one of `files` for each identity |
 * | `markExported()` | nothing: the file of the last export was handed over |
 * | `signOut()` | nothing; rejects "unsent" while anything is unsent and unexported |
 * | `settings()` | `Settings` |
 * | `saveSettings(patch)` | `Settings` |
 * | `positionSources()` | `{id, kind, label}[]`: receivers of a laptop, none on a tablet |
 *
 * Two more are not promises: `subscribe(listener)` returns its undoing, and the listener
 * is called whenever anything may have changed (here, in another window, by a sync);
 * `watchPosition(sourceId, onFix, onProblem)` returns its end.
 *
 * One is the laptop's alone: `importFiles(files, {onProgress})` resolves to the report of
 * `fieldkit import --json`.
 */
export const OUTBOX_METHODS = Object.freeze([
  "identity",
  "enrol",
  "status",
  "list",
  "show",
  "drafts",
  "saveDraft",
  "removeDraft",
  "addPhoto",
  "removePhoto",
  "photo",
  "thumbnail",
  "record",
  "amend",
  "withdraw",
  "reference",
  "sync",
  "requeue",
  "exportBundle",
  "markExported",
  "signOut",
  "settings",
  "saveSettings",
  "positionSources",
  "subscribe",
  "watchPosition",
]);
