/** A run on its way: ended, shared, to a file, to another device by a QR code, and back; and its photographs. */
import { LENGTHS, line } from "./answer.js";
import { copy } from "./copy.js";
import { able } from "./dialog.js";
import { csvOf, save } from "./files.js";
import { tell } from "./message.js";
import { draw, dropPhoto, keepPhoto, photoAt, photoIn, shrink, textOf } from "./photos.js";
import { countedOf, resultOf, sectionsIn, unmetOf, verdictOf } from "./report.js";
import { FORMAT, HEAD, LARGEST, VERSION, countAnswers, sound } from "./run.js";
import { failuresOf, score } from "./score.js";

// A code that a phone still reads off another phone's screen.
const LONGEST_LINK = 1200;
const SIGNS = { yes: "y", no: "n", na: "a", unobserved: "u", "": "-" };
const VALUES = Object.fromEntries(Object.entries(SIGNS).map(([value, sign]) => [sign, value]));

/** Ask who ends the run, or who signs it, and end it. */
export function askToFinish(checklist) {
  const dialog = checklist.list.querySelector("[data-pb-finish-dialog]");
  const names = [...dialog.querySelectorAll("input")];
  const { run } = checklist;
  const { done, all } = resultOf(checklist.lines(), checklist.rule, run.audit);
  const missing = dialog.querySelector("[data-pb-finish-missing]");
  missing.hidden = done === all;
  const count = all - done;
  missing.textContent = checklist.words(count === 1 ? "finish-missing.one" : "finish-missing.other", { count, all });
  // Who signed a run before this one signs nothing here; who comes back to this one finds what they wrote.
  if (dialog.dataset.pbOf !== run.id) dialog.querySelector("form").reset();
  dialog.dataset.pbOf = run.id;
  names[0].value = run.name || names[0].value;
  dialog.querySelector("form").onsubmit = ({ submitter }) => {
    const signed = names.map((field) => ({ role: field.dataset.pbSigner ?? "", name: line(field.value.trim()) }));
    if (submitter?.value === "end") checklist.end(signed);
  };
  able(dialog).showModal();
}

/** Hand a run over as a file: `csv` to count with, `json` to open elsewhere. */
export async function download(checklist, format, control) {
  const file = await fileOf(checklist, format);
  save(file);
  tell(control, checklist.words("saved", { file: file.name }));
}

/** Hand the run to the system's sheet, with its file where that takes one; else copy what it came to. */
export async function share(checklist, control) {
  const text = summaryOf(checklist);
  const file = await fileOf(checklist, "json");
  const title = checklist.list.dataset.pbTitle;
  const data = navigator.canShare?.({ files: [file] }) ? { title, text, files: [file] } : { title, text };
  try {
    if (navigator.share) return await navigator.share(data);
    if (await copy(text)) return tell(control, checklist.words("copied"));
  } catch (error) {
    if (error.name === "AbortError") return; // the reader closed the sheet
  }
  tell(control, checklist.words("not-shared"), checklist.offer());
}

function summaryOf(checklist) {
  const { list, run, words } = checklist;
  const rule = checklist.ruleInForce();
  const lines = checklist.lines();
  const { verdict, basis } = verdictOf(resultOf(lines, rule, run.audit), rule, words, run.audit);
  const failed = unmetOf(run, lines, rule).map(({ text, note }) => `- ${[text, note].filter(Boolean).join(" ")}`);
  return [`${list.dataset.pbTitle}. ${checklist.nameOf(run)}`, verdict, basis, ...failed].filter(Boolean).join("\n");
}

async function fileOf(checklist, format) {
  const text = format === "csv" ? tableOf(checklist) : await jsonOf(checklist);
  const { date, place, name } = checklist.run;
  const words = [checklist.list.dataset.pbChecklist, date, place, name].filter(Boolean).join(" ");
  const plain = words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const type = format === "csv" ? "text/csv" : "application/json";
  return new File([text], `${plain.replace(/[^a-z0-9]+/g, "-")}.${format}`, { type: `${type};charset=utf-8` });
}

