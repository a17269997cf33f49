/**
 * What a run is: who looked, where and when, and what was answered to each row. What comes from elsewhere (a file,
 * another window, storage that somebody changed) passes through `sound` and is a run afterwards, or nothing.
 *
 * An answer is kept under the row's id: `{ value, digest, text, note, action: { what, who, by }, photos, day, at }`.
 * The id keeps it when the row moves; the digest, and the text that was read, tell when the row asks something else.
 */
export const VALUES = ["yes", "no", "na", "unobserved", ""];
export const HEAD = ["name", "place", "date", "hour", "audited", "shift", "sample"];
export const LENGTHS = { field: 80, note: 500, text: 400, photos: 6 };
const ID = /^[\p{L}\p{N}._-]{1,200}$/u;
const RUN_ID = /^[a-z0-9]{6,40}$/;
const HOUR = /^\d{2}:\d{2}$/;
// What rows weigh where a run that was kept long ago does not say.
const USUAL = { essential: 3, expected: 2, excellence: 1 };
const MOST_ROWS = 2000;
const MOST_SIGNERS = 20;
// The last moment that a clock of JavaScript can tell.
const LAST = 8.64e15;

/** A run with every part of it in place and nothing else, whatever it was made of. */
export function sound(given) {
  const run = isMap(given) ? given : {};
  const day = dayIn(run.day) || dayIn(run.date);
  const kept = {
    id: matching(run.id, RUN_ID),
    ...Object.fromEntries(HEAD.map((name) => [name, line(run[name])])),
    date: dayIn(run.date),
    hour: matching(run.hour, HOUR),
    audit: run.audit === true,
    edition: line(run.edition),
    begun: time(run.begun) || time(run.touched) || Date.parse(`${day}T00:00`) || 0,
    day,
    touched: time(run.touched),
    answers: answersIn(run.answers),
  };
  const rule = soundRule(run.rule);
  const closed = isMap(run.ended) && time(run.ended.at) && soundRows(run.rows, rule.weights);
  if (!closed) return kept;
  return { ...kept, ended: soundEnd(run.ended), rows: closed, rule };
}

/** The answer to a row, or undefined. */
export function answerTo(run, id) {
  return own(run.answers, id) ? run.answers[id] : undefined;
}

/** How many rows a run answers. */
export function countAnswers(run) {
  return Object.values(run.answers).filter(({ value }) => value).length;
}

/**
 * The day of the calendar that a text names, or nothing. Who types «26» into a field of days writes the year 0026: a
 * year below 100 is one of this century. `views/runs.py` reads days by the same rule; `tests/cases/days.json` holds both.
 */
export function dayIn(value) {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return "";
  const text = value.replace(/^00/, "20");
  const day = new Date(`${text}T00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text) ? text : "";
}

/** What a field says: of a day, the one that is meant. */
export function saidIn({ type, value }) {
  return type === "date" ? dayIn(value) : value;
}

export function line(value, length = LENGTHS.field) {
  // An emoji is two signs to a browser: the first one alone is no text that other programs read.
  return typeof value === "string" ? value.slice(0, length).replace(/[\uD800-\uDBFF]$/, "") : "";
}

function answersIn(given) {
  const found = isMap(given) ? Object.entries(given) : [];
  // As entries, so that no key of a file can be one that objects keep for themselves.
  return Object.fromEntries(
    found
      .slice(0, MOST_ROWS)
      .filter(([id, answer]) => ID.test(id) && id !== "__proto__" && isMap(answer) && VALUES.includes(answer.value))
      .map(([id, answer]) => [id, soundAnswer(answer)]),
  );
}

function soundAnswer({ value, digest, text, note, action, photos, day, at }) {
  const { what, who, by } = isMap(action) ? action : {};
  return {
    value,
    digest: line(digest, 64),
    text: line(text, LENGTHS.text),
    note: line(note, LENGTHS.note),
    action: { what: line(what, LENGTHS.note), who: line(who), by: dayIn(by) },
    photos: (Array.isArray(photos) ? photos : []).filter((key) => matching(key, ID)).slice(0, LENGTHS.photos),
    day: dayIn(day),
    at: time(at),
  };
}

function soundEnd({ at, by, signed }) {
  const known = (Array.isArray(signed) ? signed : []).filter(isMap).slice(0, MOST_SIGNERS);
  return { at: time(at), by: line(by), signed: known.map(({ role, name }) => ({ role: line(role), name: line(name) })) };
}

function soundRows(given, weights) {
  if (!Array.isArray(given) || !given.length || given.length > MOST_ROWS) return undefined;
  const rows = given.map((row) => {
    const { section, title, id, text, level, digest } = isMap(row) ? row : {};
    const known = { section: line(section), title: line(title, 200), id: matching(id, ID), digest: line(digest, 64) };
    return { ...known, text: line(text, LENGTHS.text), level: matching(level, ID) };
  });
  return rows.every(({ id, level }) => id && own(weights, level)) ? rows : undefined;
}

function soundRule(given) {
  const rule = isMap(given) ? given : {};
  const weights = isMap(rule.weights) ? rule.weights : {};
  const counted = Object.entries(weights).filter(([level, weight]) => matching(level, ID) && isCount(weight));
  const meaning = (how, usual) => (["incomplete", "excluded", "failed"].includes(how) ? how : usual);
  const bands = (Array.isArray(rule.bands) ? rule.bands : []).filter(isMap).slice(0, 20);
  return {
    weights: counted.length ? Object.fromEntries(counted) : USUAL,
    gate: (Array.isArray(rule.gate) ? rule.gate : []).filter((level) => matching(level, ID)),
    blank: meaning(rule.blank, "incomplete"),
    unobserved: meaning(rule.unobserved, "excluded"),
    bands: bands
      .map(({ at_least, title, meaning: asks }) => {
        return { at_least: isCount(at_least) ? at_least : 0, title: line(title, 120), meaning: line(asks, 500) };
      })
      .map((band, place, all) => (place === all.length - 1 ? { ...band, at_least: 0 } : band)),
    metric: line(rule.metric),
  };
}

function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value) {
  return Number.isInteger(value) && value >= 0 && value <= 100;
}

function own(map, key) {
  return Object.prototype.hasOwnProperty.call(map, key);
}

function matching(value, pattern) {
  return typeof value === "string" && pattern.test(value) ? value : "";
}

function time(value) {
  return Number.isFinite(value) && value > 0 && value <= LAST ? value : 0;
}
