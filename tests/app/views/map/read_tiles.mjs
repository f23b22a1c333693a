/** Read tiles as the app does: {file, tiles: [[zoom, x, y], …]} in, their hashes out. */
import { createHash } from "node:crypto";
import { openAsBlob, readFileSync } from "node:fs";
import { TileArchive } from "../../../../fieldkit/app/views/map/pmtiles.js";

const { file, tiles } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const archive = await TileArchive.open(await openAsBlob(file));
const sha256 = [];
for (const [zoom, x, y] of tiles) {
  const tile = await archive.tile(zoom, x, y);
  sha256.push(tile && createHash("sha256").update(Buffer.from(await tile.arrayBuffer())).digest("hex"));
}
console.log(JSON.stringify({ terms: archive.terms, mediaType: archive.mediaType, sha256 }));
