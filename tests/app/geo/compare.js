/**
 * Answer positions as the app does and tell where Python's answers differ.
 *
 * node compare.js FILE: a JSON file {area, area_sha256, counties, rows}, each row a
 * position with Python's answers. Prints {compared, differing, ms_each}.
 */
import { readFileSync } from "node:fs";
import { areaFromDocument } from "../../../fieldkit/app/geo/area.js";
import { CountyMap } from "../../../fieldkit/app/geo/counties.js";
import { toWgs84 } from "../../../fieldkit/app/geo/datum.js";
import { requireFix } from "../../../fieldkit/app/geo/fix.js";
import { checkOrigin } from "../../../fieldkit/app/geo/origin.js";

const MOST_SHOWN = 5;
const { area: document, area_sha256: sha256, counties, rows } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const area = areaFromDocument(document, sha256);
const countyMap = counties ? new CountyMap(counties) : null;

function answers(row) {
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

const differing = [];
for (const row of rows) {
  const found = JSON.stringify(answers(row));
  if (found !== JSON.stringify(row.answers)) differing.push({ row, found });
}
const began = performance.now();
for (const row of rows) {
  const fix = requireFix(row);
  checkOrigin(area, fix);
  if (countyMap) countyMap.locate(fix);
}
const msEach = (performance.now() - began) / rows.length;
const shown = differing.slice(0, MOST_SHOWN);
console.log(JSON.stringify({ compared: rows.length, differing: differing.length, shown, ms_each: msEach }));
