/** A pin placed by hand, where the receiver gives nothing or lies. */

/** What a thumb on a map can be trusted for; the picker may say less by its scale. */
const THUMB_RADIUS_M = 100;

/**
 * Ask for a position on the offline map; resolves to a fix whose source is "manual", null
 * if the person gave up.
 *
 * @param {object} form
 * @param {{fix: object|null, measured_fix: object|null}} position where the map begins
 */
export async function placePin(form, { fix }) {
  const { pickPosition } = await import("../pick_position.js");
  const picked = await pickPosition(form.context, { fix });
  if (picked === null) return null;
  return { datum: "WGS84", radius95_m: THUMB_RADIUS_M, ...picked, source: "manual", is_mock: null };
}
