/** Where the fruit is said to come from, and where it came from by evidence. */
import { degreeWords } from "../../capture/degrees.js";
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { selectField, textField } from "../controls.js";
import { button, fill, h } from "../dom.js";
import { countyName, inLanguage } from "../terms.js";
import { placePin } from "./pin.js";
import { addPapers } from "./photos_part.js";

/** Return the fields of the declared origin: what the label or the party says. */
export function declaredOrigin(form, lot, path) {
  const here = `${path}.declared_origin`;
  const element = h("fieldset", { class: "field origin", dataset: { field: here } });
  const draw = () => {
    lot.declared_origin ??= {};
    fill(element, h("legend", {}, say("origin.declared")), placeFields(form, lot.declared_origin, here, draw));
  };
  draw();
  return element;
}

/** Return the fields of the evidenced origins, each with its basis, share and papers. */
export function evidencedOrigins(form, lot, path) {
  const here = `${path}.evidenced_origins`;
  const element = h("div", { dataset: { field: here } });
  const draw = () => fill(element, isOrchard(form) ? h("p", { class: "note" }, say("origin.orchard")) : list(form, lot, here, draw));
  draw();
  form.onChange((what) => what === "premises" && draw());
  return element;
}

function isOrchard(form) {
  return form.answers.site.premises_type === "orchard";
}

function list(form, lot, here, draw) {
  lot.evidenced_origins ??= [{}];
  const origins = lot.evidenced_origins;
  const add = () => {
    origins.push({});
    form.changed("goods");
    draw();
  };
  return [origins.map((origin, place) => evidenced(form, origins, origin, `${here}[${place}]`, draw)), button(say("origin.add"), add, { icon: "add" })];
}

function evidenced(form, origins, origin, here, draw) {
  const set = (name) => (value) => {
    origin[name] = value;
    form.changed("goods");
  };
  const remove = () => {
    origins.splice(origins.indexOf(origin), 1);
    form.changed("goods");
    draw();
  };
  const paper = () => addPapers(form, (id) => {
    origin.evidence = [...(origin.evidence ?? []), id];
    draw();
  });
  const papers = origin.evidence?.length ? h("span", { class: "badge" }, say("origin.papers", { count: origin.evidence.length })) : null;
  return h("fieldset", { class: "field origin", dataset: { field: here } }, h("legend", {}, say("origin.evidenced")),
    placeFields(form, origin, here, draw),
    selectField({ label: say("origin.basis"), options: form.optionsOrNone("origin_basis"), value: origin.basis, field: `${here}.basis`, onchange: set("basis") }),
    origins.length > 1 ? textField({ label: say("origin.share"), value: origin.share_percent, inputmode: "decimal", field: `${here}.share`, onchange: set("share_percent") }) : null,
    h("div", { class: "actions" }, button(say("origin.paper"), paper, { icon: "camera" }), papers, origins.length > 1 ? button(say("origin.remove"), remove, { icon: "remove" }) : null));
}

/** A county or a position, never both; words beside either. */
function placeFields(form, origin, here, draw) {
  const take = (said) => {
    delete origin.admin_code;
    delete origin.fix;
    Object.assign(origin, said);
    form.changed("goods");
    draw();
  };
  const attempt = (ask) => () => ask().then((said) => said && take(said), (error) => form.context.tell(asProblem(error)));
  const county = async () => {
    const { pickCounty } = await import("../pick_county.js");
    const code = await pickCounty(form.context, { code: origin.admin_code ?? null });
    return code && { admin_code: code };
  };
  const pin = async () => {
    const fix = await placePin(form, { fix: origin.fix ?? form.answers.position.fix });
    return fix && { fix };
  };
  const where = origin.admin_code ? `${countyName(form.reference, origin.admin_code)} ${origin.admin_code}` : origin.fix ? say("origin.at", { place: inLanguage(degreeWords(origin.fix.lon_deg, origin.fix.lat_deg)) }) : null;
  return [
    where && h("p", { class: "row" }, h("strong", { class: "grow" }, where), button(say("origin.clear"), () => take({}))),
    h("div", { class: "actions" }, button(say("origin.county"), attempt(county), { icon: "search" }), button(say("origin.pin"), attempt(pin), { icon: "pin" })),
    textField({ label: say("origin.text"), value: origin.text, field: `${here}.text`, maxlength: 400, onchange: (value) => {
      origin.text = value;
      form.changed("goods");
    } }),
  ];
}
