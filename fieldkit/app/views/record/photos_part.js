/** The part with the photographs: taken or chosen, kept at once as they are. */
import { nextId } from "../../capture/answers.js";
import { capturedAt, fileNameOf, mediaTypeOf, requireFile, roomProblem } from "../../device/photo.js";
import { asProblem } from "../../problem.js";
import { say } from "../../words.js";
import { fill, h, icon, newId } from "../dom.js";
import { iconButton } from "../shell.js";

const ACCEPTED = "image/*,.heic,.heif";

/** Return `{element, close}`: two ways to add, and what was added. */
export function photosPart(form) {
  const shelf = h("ul", { class: "photos" });
  const told = h("p", { class: "soft small", role: "status" });
  const urls = new Set();
  const draw = () => drawShelf(form, shelf, urls);
  const take = async (files, isFromCamera) => {
    fill(told, say("photo.keeping"));
    await addFiles(form, files, isFromCamera);
    fill(told);
    await draw();
  };
  const element = h("section", { class: "card", dataset: { field: "evidence" } }, h("h2", {}, say("photo.title")),
    h("div", { class: "tiles two" },
      opener(form, say("photo.take"), "camera", { capture: "environment", accept: "image/*" }, (files) => take(files, true)),
      opener(form, say("photo.choose"), "file", { multiple: true, accept: ACCEPTED }, (files) => take(files, false))),
    form.found > 0 ? h("p", { class: "note warn" }, say("photo.found", { count: form.found })) : null,
    shelf, told, h("p", { class: "soft small" }, say("photo.note")));
  draw();
  form.onChange((what) => what === "evidence" && draw());
  return { element, close: () => urls.forEach((url) => URL.revokeObjectURL(url)) };
}

/** Ask for photographs of a paper; `added(id)` is called with the id of each. */
export function addPapers(form, added) {
  const problem = roomProblem(form.status.storage);
  if (problem) {
    form.context.tell(problem);
    return;
  }
  const input = h("input", { type: "file", accept: ACCEPTED, capture: "environment" });
  const take = async () => {
    for (const id of await addFiles(form, [...input.files], true, "documentary")) added(id);
  };
  input.addEventListener("change", () => form.keeping(take()));
  input.click();
}

/** A file input that looks like a button; it stays shut when there is no room. */
function opener(form, label, drawing, attributes, take) {
  const id = newId("file");
  const input = h("input", {
    type: "file", id, ...attributes,
    onclick: (event) => {
      const problem = roomProblem(form.status.storage);
      if (!problem) return;
      event.preventDefault();
      form.context.tell(problem);
    },
    onchange: async () => {
      const files = [...input.files];
      input.value = "";
      await take(files);
    },
  });
  return h("label", { class: "tile opener", for: id }, input, h("span", { class: "face" }, icon(drawing), label));
}

/** Keep files as evidence of the draft; returns their ids. What fails is told, the rest kept. */
export function addFiles(form, files, isFromCamera, kind = "electronic_data") {
  return form.keeping(filesAdded(form, files, isFromCamera, kind));
}

async function filesAdded(form, files, isFromCamera, kind) {
  const ids = [];
  for (const file of files) {
    try {
      ids.push(await addFile(form, file, isFromCamera, kind));
    } catch (error) {
      form.lost += 1;
      form.context.tell(asProblem(error));
    }
  }
  form.status = await form.context.outbox.status({ isRoomTried: true }).catch(() => form.status);
  return ids;
}

async function addFile(form, file, isFromCamera, kind) {
  requireFile(file);
  const { evidence } = form.answers;
  const number = await form.keeper.named();
  const about = { file_name: fileNameOf(file, "photo.jpg"), captured_at: capturedAt(file, isFromCamera, Date.now()), kind };
  const typed = file.type ? file : new Blob([file], { type: mediaTypeOf(file) });
  const { sha256, bytes, media_type, file_name } = await form.context.outbox.addPhoto(number, typed, about);
  const held = evidence.find((item) => item.sha256 === sha256);
  if (held) return held.id;
  const item = { id: nextId(evidence, "e", form.isIdUsed), ...about, sha256, bytes, media_type, file_name: file_name ?? about.file_name };
  item.captured_by = form.captors;
  item.method = say(isFromCamera ? "photo.method-camera" : "photo.method-file");
  evidence.push(item);
  form.changed("evidence");
  await form.keeper.flush();
  form.context.announce(say("photo.kept", { name: item.file_name }));
  return item.id;
}

async function drawShelf(form, shelf, urls) {
  const signatures = signatureIds(form.answers);
  const photos = form.answers.evidence.filter(({ id }) => !signatures.has(id));
  const items = await Promise.all(photos.map((item) => drawPhoto(form, item, urls)));
  fill(shelf, items);
}

async function drawPhoto(form, item, urls) {
  const blob = await form.context.outbox.thumbnail(item.sha256).catch(() => null);
  let picture = h("span", { class: "no-preview" }, icon("file"), h("small", {}, say("photo.no-preview")));
  if (blob) {
    const url = URL.createObjectURL(blob);
    urls.add(url);
    picture = h("img", { src: url, alt: item.file_name, loading: "lazy" });
  }
  const size = `${Math.max(1, Math.round(item.bytes / 1024))} kB`;
  return h("li", {}, picture, h("span", { class: "small" }, item.file_name, " ", h("span", { class: "soft" }, size)),
    iconButton("close", say("photo.remove", { name: item.file_name }), () => removePhoto(form, item)));
}

async function removePhoto(form, item) {
  const { answers, context, keeper } = form;
  answers.evidence.splice(answers.evidence.indexOf(item), 1);
  for (const part of [...answers.violations, ...answers.lots.flatMap((lot) => lot.evidenced_origins ?? [])]) {
    if (part.evidence) part.evidence = part.evidence.filter((id) => id !== item.id);
  }
  form.changed("evidence");
  try {
    await keeper.flush();
  } catch (problem) {
    // The draft on the disk still names it: its bytes stay as long.
    keeper.onProblem(problem);
    return;
  }
  if (answers.evidence.some(({ sha256 }) => sha256 === item.sha256)) return;
  await context.outbox.removePhoto(keeper.number, item.sha256).catch((error) => context.tell(asProblem(error)));
}

/** The ids of evidence that are signatures. */
export function signatureIds({ on_site_record: record }) {
  return new Set([record.party_signature, record.witness?.signature, ...(record.officer_signatures ?? [])].filter(Boolean));
}
