/** A run on its way: to a file, to another device by a QR code, and back. */

const FORMAT = "servicebook-run";
// A code that a phone still reads off another phone's screen.
const LONGEST_LINK = 1200;
const SIGNS = { yes: "y", no: "n", na: "a", "": "-" };
const VALUES = Object.fromEntries(Object.entries(SIGNS).map(([value, sign]) => [sign, value]));
const FIELD_LENGTH = 80;
const NOTE_LENGTH = 500;

/** Hand a run over as a file: `csv` to count with, `json` to open elsewhere. */
export function download(checklist, format) {
  const text = format === "csv" ? csvOf(checklist) : jsonOf(checklist);
  const type = format === "csv" ? "text/csv" : "application/json";
  const link = document.createElement("a");
  const { date, place, name } = checklist.run;
  const words = [checklist.list.dataset.pbChecklist, date, place, name].filter(Boolean).join(" ");
  const plain = words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  link.download = `${plain.replace(/[^a-z0-9]+/g, "-")}.${format}`;
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function jsonOf({ list, run, rows }) {
  const { pbChecklist: checklist, pbTitle: title } = list.dataset;
  const { name, place, date, audit, edition, answers } = run;
  const items = rows.map(({ section, id, text, level, weight, value, note }) => {
    return { section, id, text, level, weight, answer: value, note };
  });
  const page = location.href.split("#")[0];
  const about = { format: FORMAT, version: 1, checklist, title, edition, page };
  return JSON.stringify({ ...about, run: { name, place, date, audit, edition, answers }, items }, null, 1);
}

function csvOf({ list, run, rows, words }) {
  const columns = ["checklist", "edition", "name", "place", "date", "section", "id", "text", "level", "weight", "answer", "note"];
  const title = (section) => list.querySelector(`[data-pb-section="${section}"] h2`)?.textContent ?? "";
  const lines = rows.map((row) => [
    list.dataset.pbTitle,
    run.edition,
    run.name,
    run.place,
    run.date,
    title(row.section),
    row.id,
    row.text,
    words(row.level),
    row.weight,
    words(row.value || "none"),
    row.note,
  ]);
  const heads = columns.map((column) => words(`column-${column}`));
  // The mark at the start tells spreadsheets that the text is UTF-8.
  return `\uFEFF${[heads, ...lines].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A cell of CSV; what a spreadsheet would take for a formula is kept as text. */
function cell(value) {
  const text = String(value);
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** Open a file that `download` made, on this device or on another. */
export async function openFile(checklist, file, field) {
  const text = file ? await file.text() : "";
  field.value = "";
  const data = parse(text);
  if (data?.format !== FORMAT || data.version !== 1) return checklist.tell(checklist.words("bad-file"));
  if (data.checklist !== checklist.list.dataset.pbChecklist)
    return checklist.tell(checklist.words("other-list", { title: String(data.title) }));
  const { run = {} } = data;
  const answers = {};
  for (const [id, answer] of Object.entries(run.answers ?? {})) {
    if (!(answer?.value in SIGNS)) continue;
    const { value, digest, note } = answer;
    answers[id] = { digest: String(digest), value, note: line(note, NOTE_LENGTH) };
  }
  return checklist.adopt({ ...aboutOf(run), edition: line(run.edition), answers });
}

/** Show the run as a code that opens it on another device. */
export async function showCode(checklist) {
  const { generate } = await import("./vendor/lean-qr.js");
  const link = `${location.href.split("#")[0]}#run=${encode(checklist)}`;
  if (link.length > LONGEST_LINK) return checklist.tell(checklist.words("too-long"));
  const dialog = checklist.list.querySelector("[data-pb-qr-dialog]");
  dialog.dataset.pbLink = link;
  generate(link).toCanvas(dialog.querySelector("canvas"), { on: [0, 0, 0, 255], off: [255, 255, 255, 255] });
  return dialog.showModal();
}

/** Take in the run that a code's link carries, once the reader says so. */
export function receive(checklist, code) {
  history.replaceState(null, "", location.pathname + location.search);
  const run = decode(code, checklist);
  if (typeof run === "string") return checklist.tell(checklist.words(run));
  const banner = checklist.list.querySelector("[data-pb-received]");
  const done = Object.values(run.answers).filter(({ value }) => value).length;
  banner.querySelector("[data-pb-received-text]").textContent = checklist.words("received", {
    run: checklist.nameOf(run),
    done,
    all: checklist.rows.length,
  });
  banner.hidden = false;
  banner.querySelector("[data-pb-accept]").onclick = () => {
    banner.hidden = true;
    checklist.adopt(run);
  };
  banner.querySelector("[data-pb-refuse]").onclick = () => (banner.hidden = true);
  banner.querySelector("[data-pb-accept]").focus();
  return undefined;
}

/**
 * A run in few letters: one sign an item in the list's order, so the code holds only between two devices that show
 * the same list, which its digest tells.
 */
function encode({ list, run, rows }) {
  const signs = rows.map(({ value }) => SIGNS[value]).join("");
  const notes = rows.flatMap(({ note }, place) => (note ? [[place, note]] : []));
  const data = [1, list.dataset.pbList, run.name, run.place, run.date, Number(run.audit), signs, notes];
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The run in a code, or the key of the message that tells what is wrong with it. */
function decode(code, { list, rows }) {
  const data = parse(textOf(code));
  if (!Array.isArray(data) || data[0] !== 1 || typeof data[6] !== "string") return "bad-code";
  const [, digest, name, place, date, audit, signs, notes] = data;
  if (digest !== list.dataset.pbList || signs.length !== rows.length) return "other-edition";
  const written = new Map(Array.isArray(notes) ? notes : []);
  const answers = {};
  rows.forEach((row, index) => {
    const value = VALUES[signs[index]] ?? "";
    const note = line(written.get(index), NOTE_LENGTH);
    if (value || note) answers[row.id] = { digest: row.digest, value, note };
  });
  return { ...aboutOf({ name, place, date, audit }), answers };
}

function textOf(code) {
  try {
    const bytes = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return "";
  }
}

function aboutOf({ name, place, date, audit }) {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : "";
  return { name: line(name), place: line(place), date: day, audit: Boolean(audit) };
}

function line(value, length = FIELD_LENGTH) {
  return typeof value === "string" ? value.slice(0, length) : "";
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