async function jsonOf(checklist) {
  const { list, run, rows } = checklist;
  const { pbChecklist, pbTitle: title, pbEdition } = list.dataset;
  const rule = checklist.ruleInForce();
  const lines = checklist.lines();
  const items = lines.map(({ section, title: sectionTitle, id, text, level, digest, value, note, action, photos, day }) => {
    return { section, title: sectionTitle, id, text, level, digest, answer: value, note, action, photos, day };
  });
  const about = { format: FORMAT, version: VERSION, checklist: pbChecklist, title, edition: run.edition || pbEdition };
  const photos = {};
  for (const key of Object.values(run.answers).flatMap((answer) => answer.photos)) {
    const blob = await photoAt(key);
    if (blob) photos[key] = await textOf(blob);
  }
  const counted = countedOf(lines, run.audit);
  const failed = failuresOf(counted, rule).map(({ id }) => id);
  const result = { ...score(counted, rule), failed, sections: subtotals(counted, rule) };
  const page = location.href.split("#")[0];
  return JSON.stringify({ ...about, result, page, rule, run, items, photos }, null, 1);
}

function subtotals(lines, rule) {
  return sectionsIn(lines).map((some) => {
    const { verdict, percent } = score(some, rule);
    return { section: some[0].section, title: some[0].title, verdict, percent };
  });
}

/** The result, what failed (the weightiest first), the sections, then every row: a column says which a line is. */
function tableOf(checklist) {
  const { list, run, words } = checklist;
  const rule = checklist.ruleInForce();
  const lines = checklist.lines();
  const result = resultOf(lines, rule, run.audit);
  const { verdict, basis } = verdictOf(result, rule, words, run.audit);
  const visit = HEAD.map((name) => run[name]);
  const columns = ["part", "checklist", "edition", ...HEAD, "verdict", "percent", "section", "id", "mark", "text", "level", "weight", "answer", "note"];
  const heads = [...columns, "what", "who", "by"].map((column) => words(`column-${column}`));
  const start = (part, percent) => {
    // A band's title ends as its owner wrote it.
    const said = basis ? `${verdict}${/[.!?…]$/.test(verdict) ? "" : "."} ${basis}` : verdict;
    return [words(`part-${part}`), list.dataset.pbTitle, run.edition, ...visit, said, percent ?? ""];
  };
  const rowLine = (part) => (row) => [
    ...start(part),
    row.title,
    row.id,
    row.digest,
    row.text,
    words(row.level),
    rule.weights[row.level],
    words(row.value || "none"),
    row.note,
    row.action.what,
    row.action.who,
    row.action.by,
  ];
  const body = [
    start("result", result.percent),
    ...unmetOf(run, lines, rule).map(rowLine("failed")),
    ...subtotals(lines, rule).map(({ title, percent }) => [...start("section", percent), title]),
    ...lines.map(rowLine("row")),
  ];
  return csvOf([heads, ...body.map((cells) => heads.map((_, place) => cells[place] ?? ""))], list);
}

/** Open a file that `download` made, on this device or on another. */
export async function openFile(checklist, file, field) {
  const { words } = checklist;
  field.value = "";
  if (!file) return undefined;
  if (file.size > LARGEST) return tell(field, words("large-file"));
  const data = parse(await file.text());
  if (data?.format !== FORMAT || ![1, VERSION].includes(data.version)) return tell(field, words("bad-file"));
  if (data.checklist !== checklist.list.dataset.pbChecklist)
    return tell(field, words("other-list", { title: line(data.title, 120) }));
  const run = sound(data.version === 1 ? { ...data.run, id: "" } : data.run);
  const all = await keepPhotos(run, data.photos);
  checklist.adopt(withoutBlanks(run), field);
  return all ? undefined : tell(field, words("photos-lost"));
}

