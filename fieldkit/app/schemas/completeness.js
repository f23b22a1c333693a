/** What the full on-site record (现场笔录) must hold before it can be finalised. */

const NEEDED = [
  ["ended_at"],
  ["source"],
  ["site", "address"],
  ["party"],
  ["on_site_record", "certificates_shown"],
  ["on_site_record", "rights_told"],
  ["on_site_record", "scene_text"],
  ["on_site_record", "party_statement"],
];

/**
 * Return `[{path, code}]`, one for each thing that a final on-site record lacks.
 *
 * 市场监督管理行政处罚程序规定 21, 22, 28, 43; 行政处罚法 42 (two officers).
 */
export function missingToFinalise(body) {
  const missing = [];
  if ((body.officers ?? []).length < 2) missing.push({ path: "officers", code: "officers-too-few" });
  for (const path of NEEDED) {
    if (!holds(body, path)) missing.push({ path: path.join("."), code: "needed-to-finalise" });
  }
  const record = body.on_site_record ?? {};
  const lack = (name, code = "needed-to-finalise") => missing.push({ path: `on_site_record.${name}`, code });
  const isRefused = "refusal_reason" in record;
  // Who is absent or refuses cannot be read to: the reason says it.
  if (!isRefused && !record.read_back_confirmed) lack("read_back_confirmed");
  if ((record.officer_signatures ?? []).length < Math.max((body.officers ?? []).length, 1)) lack("officer_signatures");
  if (!("party_signature" in record) && !isRefused) lack("party_signature", "signature-or-refusal");
  return missing;
}

function holds(body, path) {
  let value = body;
  for (const name of path) {
    if (!(name in value)) return false;
    value = value[name];
  }
  return value !== "" && !(Array.isArray(value) && value.length === 0);
}
