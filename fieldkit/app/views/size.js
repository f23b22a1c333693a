/** Bytes as people say them. */
import { language } from "../words.js";

const [KILO, MEGA, GIGA] = [1_000, 1_000_000, 1_000_000_000];

/** Return bytes in kB, MB or GB. */
export function size(bytes) {
  const [value, unit] = bytes < MEGA ? [bytes / KILO, "kB"] : bytes < GIGA ? [bytes / MEGA, "MB"] : [bytes / GIGA, "GB"];
  const maximumFractionDigits = value < 10 && unit !== "kB" ? 1 : 0;
  return `${value.toLocaleString(language(), { maximumFractionDigits })} ${unit}`;
}
