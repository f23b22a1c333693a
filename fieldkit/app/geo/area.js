/** A protected origin: the polygons of one right in one version, from its document. */
import { Problem } from "../problem.js";
import { Border } from "./border.js";
import { Cover } from "./cover.js";
import { isGround } from "./datum.js";
import { edgesOf } from "./edges.js";

const FORMAT = "gi-area/1";

/**
 * One version of a protected origin. The geometry was validated by the server that
 * signed the document (`geo/area.py`), and is not validated again here.
 */
export class Area {
  #border = null;
  #cover = null;

  constructor(terms) {
    Object.assign(this, terms);
  }

  /** The border, ready to be measured. */
  get border() {
    this.#border ??= new Border(edgesOf(this.geometry));
    return this.#border;
  }

  /** The polygons, ready to be asked what they cover. */
  get cover() {
    this.#cover ??= new Cover([this.geometry]);
    return this.#cover;
  }

  /** Whether a day ("2023-12-02") is within the days in force, first and last included. */
  isInForce(on) {
    return this.inForceFrom <= on && (this.inForceTo === null || on <= this.inForceTo);
  }
}

/**
 * Return the area that a document of the reference describes.
 *
 * @param {object} document a GeoJSON Feature of format gi-area/1
 * @param {string} sha256 hash of the document's bytes, its identity in every verdict
 * @returns {Area}
 * @throws {Problem} area-document if a member is missing or of the wrong kind
 */
export function areaFromDocument(document, sha256) {
  const terms = document.properties ?? {};
  const { geometry } = document;
  if (terms.format !== FORMAT) throw refused(`format ${terms.format}`);
  if (!["Polygon", "MultiPolygon"].includes(geometry?.type)) throw refused("geometry");
  if (!isGround(terms.datum)) throw refused(`datum ${terms.datum}`);
  if (!(Number.isFinite(terms.tolerance_m) && terms.tolerance_m >= 0)) throw refused("tolerance_m");
  if (!terms.right || !terms.version || !terms.in_force_from) throw refused("right, version, in_force_from");
  return new Area({
    right: terms.right,
    version: terms.version,
    geometry,
    toleranceM: terms.tolerance_m,
    datum: terms.datum,
    inForceFrom: terms.in_force_from,
    inForceTo: terms.in_force_to ?? null,
    memberCodes: terms.member_codes ?? [],
    supersedes: terms.supersedes ?? null,
    isConfirmed: terms.confirmed === true,
    source: terms.source ?? "",
    legalAct: terms.legal_act ?? "",
    sha256,
  });
}

function refused(what) {
  const words = {
    zh: `这不是有效的产地范围文件：${what}。请重新同步参考资料。`,
    en: `This is not a document of a protected origin: ${what}. Sync the reference again.`,
  };
  return new Problem("area-document", words, { field: "areas" });
}
