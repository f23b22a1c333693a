/**
 * The offline map: counties, protected origins with their bands, and a basemap where the
 * bureau gave one. Nothing is asked of the internet.
 */
import "../../words/map.js";
import { ringsOf } from "../../geo/edges.js";
import { say } from "../../words.js";
import { Ground } from "./ground.js";

const GANZHOU = [
  [24.48, 113.9],
  [27.16, 116.65],
];
const LEAST_ZOOM = 6;
const MOST_ZOOM = 19;
/** Metres per pixel at zoom 0 on the equator (Web Mercator, 256 px). */
const EQUATOR_M_PER_PIXEL = 156543.03392804097;

export class FieldMap {
  #ground = null;
  #reference;
  #watcher;

  /**
   * @param {object} L Leaflet
   * @param {HTMLElement} element where the map goes; it has a height
   * @param {object} reference of the outbox
   * @param {{label: string, hasAttribution?: boolean}} terms what the map is called
   */
  constructor(L, element, reference, { label }) {
    this.L = L;
    this.element = element;
    element.setAttribute("role", "region");
    element.setAttribute("aria-label", label);
    this.leaflet = L.map(element, {
      preferCanvas: true,
      renderer: L.canvas({ padding: 0.2, tolerance: 4 }),
      zoomControl: false,
      attributionControl: false,
      minZoom: LEAST_ZOOM,
      maxZoom: MOST_ZOOM,
      zoomSnap: 0.5,
      worldCopyJump: false,
      tapTolerance: 24,
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    L.control.zoom({ position: "topright", zoomInTitle: say("map.closer"), zoomOutTitle: say("map.farther") }).addTo(this.leaflet);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.leaflet);
    this.home = boundsOfMembers(L, reference) ?? L.latLngBounds(GANZHOU);
    this.leaflet.fitBounds(this.home);
    this.#reference = reference;
    this.leaflet.on("zoomend", () => this.#restyle());
    this.#watcher = new MutationObserver(() => this.#restyle());
    this.#watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  }

  /** Metres on the ground for each pixel, in the middle of the map. */
  get metresPerPixel() {
    const { lat } = this.leaflet.getCenter();
    return (EQUATOR_M_PER_PIXEL * Math.cos((lat * Math.PI) / 180)) / 2 ** this.leaflet.getZoom();
  }

  /** A colour of the theme, by its name in `css/tokens.css`. */
  colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  /** Measure the element anew; the first time that it has a size, draw and show all counties. */
  settle() {
    this.leaflet.invalidateSize({ animate: false });
    const { x, y } = this.leaflet.getSize();
    if (this.#ground !== null || x === 0 || y === 0) return;
    this.leaflet.fitBounds(this.home, { animate: false });
    // Not before: what is drawn without a size is drawn twice.
    this.#ground = new Ground(this, this.#reference);
    this.#ground.draw();
  }

  #restyle() {
    this.#ground?.restyle();
  }

  /** Take everything down. */
  close() {
    this.#watcher.disconnect();
    this.#ground?.stop();
    this.leaflet.remove();
  }
}

function boundsOfMembers(L, reference) {
  const members = reference.counties.features.filter(({ properties }) => properties.is_member);
  const bounds = L.latLngBounds([]);
  for (const [lon, lat] of members.flatMap(({ geometry }) => ringsOf(geometry)).flat()) bounds.extend([lat, lon]);
  return bounds.isValid() ? bounds : null;
}
