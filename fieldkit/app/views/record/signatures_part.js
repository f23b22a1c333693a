/** The part with the signatures: drawn or photographed, kept as evidence; or why there is none. */
import { nextId, shanghaiInstant } from "../../capture/answers.js";
import { capturedAt, fileNameOf, mediaTypeOf, requireFile } from "../../device/photo.js";
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { textField } from "../controls.js";
import { button, fill, h, icon } from "../dom.js";
import { iconButton } from "../shell.js";
import { closedCard } from "./closed_card.js";
import { askSignature } from "./signature_pad.js";

/** Return the closed part: party, refusal, witness, officers. */
export function signaturesPart(form) {
  const record = form.answers.on_site_record;
  return closedCard(form, { title: say("sign.title"), said: () => signedBy(record) }, () => signatures(form));
}

/** Whether the party signed, or why not is said; how many officers did. */
function signedBy({ party_signature: party, officer_signatures: { length: count } = [], refusal_reason: reason }) {
  const ofParty = party ? say("sign.party-did") : reason?.trim() && say("sign.reason-said");
  return [ofParty, count > 0 && say("sign.officers-did", { count })].filter(Boolean).join(" · ");
}

function signatures(form) {
  const record = form.answers.on_site_record;
  const party = h("div", { dataset: { field: "on_site_record.party_signature" } });
  const officers = h("div", { dataset: { field: "on_site_record.officer_signatures" } });
  const draw = () => {
    const held = [party, officers].find((place) => place.contains(document.activeElement));
    fill(party, partySignature(form, draw));
    fill(officers, officerSignatures(form, draw));
    if (held) focusIn(held);
  };
  draw();
  form.onChange((what) => what === "officers" && draw());
  const refusal = textField({
    label: say("sign.refused"), lines: 2, value: record.refusal_reason, field: "on_site_record.refusal_reason", maxlength: 1000,
    onchange: (text) => {
      record.refusal_reason = text;
      form.changed("scene");
    },
  });
  return [party, refusal, witness(form), officers];
}

/** Where the focus was, it goes on: to whoever signs next, else to what is signed. */
function focusIn(place) {
  const next = place.querySelector("button.button") ?? [...place.querySelectorAll("p.row")].at(-1);
  if (next.tagName !== "BUTTON") next.tabIndex = -1;
  next.focus({ preventScroll: true });
}

function partySignature(form, draw) {
  const record = form.answers.on_site_record;
  const who = say("sign.party");
  if (record.party_signature) {
    return signed(who, async () => {
      await forget(form, record.party_signature);
      delete record.party_signature;
      form.changed("scene");
      draw();
    });
  }
  return button(who, () => sign(form, who, (id) => {
    record.party_signature = id;
    draw();
  }), { icon: "pen" });
}

function officerSignatures(form, draw) {
  const record = form.answers.on_site_record;
  const ids = record.officer_signatures ?? [];
  const kept = ids.map((id) => {
    const who = form.answers.evidence.find((item) => item.id === id)?.note || say("sign.officer");
    return signed(who, async () => {
      await forget(form, id);
      record.officer_signatures = record.officer_signatures.filter((other) => other !== id);
      form.changed("scene");
      draw();
    });
  });
  const left = form.officers.filter(({ name }) => name && !form.answers.evidence.some(({ id, note }) => ids.includes(id) && note === say("sign.officer-of", { name })));
  const ways = left.map(({ name }) => button(say("sign.add-officer", { name }), () => sign(form, say("sign.officer-of", { name }), (id) => {
    // The next one may have signed while this one's picture was being kept.
    record.officer_signatures = [...(record.officer_signatures ?? []), id];
    draw();
  }), { icon: "pen" }));
  return [kept, h("div", { class: "actions" }, ways)];
}

function witness(form) {
  const record = form.answers.on_site_record;
  const text = (name, words, most) => textField({
    label: say(words), value: record.witness?.[name], field: `on_site_record.witness.${name}`, maxlength: most,
    onchange: (value) => {
      record.witness = { ...record.witness, [name]: value };
      form.changed("scene");
    },
  });
  return [text("name", "sign.witness", 100), text("contact", "sign.witness-contact", 200)];
}

function signed(who, remove) {
  return h("p", { class: "row" }, icon("check"), h("span", { class: "grow" }, `${who} · ${say("sign.kept")}`), iconButton("close", say("sign.remove", { who }), remove));
}

async function sign(form, who, taken) {
  try {
    const signature = await askSignature(who);
    if (signature !== null) await form.keeping(keptAs(form, signature, who, taken));
  } catch (error) {
    form.lost += 1;
    form.context.tell(asProblem(error));
  }
}

async function keptAs(form, signature, who, taken) {
  taken(await (signature.photo ? onPaper(form, signature.photo, who) : drawn(form, signature.drawn, who)));
  form.changed("scene");
  await form.keeper.flush();
}

function drawn(form, png, who) {
  const about = { file_name: fileNameOf({ name: `${who}.png` }, "signature.png"), captured_at: shanghaiInstant(Date.now()), kind: "electronic_data" };
  return keep(form, png, about, { method: say("sign.method"), note: who });
}

function onPaper(form, photo, who) {
  requireFile(photo);
  const about = { file_name: fileNameOf(photo, "signature.jpg"), captured_at: capturedAt(photo, false, Date.now()), kind: "documentary" };
  const typed = photo.type ? photo : new Blob([photo], { type: mediaTypeOf(photo) });
  return keep(form, typed, about, { method: say("sign.method-photo"), note: who });
}

/** Keep a signature as evidence of the draft; returns its id. */
async function keep(form, blob, about, said) {
  const { evidence } = form.answers;
  const { sha256, bytes, media_type } = await form.context.outbox.addPhoto(await form.keeper.named(), blob, about);
  const id = nextId(evidence, "e", form.isIdUsed);
  evidence.push({ id, ...about, sha256, bytes, media_type, ...said });
  return id;
}

async function forget(form, id) {
  const { evidence } = form.answers;
  const place = evidence.findIndex((item) => item.id === id);
  if (place < 0) return;
  const [{ sha256 }] = evidence.splice(place, 1);
  form.changed("scene");
  await form.keeper.flush();
  // One paper may bear several signatures.
  if (!evidence.some((item) => item.sha256 === sha256)) await form.context.outbox.removePhoto(form.keeper.number, sha256);
}
