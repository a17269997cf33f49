/**
 * Saved runs as other people's files hold them: a run that can be used, or why there is none. What a file says of its
 * own result is not believed. `views/runs.py` reads files by the same measures.
 */
import { MOST_ROWS, VALUES, dayIn, isMap } from "./answer.js";
import { FORMAT, MEANINGS, MOST, VERSION, isCount } from "./run.js";
import { score } from "./score.js";

// Texts of other people's files are refused where they are longer, and not cut as one's own are (`LENGTHS`).
const [SHORT, LONG] = [200, 1000];
// What either Python or browsers call blank: both read the same name of a place.
const BLANKS = /[\s\u001c-\u001f\u0085]+/g;

class Damaged extends Error {
  constructor(place) {
    super("a value that no run has");
    this.place = place;
  }
}

/** The run in a file's text, or `{ file, trouble, place }`: line and column, or the path of the value that is wrong. */
export function readRun(file, text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { file, trouble: "not-json", place: placeTold(error, text) };
  }
  if (!isMap(data)) return { file, trouble: "foreign", place: "" };
  for (const [mark, wanted] of [["format", FORMAT], ["version", VERSION]]) {
    if (data[mark] !== wanted) return { file, trouble: "foreign", place: mark };
  }
  try {
    return runIn(file, data);
  } catch (error) {
    if (error instanceof Damaged) return { file, trouble: "damaged", place: error.place };
    throw error;
  }
}

/** Line and column of what this browser's reader of JSON stumbled over, where it says so in its sentence. */
function placeTold({ message }, text) {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line) return `${line}:${column}`;
  const position = /end of/i.test(message) ? text.length : /position (\d+)/.exec(message)?.[1];
  if (position === undefined) return "";
  const before = text.slice(0, position).split("\n");
  return `${before.length}:${before.pop().length + 1}`;
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

/* Values are read in the order in which `views/runs.py` reads them, so that both name the same of several. */
function runIn(file, data) {
  const [checklist, title] = [text(data, "checklist", SHORT), text(data, "title", SHORT)];
  const edition = text(data, "edition", SHORT, "");
  const rule = inside("rule", ruleIn, need(data, "rule", isMap));
  const visit = inside("run", visitIn, need(data, "run", isMap));
  const items = need(data, "items", (rows) => Array.isArray(rows) && rows.length > 0 && rows.length <= MOST_ROWS);
  // What an old list had may stand twice in a spoiled file; a row is graded once.
  const lines = new Map();
  const places = new Map();
  for (const [place, line] of allIn("items", items, lineIn).entries()) {
    lines.set(line.id, line);
    places.set(line.id, place);
  }
  for (const { id, level } of lines.values()) {
    if (!(level in rule.weights)) throw new Damaged(`items[${places.get(id)}].level`);
  }
  const run = { file, checklist, title, edition, ...visit, lines: [...lines.values()], byId: lines, rule };
  return { ...run, result: score(run.lines, rule) };
}

function ruleIn(told) {
  const weights = Object.entries(need(told, "weights", isMap));
  if (weights.length > MOST) throw new Damaged("weights");
  for (const [level, weight] of weights) if (!isText(level, SHORT) || !isCount(weight)) throw new Damaged("weights");
  const few = (list) => Array.isArray(list) && list.length <= MOST;
  const gate = allIn("gate", need(told, "gate", few, []), (level) => level, (level) => isText(level, SHORT));
  const [blank, unobserved] = [["blank", "incomplete"], ["unobserved", "excluded"]].map(([name, usual]) =>
    need(told, name, (how) => MEANINGS.includes(how), usual),
  );
  const bands = allIn("bands", need(told, "bands", few, []), (band) => ({
    at_least: need(band, "at_least", isCount),
    title: text(band, "title", SHORT),
    meaning: text(band, "meaning", LONG, ""),
  }));
  bands.sort((one, other) => other.at_least - one.at_least);
  return {
    // Without a prototype, so that no level of a file can be one that objects have of themselves.
    weights: Object.assign(Object.create(null), Object.fromEntries(weights)),
    gate,
    blank,
    unobserved,
    bands: bands.map((band, place) => (place === bands.length - 1 ? { ...band, at_least: 0 } : band)),
  };
}

function visitIn(visit) {
  const [id, name, place] = ["id", "name", "place"].map((field) => text(visit, field, SHORT, ""));
  return {
    id,
    name: name.replace(BLANKS, " ").trim(),
    place: place.replace(BLANKS, " ").trim(),
    // A visit whose day was emptied is of the day on which it was begun: no comparing goes without one.
    date: dayIn(need(visit.date === "" ? { date: visit.day } : visit, "date", dayIn)),
    hour: text(visit, "hour", SHORT, ""),
    touched: need(visit, "touched", Number.isFinite, 0),
    ended: isMap(visit.ended),
  };
}

function lineIn(row) {
  const line = {
    section: text(row, "section", SHORT, ""),
    title: text(row, "title", SHORT, ""),
    id: text(row, "id", SHORT),
    text: text(row, "text", LONG),
    level: text(row, "level", SHORT, "expected"),
    digest: text(row, "digest", SHORT),
    answer: need(row, "answer", (word) => VALUES.includes(word)),
    note: text(row, "note", LONG, ""),
    action: inside("action", actionIn, need(row, "action", isMap, {})),
  };
  return { ...line, value: line.answer };
}

function actionIn(action) {
  const by = text(action, "by", SHORT, "");
  return { what: text(action, "what", LONG, ""), who: text(action, "who", SHORT, ""), by: dayIn(by) || by };
}

/** Read what stands at a place, so that what is wrong there is named by its whole path. */
function inside(place, read, value) {
  try {
    return read(value);
  } catch (error) {
    throw error instanceof Damaged ? new Damaged(`${place}.${error.place}`) : error;
  }
}

function allIn(name, list, read, fits = isMap) {
  return list.map((one, place) => {
    if (!fits(one)) throw new Damaged(`${name}[${place}]`);
    return inside(`${name}[${place}]`, read, one);
  });
}

/** A value of a map by its name; one that is not there is the `usual` one, where there is such. */
function need(map, name, fits, usual) {
  const value = map[name] === undefined && usual !== undefined ? usual : map[name];
  if (!fits(value)) throw new Damaged(name);
  return value;
}

function text(map, name, longest, usual) {
  return need(map, name, (value) => isText(value, longest), usual);
}

function isText(value, longest) {
  // Python counts letters, a string's own length halves of some.
  return typeof value === "string" && (value.length <= longest || [...value].length <= longest);
}
