/**
 * What the origin check says, in words: advice to the inspector, no verdict. The words
 * are those of `fieldkit/advice.py`.
 */
import { assess } from "../schemas/assessment/assess.js";
import { knownFrom } from "../schemas/assessment/reference.js";
import { rightName } from "../schemas/products.js";

const INDICATIVE_FROM_M = 9950;
const TENTHS_FROM_M = 999.5;

const VERDICTS = {
  inside: both("在保护范围内", "inside the protected origin"),
  outside: both("在保护范围外", "outside the protected origin"),
  undetermined: both("无法判定内外", "undetermined, inside or outside"),
  not_applicable: both("没有果品，不适用产地判定", "no fruit, so origin does not apply"),
};
const SUPPORT = {
  supports: both("产地支持这一认定", "the origin supports this finding"),
  contradicts: both(
    "产地与这一认定相矛盾，请核实产地和代码；确有理由请在说明中写明",
    "the origin contradicts this finding; check origin and code, and if you have a reason, write it in the description",
  ),
  open: both("产地尚不能说明", "the origin leaves it open"),
  not_applicable: both("与产地无关", "origin does not matter here"),
};
const NEEDS = {
  register: both("须核对当季许可名录", "check the season's licence register"),
  lab: both("须抽样检验", "a laboratory test is needed"),
  season: both("须核对当年采收规定", "check this year's harvest rule"),
};
const BASIS = {
  "site-fix": both("果园位置", "the orchard's position"),
  "origin-fix": both("查证的产地位置", "the evidenced position"),
  "admin-code": both("查证的产地（按行政区划）", "the evidenced division"),
};

/**
 * Return what can be said at once about an observation.
 *
 * @param {object} body an accepted body (see `capture/completion.js`)
 * @param {string} actedOn the day of the act in Asia/Shanghai, "2023-12-02"
 * @param {object} reference what `outbox.reference()` gives
 * @returns {{county: object | null, county_unit_mismatch: boolean, lots: object[],
 *   violations: object[], lines: Array<{zh: string, en: string}>}} the shape and the
 *   words of `fieldkit record --json`; metres
 * @throws {Problem} a position, division or code that cannot be one
 */
export function advise(body, actedOn, reference) {
  const known = knownFrom(reference);
  const { county, county_unit_mismatch: isMismatch, lots, violations } = assess(body, actedOn, known);
  const numbers = new Map((body.goods ?? []).map(({ id }, index) => [id, index + 1]));
  const lines = [
    countyWords(county),
    ...(isMismatch ? [MISMATCH] : []),
    ...lots.map((lot) => lotLine(lot, lotName(lot, numbers, reference.products))),
    ...violations.map((violation) => violationLine(violation, known.codes)),
  ];
  return { county, county_unit_mismatch: isMismatch, lots, violations, lines };
}

const MISMATCH = both(
  "注意：位置不在本单位辖区内。请核对位置；确属跨区检查的，请在备注中写明",
  "Note: this position is outside your unit's area. Check it; if you inspected elsewhere on purpose, say so in the note",
);

/** Return a verdict with its figures in words; metres, null where there is no figure. */
export function verdictWords(verdict, distanceM, bandM) {
  const words = VERDICTS[verdict];
  if (distanceM === null) return words;
  const away = distanceWords(Math.abs(distanceM));
  if (bandM === null) {
    return both(
      `${words.zh}（距边界${away.zh}，精度未知）`,
      `${words.en} (${away.en} from the border, accuracy unknown)`,
    );
  }
  const band = wholeNumber(bandM);
  return both(
    `${words.zh}（距边界${away.zh}；判定带为边界两侧各 ${band} 米）`,
    `${words.en} (${away.en} from the border; band ${band} m on either side)`,
  );
}

/** Return the county of a position in words; null: there is no position. */
export function countyWords(hit) {
  if (hit === null) return both("没有位置，统计时列入“无定位”", "no position: counted in the row “no position”");
  if (hit.code === null) return both("不在已知的任何县内", "in no county that is known here");
  const zh = `位于${hit.name}（${hit.code}）`;
  const en = `in ${hit.name} (${hit.code})`;
  if (!hit.is_ambiguous) return both(zh, en);
  return both(`${zh}，距县界太近，可能属邻县`, `${en}, but too near a county border`);
}

/** Return a distance in words, no finer than the border is drawn. */
export function distanceWords(metres) {
  if (metres >= INDICATIVE_FROM_M) {
    const km = wholeNumber(metres / 1000);
    return both(`约 ${km} 公里`, `about ${km} km`);
  }
  if (metres >= TENTHS_FROM_M) {
    const km = (wholeNumber(metres / 100) / 10).toFixed(1);
    return both(`约 ${km} 公里`, `about ${km} km`);
  }
  const whole = wholeNumber(metres);
  return both(` ${whole} 米`, `${whole} m`);
}

function lotLine(lot, name) {
  const words = lotWords(lot);
  return both(`${name.zh}：${words.zh}`, `${name.en}: ${words.en}`);
}

/** Return what a lot is called: by its right, with its number if there are several. */
function lotName(lot, numbers, products) {
  const name = rightName(products, lot.right);
  if (numbers.size < 2) return name;
  const number = numbers.get(lot.lot_id);
  return both(`第 ${number} 批货物（${name.zh}）`, `Lot ${number} (${name.en})`);
}

function lotWords(lot) {
  const words = verdictWords(lot.verdict, lot.distance_m, lot.band_m);
  const basis = BASIS[lot.basis];
  if (basis) return both(`${basis.zh}${words.zh}`, `${basis.en} is ${words.en}`);
  if (lot.verdict === "not_applicable") return words;
  if (lot.area_version) return both(
    "尚未填写查证的产地，无法判定；请在“数量与产地”中填写",
    "no evidenced origin, so it cannot be told; fill it in under quantity and origin",
  );
  return both("当日没有有效的保护范围", "no protected origin was in force on the day");
}

function violationLine(violation, codes) {
  const code = codes.get(violation.code);
  const words = [SUPPORT[violation.support], NEEDS[code.needs]].filter(Boolean);
  const zh = words.map((word) => word.zh).join("；");
  const en = words.map((word) => word.en).join("; ");
  return both(`${code.code} ${code.zh}：${zh}`, `${code.code} ${code.en}: ${en}`);
}

/** Round to a whole number as Python's format does: an exact half to the even one. */
function wholeNumber(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return value.toFixed(0);
  return String(below % 2 === 0 ? below : below + 1);
}

/** Return words in both languages. */
export function both(zh, en) {
  return { zh, en };
}
