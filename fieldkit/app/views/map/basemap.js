/**
 * A basemap, where the bureau gave one: a file of raster tiles on this device. Nothing is
 * ever asked for tiles.
 */
import { Problem } from "../../problem.js";
import { TileArchive } from "./pmtiles.js";

const SQLITE = "SQLite format 3";

/**
 * Return the basemap of a PMTiles file (version 3, raster tiles in Web Mercator, on
 * WGS84 or CGCS2000).
 *
 * @param {object} L Leaflet
 * @param {File} file
 * @returns {Promise<{name: string, layer: object, bounds: object, mostZoom: number}>} beyond
 *   `mostZoom` the same pictures are drawn larger, and show no more
 * @throws {Problem} basemap-unreadable, basemap-vector, basemap-mbtiles
 */
export async function basemapOfFile(L, file) {
  if ((await file.slice(0, SQLITE.length).text()) === SQLITE) throw problem("basemap-mbtiles");
  const archive = await TileArchive.open(file).catch((error) => {
    throw problem("basemap-unreadable", error);
  });
  if (archive.mediaType === null) throw problem("basemap-vector");
  const { leastZoom, mostZoom, south, west, north, east } = archive.terms;
  const bounds = L.latLngBounds([south, west], [north, east]);
  const terms = { minNativeZoom: leastZoom, maxNativeZoom: mostZoom, minZoom: 0, maxZoom: 19, bounds, className: "basemap" };
  return { name: file.name, layer: layerOf(L, archive, terms), bounds, mostZoom };
}

function layerOf(L, archive, terms) {
  const layer = L.gridLayer(terms);
  layer.createTile = ({ x, y, z }, done) => {
    const image = document.createElement("img");
    image.alt = "";
    fillTile(image, archive, [z, x, y]).then(() => done(null, image), (error) => done(error, image));
    return image;
  };
  return layer;
}

async function fillTile(image, archive, address) {
  const tile = await archive.tile(...address);
  if (tile === null) return;
  const url = URL.createObjectURL(tile);
  image.onload = image.onerror = () => URL.revokeObjectURL(url);
  image.src = url;
}

const WORDS = {
  "basemap-unreadable": [
    "这不是能读取的 PMTiles（第 3 版）底图文件，或文件不完整。请向市局重新索取。",
    "This is no readable PMTiles file (version 3), or it is incomplete. Ask the bureau for it again.",
  ],
  "basemap-mbtiles": [
    "这是 MBTiles 文件。请市局用 gi-server basemap 转成 PMTiles 后再选用。",
    "This is an MBTiles file. Ask the bureau to make a PMTiles file of it (gi-server basemap).",
  ],
  "basemap-vector": [
    "此文件是矢量瓦片，本程序只显示栅格底图（PNG、JPEG、WebP）。请向市局索取栅格底图。",
    "This file holds vector tiles; only raster tiles (PNG, JPEG, WebP) are shown. Ask the bureau for those.",
  ],
};

function problem(code, cause = null) {
  const [zh, en] = WORDS[code];
  return new Problem(code, { zh, en }, { field: "basemap", cause });
}