/** What of a run is told, so that the rest is as in a run that begins now. */
function withoutBlanks(run) {
  return Object.fromEntries(Object.entries(run).filter(([, value]) => value !== "" && value !== 0));
}

async function keepPhotos(run, given) {
  const texts = new Map(typeof given === "object" && given ? Object.entries(given) : []);
  let all = true;
  for (const answer of Object.values(run.answers)) {
    for (const key of answer.photos) {
      const photo = photoIn(texts.get(key));
      if (photo) all = (await keepPhoto(key, photo)) && all;
    }
  }
  return all;
}

/** Show the run as a code that opens it on another device. */
export async function showCode(checklist, control) {
  const { generate } = await import("./vendor/lean-qr.js");
  const link = `${location.href.split("#")[0]}#run=${encode(checklist)}`;
  if (checklist.run.ended || link.length > LONGEST_LINK)
    return tell(control, checklist.words(checklist.run.ended ? "ended-by-file" : "too-long"), checklist.offer());
  const dialog = checklist.list.querySelector("[data-pb-qr-dialog]");
  dialog.dataset.pbLink = link;
  const left = dialog.querySelector("[data-pb-qr-left]");
  left.hidden = !Object.values(checklist.run.answers).some(({ photos }) => photos.length);
  left.replaceChildren(...(left.hidden ? [] : [checklist.words("photos-left"), " ", checklist.offer()]));
  generate(link).toCanvas(dialog.querySelector("canvas"), { on: [0, 0, 0, 255], off: [255, 255, 255, 255] });
  return able(dialog).showModal();
}

/** Take in the run that a code's link carries, once the reader says so. */
export function receive(checklist, code) {
  history.replaceState(null, "", location.pathname + location.search);
  const run = decode(code, checklist);
  const progress = checklist.find("progress");
  if (typeof run === "string") return tell(progress, checklist.words(run));
  const banner = checklist.list.querySelector("[data-pb-received]");
  banner.querySelector("[data-pb-received-text]").textContent = checklist.words("received", {
    run: checklist.nameOf(run),
    done: countAnswers(run),
    all: checklist.rows.length,
  });
  banner.hidden = false;
  banner.querySelector("[data-pb-accept]").onclick = () => {
    banner.hidden = true;
    checklist.adopt(withoutBlanks(run), progress);
    checklist.lead();
  };
  banner.querySelector("[data-pb-refuse]").onclick = () => {
    banner.hidden = true;
    checklist.lead();
  };
  banner.querySelector("[data-pb-accept]").focus();
  return undefined;
}

/**
 * A run in few letters: one sign an item in the list's order, so the code holds only between two devices that show
 * the same list, which its digest tells. Photographs have no room in it. A code that carries actions or days is of
 * another version: a page that knows of none would lose them without a word.
 */
