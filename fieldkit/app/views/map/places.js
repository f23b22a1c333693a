/** Where this device's records are: one place for each record, its newest version. */
import { toWgs84 } from "../../geo/datum.js";
import { shownState } from "../states.js";

const PAGE = 500;

/**
 * Return every record of the outbox, page by page, as marks for the map.
 *
 * @param {object} outbox
 * @returns {Promise<{marks: object[], without: number, withdrawn: number, total: number}>}
 *   `total` records, of which `without` have no position; those withdrawn are only counted
 */
export async function recordPlaces(outbox) {
  const rows = [];
  for (;;) {
    const { records, total } = await outbox.list({ offset: rows.length, limit: PAGE });
    rows.push(...records);
    if (records.length === 0 || rows.length >= total) break;
  }
  return placesOf(rows);
}

/** Return the marks of rows that come newest first; see `recordPlaces`. */
export function placesOf(rows) {
  const versions = newestFirst(rows.filter((row) => row.state !== "draft"));
  const found = { marks: [], without: 0, withdrawn: 0, total: 0 };
  for (const [newest, ...older] of versions) {
    if (newest.kind === "withdrawal") {
      found.withdrawn += 1;
      continue;
    }
    found.total += 1;
    const root = older[older.length - 1] ?? newest;
    if (newest.fix) found.marks.push(markOf(newest, root));
    else found.without += 1;
  }
  return found;
}

/** Return each record's versions, the newest first. */
function newestFirst(rows) {
  const byRoot = new Map();
  for (const row of rows) {
    const root = row.observation_id;
    byRoot.set(root, [...(byRoot.get(root) ?? []), row]);
  }
  return byRoot.values();
}

function markOf(row, root) {
  const { lonDeg, latDeg } = toWgs84(row.fix.lon_deg, row.fix.lat_deg, row.fix.datum);
  return {
    kind: "record",
    id: row.id,
    href: `/field/record/${row.id}`,
    title: row.title ?? row.record_no ?? root.record_no ?? row.id,
    recordNo: row.record_no ?? root.record_no ?? "",
    codes: row.codes ?? [],
    state: shownState(row),
    lonDeg,
    latDeg,
    radius95M: row.fix.radius95_m ?? null,
  };
}
