/** A position in words, longitude first, each with its axis: nobody has to know the order. */

/**
 * Return `{zh, en}` of degrees, as "东经 115.65120°，北纬 24.96330°".
 *
 * @param {number} lonDeg @param {number} latDeg @param {number} [digits] five are a metre
 */
export function degreeWords(lonDeg, latDeg, digits = 5) {
  const [lon, lat] = [Math.abs(lonDeg).toFixed(digits), Math.abs(latDeg).toFixed(digits)];
  return {
    zh: `${lonDeg < 0 ? "西经" : "东经"} ${lon}°，${latDeg < 0 ? "南纬" : "北纬"} ${lat}°`,
    en: `${lon}° ${lonDeg < 0 ? "W" : "E"}, ${lat}° ${latDeg < 0 ? "S" : "N"}`,
  };
}
