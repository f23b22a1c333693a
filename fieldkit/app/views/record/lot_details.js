/** What more is said of a lot: how much, from where, at what price, with which readings. */
import "../../words/lot.js";
import { say } from "../../words.js";
import { closedPart, quantityField, selectField, textField } from "../controls.js";
import { declaredOrigin, evidencedOrigins } from "./origins.js";

const QUANTITIES = { quantity: "lot.quantity", infringing_quantity: "lot.infringing", sold_quantity: "lot.sold", unsold_quantity: "lot.unsold" };
const BRIX = { kind: "brix", unit: "%" };

/** Return the two closed parts of a lot. */
export function lotDetails(form, lot, path) {
  const set = (name) => (value) => {
    lot[name] = value;
    form.changed("goods");
  };
  return [
    closedPart({ class: "less" }, say("lot.quantity-origin"), () => [amounts(form, lot, path, set), declaredOrigin(form, lot, path), evidencedOrigins(form, lot, path)]),
    closedPart({ class: "less" }, say("lot.more"), () => rest(form, lot, path, set)),
  ];
}

function amounts(form, lot, path, set) {
  const units = form.options("quantity_unit");
  return Object.entries(QUANTITIES).map(([name, words]) =>
    quantityField({ label: say(words), value: lot[name], units, field: `${path}.${name}`, onchange: set(name) }));
}

function rest(form, lot, path, set) {
  const text = (name, words, about = {}) => textField({ label: say(words), value: lot[name], field: `${path}.${about.written ?? name}`, onchange: set(name), ...about, written: null });
  const money = { inputmode: "decimal" };
  return [
    text("unit_price_yuan", "lot.price", { ...money, written: "unit_price_fen" }),
    text("value_yuan", "lot.value", { ...money, written: "value_fen" }),
    selectField({ label: say("lot.value-method"), options: form.optionsOrNone("value_method"), value: lot.value_method, field: `${path}.value_method`, onchange: set("value_method") }),
    whole(form, lot, path),
    selectField({ label: say("lot.kind"), options: form.optionsOrNone("lot_kind"), value: lot.kind, field: `${path}.kind`, onchange: set("kind") }),
    text("name", "lot.name", { maxlength: 200 }),
    text("variety", "lot.variety", { maxlength: 200 }),
    text("picked_on", "lot.picked-on", { type: "date" }),
    brix(form, lot, path),
    text("uscc_on_mark", "lot.mark-code", { maxlength: 24, autocapitalize: "characters", spellcheck: "false" }),
    textField({ label: say("lot.trace-codes"), lines: 2, value: (lot.trace_codes ?? []).join("\n"), field: `${path}.trace_codes`, onchange: (value) => set("trace_codes")([...new Set(value.split("\n").map((code) => code.trim()))]) }),
    text("note", "lot.note", { lines: 2, maxlength: 2000 }),
  ];
}

function whole(form, lot, path) {
  const set = (text) => {
    const typed = text.trim();
    lot.packaging_count = /^\d{1,10}$/.test(typed) ? Number(typed) : typed;
    form.changed("goods");
  };
  return textField({ label: say("lot.packaging-count"), value: String(lot.packaging_count ?? ""), inputmode: "numeric", field: `${path}.packaging_count`, onchange: set });
}

/** The refractometer's reading; other readings of an amended record stay as they are. */
function brix(form, lot, path) {
  const held = (lot.measurements ?? []).find(({ kind }) => kind === BRIX.kind) ?? { ...BRIX, value: "", instrument_id: "" };
  const set = (name) => (value) => {
    held[name] = value.trim();
    const others = (lot.measurements ?? []).filter((one) => one !== held);
    lot.measurements = held.value ? [...others, held] : others;
    form.changed("goods");
  };
  return [
    textField({ label: say("lot.brix"), value: held.value, inputmode: "decimal", field: `${path}.measurements`, onchange: set("value") }),
    textField({ label: say("lot.instrument"), value: held.instrument_id, field: `${path}.measurements.instrument_id`, maxlength: 100, onchange: set("instrument_id") }),
  ];
}