function encode({ list, run, rows }) {
  const signs = rows.map(({ value }) => SIGNS[value]).join("");
  const notes = rows.flatMap(({ answer }, place) => (answer.note ? [[place, answer.note]] : []));
  const visit = HEAD.map((name) => run[name]);
  const actions = rows.flatMap(({ answer: { action } }, place) => {
    return action.what || action.who || action.by ? [[place, action.what, action.who, action.by]] : [];
  });
  const days = {};
  rows.forEach(({ answer: { day } }, place) => day && (days[day] ??= []).push(place));
  const more = actions.length || Object.keys(days).length ? [actions, days] : [];
  const data = [more.length ? 3 : 2, list.dataset.pbList, visit, Number(run.audit), signs, notes, ...more];
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The run in a code, or the key of the message that tells what is wrong with it. */
function decode(code, { list, rows }) {
  const data = parse(codeText(code));
  if (!Array.isArray(data) || ![2, 3].includes(data[0]) || typeof data[4] !== "string") return "bad-code";
  const [, digest, visit, audit, signs, notes, actions, days] = data;
  if (digest !== list.dataset.pbList || signs.length !== rows.length) return "other-edition";
  const written = new Map(listsIn(notes));
  const agreed = new Map(listsIn(actions).map(([place, what, who, by]) => [place, { what, who, by }]));
  const dated = new Map(Object.entries(days ?? {}).flatMap(([day, places]) => [places].flat().map((place) => [place, day])));
  const at = Date.now();
  const answers = rows.map((row, place) => {
    const value = VALUES[signs[place]] ?? "";
    const note = line(written.get(place), LENGTHS.note);
    const [action, day] = [agreed.get(place), dated.get(place)];
    return [row.id, { digest: row.digest, text: row.text, value, note, action, day, at }];
  });
  const told = answers.filter(([, { value, note, action, day }]) => value || note || action || day);
  const about = Array.isArray(visit) ? HEAD.map((name, place) => [name, visit[place]]) : [];
  return sound({ ...Object.fromEntries(about), audit: audit === 1, answers: Object.fromEntries(told) });
}

function listsIn(given) {
  return (Array.isArray(given) ? given : []).filter(Array.isArray);
}

function codeText(code) {
  try {
    const bytes = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return "";
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Add pictures to a row: made small, kept on this device, sent to nobody. */
export async function addPhotos(checklist, row, files, control) {
  const room = LENGTHS.photos - row.answer.photos.length;
  let trouble = files.length > room ? "photos-many" : "";
  for (const file of [...files].slice(0, Math.max(0, room))) {
    try {
      const key = `${checklist.run.id}.${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
      if (!(await keepPhoto(key, await shrink(file)))) trouble = "photos-held";
      row.setPhotos([...row.answer.photos, key], control);
    } catch {
      trouble = "photos-bad";
    }
  }
  control.value = "";
  tell(control, trouble && checklist.words(trouble), trouble === "photos-held" ? checklist.offer() : null);
  await showPhotos(checklist, [row]);
}

/** Take a picture away, with its button: the keyboard goes on from the next one's, or from where pictures are added. */
export async function dropPhotos(checklist, row, key) {
  const place = row.answer.photos.indexOf(key);
  row.setPhotos(row.answer.photos.filter((one) => one !== key), row.element);
  if (!checklist.isShared(key)) await dropPhoto(key);
  await showPhotos(checklist, [row]);
  const buttons = row.element.querySelectorAll("[data-pb-drop]");
  const field = row.element.querySelector("[data-pb-photo]");
  (buttons[Math.min(place, buttons.length - 1)] ?? field).focus();
  tell(field, checklist.words("photo-dropped"));
}

export async function forgetPhotos(checklist, keys) {
  for (const key of keys) await dropPhoto(key);
}

/** Show the pictures of rows beside their notes. */
export async function showPhotos(checklist, rows) {
  for (const row of rows) row.showPhotos(await picturesAt(row.answer.photos, row.text, checklist.words));
}

/** Show the pictures of what failed in the result. */
export async function showReportPhotos(checklist) {
  for (const item of checklist.list.querySelectorAll("[data-pb-photos-of]")) {
    const keys = item.dataset.pbPhotosOf.split(" ").filter(Boolean);
    const pictures = await picturesAt(keys, item.querySelector("a").textContent, checklist.words);
    item.querySelector(".pb-results__photos").replaceChildren(...pictures.map(({ canvas }) => canvas));
  }
}

async function picturesAt(keys, row, words) {
  const found = [];
  for (const key of keys) {
    const blob = await photoAt(key);
    if (!blob) continue;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", words("photo", { number: found.length + 1, row }));
    // What was let in by a file's own word may still be no picture.
    const drawn = await draw(blob, canvas).then(() => true, () => false);
    if (drawn) found.push({ key, canvas });
  }
  return found;
}
