/** Quantities: a decimal with its unit, never a binary float: `schemas/quantity.py`. */
import { Problem } from "../problem.js";

// Ten times the kilograms in each unit, so that half a kilogram is a whole number too.
const TENTHS_OF_KG = { jin: 5n, wan_jin: 50000n, kg: 10n, t: 10000n };
const UNITS = [...Object.keys(TENTHS_OF_KG), "box", "sticker"];
const DECIMAL = /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/;
const TYPED = /^([0-9]+(?:\.[0-9]+)?)\s*(\S+)$/;
const TYPED_UNITS = {
  斤: "jin",
  万斤: "wan_jin",
  公斤: "kg",
  千克: "kg",
  吨: "t",
  箱: "box",
  枚: "sticker",
  boxes: "box",
  stickers: "sticker",
};

/**
 * Return the mass of `{value, unit}` in kilograms as exact decimal text without
 * trailing zeros; null for a count (boxes, stickers).
 *
 * @throws {Problem} decimal-malformed, quantity-unit-unknown
 */
export function kilograms({ value, unit }) {
  requireQuantity(value, unit);
  const factor = TENTHS_OF_KG[unit];
  if (factor === undefined) return null;
  const [whole, part = ""] = value.split(".");
  const tenThousandths = BigInt(whole + part.padEnd(3, "0")) * factor;
  const digits = tenThousandths.toString().padStart(5, "0");
  const fraction = digits.slice(-4).replace(/0+$/, "");
  return digits.slice(0, -4) + (fraction && `.${fraction}`);
}

/**
 * Return what a person typed ("36 万斤", "500kg") as `{value, unit}`.
 *
 * @throws {Problem} quantity-unread with the units that are known
 */
export function quantityTyped(typed) {
  const [, value, word] = TYPED.exec(typed.trim()) ?? [];
  const lower = (word ?? "").toLowerCase();
  const unit = TYPED_UNITS[lower] ?? lower;
  if (value !== undefined && UNITS.includes(unit) && DECIMAL.test(value)) return { value, unit };
  const words = {
    zh: "数量如 36 万斤；单位：斤、万斤、公斤、吨、箱、枚。",
    en: "A quantity as 500 kg; units: jin, wan_jin, kg, t, box, sticker.",
  };
  throw new Problem("quantity-unread", words, { field: "goods.quantity" });
}

function requireQuantity(value, unit) {
  if (!DECIMAL.test(value)) {
    const words = { zh: `“${value}”不是十进制数`, en: `"${value}" is no decimal` };
    throw new Problem("decimal-malformed", words, { field: "quantity.value" });
  }
  if (!UNITS.includes(unit)) {
    const words = { zh: `没有单位“${unit}”`, en: `there is no unit "${unit}"` };
    throw new Problem("quantity-unit-unknown", words, { field: "quantity.unit" });
  }
}
