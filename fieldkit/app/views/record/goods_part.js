/** The part about the goods: one lot or several, or none. */
import { nextId, newAnswers } from "../../capture/answers.js";
import { say } from "../../words.js";
import { choice } from "../controls.js";
import { button, fill, h } from "../dom.js";
import { inLanguage } from "../terms.js";
import { lotDetails } from "./lot_details.js";

/** Return the card with every lot; it draws itself anew when one comes or goes. */
export function goodsPart(form) {
  const element = h("section", { class: "card", dataset: { field: "goods" } });
  const draw = () => {
    const { lots } = form.answers;
    const isMany = lots.length > 1;
    fill(element, h("h2", {}, say("goods.title")), lots.map((lot, place) => lotFields(form, lot, place, isMany && draw)), ways(form, draw));
  };
  draw();
  return element;
}

function ways(form, draw) {
  const { lots } = form.answers;
  const add = () => {
    const [fresh] = newAnswers(0).lots;
    lots.push({ ...fresh, id: nextId(lots, "g", form.isIdUsed) });
    form.changed("goods");
    draw();
  };
  const none = () => {
    forget(form, lots.splice(0));
    draw();
  };
  return [
    lots.length === 0 ? h("p", { class: "soft" }, say("goods.none-said")) : null,
    h("div", { class: "actions" }, button(say("goods.add"), add, { icon: "add" }), lots.length === 1 ? button(say("goods.none"), none) : null),
  ];
}

function lotFields(form, lot, place, draw) {
  const path = `goods[${place}]`;
  const remove = () => {
    forget(form, form.answers.lots.splice(place, 1));
    draw();
  };
  return h("div", { class: "lot", dataset: { field: path } },
    draw ? h("p", { class: "row" }, h("strong", { class: "grow" }, say("goods.lot", { number: place + 1 })), button(say("goods.remove"), remove, { icon: "remove" })) : null,
    products(form, lot, path), claims(form, lot, path), lotDetails(form, lot, path));
}

/** What named a lot names it no more. */
function forget(form, gone) {
  const ids = new Set(gone.map(({ id }) => id));
  for (const violation of form.answers.violations) {
    if (violation.goods) violation.goods = violation.goods.filter((id) => !ids.has(id));
  }
  form.changed("goods");
}

function products(form, lot, path) {
  const options = form.reference.products.products.map((entry) => ({ value: entry.product, label: inLanguage(entry) }));
  return choice({
    legend: say("goods.product"), options, value: lot.product, field: `${path}.product`, layout: "two",
    onchange: (value) => {
      lot.product = value;
      // The rights follow the product; they are filled in when the record is completed.
      delete lot.rights;
      form.changed("goods");
    },
  });
}

function claims(form, lot, path) {
  return choice({
    legend: say("goods.claims"), options: form.options("claim"), value: lot.claims ?? [], field: `${path}.claims`, isMany: true, layout: "two",
    onchange: (values, touched, inputs) => {
      lot.claims = touched === "none" && values.includes("none") ? ["none"] : values.filter((value) => value !== "none");
      for (const input of inputs) input.checked = lot.claims.includes(input.value);
      form.changed("goods");
    },
  });
}
