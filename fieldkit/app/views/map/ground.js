/** Counties and protected origins on the map, in the colours of the theme. */
import { ringsOf } from "../../geo/edges.js";

const NAMES_FROM_ZOOM = 8;
/** Below this the band is hardly wider than a line. */
const LEAST_SEEN_PX = 8;
const NEIGHBOUR_NAMES_FROM_ZOOM = 9.5;

/**
 * Draw the reference: each area's ground and its band, county borders and names.
 *
 * The band is a line as wide as twice the area's tolerance in real metres: within it the
 * border as drawn decides nothing.
 */
export function drawGround(map, reference) {
  const { L, leaflet } = map;
  const areas = reference.areas.map((document) => drawArea(L, leaflet, document));
  const [members, others] = [true, false].map((isMember) => drawCounties(L, leaflet, reference, isMember));
  const ground = { areas, members, others };
  restyleGround(map, ground);
  return ground;
}

/** Give everything the colours of the theme and the widths of the zoom. */
export function restyleGround(map, { areas, members, others }) {
  const brand = map.colour("brand");
  for (const { fill, line, band, toleranceM } of areas) {
    fill.setStyle({ fillColor: brand, fillOpacity: 0.09 });
    const weight = Math.max((2 * toleranceM) / map.metresPerPixel, 1);
    line.setStyle({ color: brand, weight: weight < LEAST_SEEN_PX ? 1.25 : 2.5 });
    band.setStyle({ color: map.colour("orange"), opacity: weight < LEAST_SEEN_PX ? 0.6 : 0.32, weight });
  }
  members.lines.setStyle({ color: map.colour("ink-soft"), weight: 1.25, opacity: 0.9 });
  others.lines.setStyle({ color: map.colour("edge-strong"), weight: 1, opacity: 0.7, dashArray: "5 4" });
  showFrom(map, members.names, NAMES_FROM_ZOOM);
  showFrom(map, others.names, NEIGHBOUR_NAMES_FROM_ZOOM);
}

function showFrom({ leaflet }, layer, zoom) {
  if (leaflet.getZoom() >= zoom) layer.addTo(leaflet);
  else layer.remove();
}

function drawArea(L, leaflet, document) {
  const lines = ringsOf(document.geometry).map((ring) => ring.map(([lon, lat]) => [lat, lon]));
  const fill = L.geoJSON(document, { style: { stroke: false }, interactive: false }).addTo(leaflet);
  // Unclipped: where a wide line is cut at the window's edge, the cut would show.
  const terms = { interactive: false, noClip: true, lineJoin: "round" };
  const band = L.polyline(lines, terms).addTo(leaflet);
  const line = L.polyline(lines, terms).addTo(leaflet);
  return { fill, line, band, toleranceM: document.properties.tolerance_m };
}

function drawCounties(L, leaflet, reference, isMember) {
  const features = reference.counties.features.filter(({ properties }) => properties.is_member === isMember);
  const collection = { type: "FeatureCollection", features };
  const lines = L.geoJSON(collection, { style: { fill: false }, interactive: false }).addTo(leaflet);
  const names = L.layerGroup(features.map((feature) => nameOf(L, feature, isMember)));
  return { lines, names };
}

function nameOf(L, { geometry, properties }, isMember) {
  const text = document.createElement("span");
  text.textContent = properties.name;
  const icon = L.divIcon({ className: `county-name ${isMember ? "member" : "other"}`, html: text, iconSize: null });
  return L.marker(middleOf(geometry), { icon, interactive: false, keyboard: false });
}

/** Return [lat, lon] of the centre of gravity of the largest ring. */
function middleOf(geometry) {
  const [largest] = ringsOf(geometry)
    .map((ring) => gravity(ring))
    .sort((one, other) => Math.abs(other.area) - Math.abs(one.area));
  return [largest.y, largest.x];
}

function gravity(ring) {
  const [originX, originY] = ring[0];
  let area = 0;
  let x = 0;
  let y = 0;
  for (let n = 1; n < ring.length; n += 1) {
    const [startX, startY] = [ring[n - 1][0] - originX, ring[n - 1][1] - originY];
    const [endX, endY] = [ring[n][0] - originX, ring[n][1] - originY];
    const cross = startX * endY - endX * startY;
    area += cross;
    x += (startX + endX) * cross;
    y += (startY + endY) * cross;
  }
  return { area, x: originX + x / (3 * area), y: originY + y / (3 * area) };
}
