/** What the reference says of a position, in words: its county, and each area in force. */
import { both, countyWords, verdictWords } from "../../capture/advice.js";
import { degreeWords } from "../../capture/degrees.js";
import { requireFix } from "../../geo/fix.js";
import { checkOrigin } from "../../geo/origin.js";
import { knownFrom } from "../../schemas/assessment/reference.js";
import { checkedFix } from "../../schemas/assessment/origins.js";
import { rightName } from "../../schemas/products.js";

const MS_PER_MINUTE = 60_000;
const SHANGHAI_MINUTES = 480;

/**
 * Return lines about a fix, as a record writes it: coordinates, county, areas.
 *
 * @param {object} fix degrees, metres
 * @param {object} reference of the outbox
 * @returns {Array<{zh: string, en: string}>}
 */
export function placeWords(fix, reference) {
  const known = knownFrom(reference);
  const position = checkedFix(fix, "fix");
  const today = new Date(Date.now() + SHANGHAI_MINUTES * MS_PER_MINUTE).toISOString().slice(0, 10);
  const areas = known.areas.areas.filter((area) => known.areas.at(area.right, today) === area);
  const lines = areas.map((area) => {
    const { verdict, distanceM, bandM } = checkOrigin(area, position);
    const name = rightName(reference.products, area.right);
    const words = verdictWords(verdict, distanceM, bandM);
    return both(`${name.zh}：此处${words.zh}；货物产地另行查证`, `${name.en}: this spot is ${words.en}; where goods grew is a separate question`);
  });
  return [coordinateWords(fix), countyWords(known.counties.locate(position)), ...lines];
}

/** Return a fix in words: its degrees, its radius or that it is unknown. */
export function coordinateWords(fix) {
  const { lonDeg, latDeg, radius95M, datum } = requireFix(fix, "fix");
  const at = degreeWords(lonDeg, latDeg);
  const named = datum === "WGS84" ? "" : ` ${datum}`;
  const [zh, en] = radius95M === null ? ["精度未知", "accuracy unknown"] : [`±${Math.ceil(radius95M)} 米，95%`, `±${Math.ceil(radius95M)} m, 95 %`];
  return both(`${at.zh}${named}（${zh}）`, `${at.en}${named} (${en})`);
}
