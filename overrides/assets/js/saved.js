/**
 * Saved runs as other people's files hold them: a run that can be used, or why there is none. What a file says of its
 * own result is not believed. `views/runs.py` reads files by the same measures.
 */
import { score } from "./score.js";

const FORMAT = "servicebook-run";
export const LARGEST = 40_000_000;
const [SHORT, LONG, MOST_ROWS, MOST] = [200, 1000, 2000, 20];
const ANSWERS = ["", "yes", "no", "na", "unobserved"];
const MEANINGS = ["incomplete", "excluded", "failed"];
const BLANKS = /\s+/g;

class Damaged extends Error {}

/** The run in a file's text, or `{ file, trouble }`. */
export function readRun(file, text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return { file, trouble: "not-json" };
  }
  if (!isMap(data) || data.format !== FORMAT || data.version !== 2) return { file, trouble: "foreign" };
  try {
    return runIn(file, data);
  } catch (error) {
    if (error instanceof Damaged) return { file, trouble: "damaged" };
    throw error;
  }
}

/** Each run once, in the order of visits, and every earlier copy (`{ file, of }`). */
export function latestCopies(runs) {
  const kept = new Map();
  const copies = [];
  const byState = [...runs].sort((one, other) => one.ended - other.ended || one.touched - other.touched);
  for (const run of byState) {
    const key = JSON.stringify([run.checklist, run.id || `/${run.file}`]);
    if (kept.has(key)) copies.push([kept.get(key), key]);
    kept.set(key, run);
  }
  const order = [...kept.values()].sort(
    (one, other) => compare(one.date, other.date) || compare(one.hour, other.hour) || compare(one.file, other.file),
  );
  return [order, copies.map(([{ file }, key]) => ({ file, of: kept.get(key).file }))];
}

/** The order of two texts, whatever the reader's language. */
export function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

function runIn(file, data) {
  const visit = need(data.run, isMap);
  const rule = ruleIn(need(data.rule, isMap));
  const items = need(data.items, Array.isArray);
  if (!items.length || items.length > MOST_ROWS) throw new Damaged();
  // What an old list had may stand twice in a spoiled file; a row is graded once.
  const lines = new Map(items.map((item) => lineIn(need(item, isMap))).map((line) => [line.id, line]));
  const run = {
    file,
    id: text(visit.id, SHORT, ""),
    checklist: text(data.checklist, SHORT),
    title: text(data.title, SHORT),
    edition: text(data.edition, SHORT, ""),
    name: text(visit.name, SHORT, "").replace(BLANKS, " ").trim(),
    place: text(visit.place, SHORT, "").replace(BLANKS, " ").trim(),
    date: need(visit.date, isDay),
    hour: text(visit.hour, SHORT, ""),
    ended: isMap(visit.ended),
    touched: visit.touched === undefined ? 0 : need(visit.touched, Number.isFinite),
    lines: [...lines.values()],
    byId: lines,
    rule,
  };
  if (run.lines.some(({ level }) => !(level in rule.weights))) throw new Damaged();
  return { ...run, result: score(run.lines, rule) };
}

function ruleIn({ weights, gate = [], blank = "incomplete", unobserved = "excluded", bands = [] }) {
  const told = Object.entries(need(weights, isMap));
  if (told.length > MOST || need(gate, Array.isArray).length > MOST || need(bands, Array.isArray).length > MOST) throw new Damaged();
  const read = bands.map((band) => {
    const { at_least, title, meaning = "" } = need(band, isMap);
    return { at_least: need(at_least, isCount), title: text(title, SHORT), meaning: text(meaning, LONG) };
  });
  read.sort((one, other) => other.at_least - one.at_least);
  return {
    // Without a prototype, so that no level of a file can be one that objects have of themselves.
    weights: Object.assign(Object.create(null), Object.fromEntries(told.map(([level, weight]) => [text(level, SHORT), need(weight, isCount)]))),
    gate: gate.map((level) => text(level, SHORT)),
    blank: need(blank, (how) => MEANINGS.includes(how)),
    unobserved: need(unobserved, (how) => MEANINGS.includes(how)),
    bands: read.map((band, place) => (place === read.length - 1 ? { ...band, at_least: 0 } : band)),
  };
}

function lineIn({ section, title, id, text: asked, level, digest, answer, note, action }) {
  const { what, who, by } = action === undefined ? {} : need(action, isMap);
  return {
    section: text(section, SHORT, ""),
    title: text(title, SHORT, ""),
    id: text(id, SHORT),
    text: text(asked, LONG),
    level: text(level, SHORT, "expected"),
    digest: text(digest, SHORT),
    answer: need(answer, (word) => ANSWERS.includes(word)),
    value: answer,
    note: text(note, LONG, ""),
    action: { what: text(what, LONG, ""), who: text(who, SHORT, ""), by: text(by, SHORT, "") },
  };
}

function need(value, fits) {
  if (!fits(value)) throw new Damaged();
  return value;
}

function text(value, longest, usual) {
  if (value === undefined && usual !== undefined) return usual;
  // Python counts letters, a string's own length halves of some.
  return need(value, (given) => typeof given === "string" && (given.length <= longest || [...given].length <= longest));
}

function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value) {
  return Number.isInteger(value) && value >= 0 && value <= 100;
}

/** Whether a text is a day that the calendar has. */
export function isDay(value) {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value) || value < "0001") return false;
  const day = new Date(`${value}T00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(value);
}
