/** What verdicts rest on, made once from the documents of the reference. */
import { areaFromDocument } from "../../geo/area.js";
import { AreaCatalogue } from "../../geo/catalogue.js";
import { CountyMap } from "../../geo/counties.js";
import { CodeList } from "../codes.js";

let last = { fingerprint: null, known: null };

/**
 * Return what `assess` needs, made from what `outbox.reference()` gives.
 *
 * Making it takes a few ms, and the first question some more; it is kept until a
 * document changes, so that every fix can be advised on.
 *
 * @param {{codes: object, units: object, products: object, counties: object,
 *   areas: object[], versions: Record<string, {version: string, sha256: string}>}} reference
 * @throws {Problem} area-document, counties-document
 */
export function knownFrom(reference) {
  const fingerprint = fingerprintOf(reference.versions);
  if (last.fingerprint !== fingerprint) last = { fingerprint, known: made(reference) };
  return last.known;
}

/** Return the hash of an area's document as the manifest names it, "" if it does not. */
export function areaSha256(reference, { right, version }) {
  return reference.versions[`area/${right}/${version}`]?.sha256 ?? "";
}

function made(reference) {
  const areas = reference.areas.map((document) =>
    areaFromDocument(document, areaSha256(reference, document.properties)),
  );
  return {
    areas: new AreaCatalogue(areas),
    counties: new CountyMap(reference.counties),
    codes: new CodeList(reference.codes),
    units: reference.units,
    products: reference.products,
    convertDatum: true,
  };
}

function fingerprintOf(versions) {
  const names = Object.keys(versions).sort();
  return names.map((name) => `${name}=${versions[name].sha256}`).join("\n");
}
