/** The app's answers about positions held against Python's, in node and in a browser. */
import { areaFromDocument } from "../../../fieldkit/app/geo/area.js";
import { CountyMap } from "../../../fieldkit/app/geo/counties.js";
import { toWgs84 } from "../../../fieldkit/app/geo/datum.js";
import { requireFix } from "../../../fieldkit/app/geo/fix.js";
import { checkOrigin } from "../../../fieldkit/app/geo/origin.js";

const MOST_SHOWN = 5;

/**
 * Answer each position of `{area, area_sha256, counties, rows}` and tell where Python's
 * answers differ: `{compared, differing, shown, ms_each}`.
 */
export function compared({ area: document, area_sha256: sha256, counties, rows }) {
  const area = areaFromDocument(document, sha256);
  const countyMap = counties ? new CountyMap(counties) : null;
  const answered = rows.map((row) => ({ row, found: JSON.stringify(answers(area, countyMap, row)) }));
  const differing = answered.filter(({ row, found }) => found !== JSON.stringify(row.answers));
  const began = performance.now();
  for (const row of rows) {
    const fix = requireFix(row);
    checkOrigin(area, fix);
    if (countyMap) countyMap.locate(fix);
  }
  const msEach = (performance.now() - began) / rows.length;
  return { compared: rows.length, differing: differing.length, shown: differing.slice(0, MOST_SHOWN), ms_each: msEach };
}

function answers(area, countyMap, row) {
  const fix = requireFix(row);
  const ground = toWgs84(fix.lonDeg, fix.latDeg, fix.datum);
  const check = checkOrigin(area, fix);
  return {
    ground_lon_deg: ground.lonDeg,
    ground_lat_deg: ground.latDeg,
    metres: area.border.metresFrom(ground.lonDeg, ground.latDeg),
    verdict: check.verdict,
    distance_m: check.distanceM,
    band_m: check.bandM,
    datum_path: check.datumPath,
    county: countyMap && countyMap.locate(fix),
  };
}
