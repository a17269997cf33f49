/**
 * What is answered to a row, whoever says so. An answer is kept under the row's id:
 * `{ value, digest, text, note, action: { what, who, by }, photos, day, at }`. The id keeps it when the row moves; the
 * digest, and the text that was read, tell when the row asks something else.
 */
export const VALUES = ["yes", "no", "na", "unobserved", ""];
export const LENGTHS = { field: 80, note: 500, text: 400, photos: 6 };
export const MOST_ROWS = 2000;
export const ID = /^[\p{L}\p{N}._-]{1,200}$/u;
// The last moment that a clock of JavaScript can tell.
const LAST = 8.64e15;

/** Answers by their rows' ids, each with every part of it in place and nothing else, whatever they were made of. */
export function answersIn(given) {
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

/** The answer to a row, or undefined. */
export function answerTo(run, id) {
  return own(run.answers, id) ? run.answers[id] : undefined;
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

/** What is a text, cut where it is too long. */
export function line(value, length = LENGTHS.field) {
  // An emoji is two signs to a browser: the first one alone is no text that other programs read.
  return typeof value === "string" ? value.slice(0, length).replace(/[\uD800-\uDBFF]$/, "") : "";
}

export function isMap(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function own(map, key) {
  return Object.prototype.hasOwnProperty.call(map, key);
}

export function matching(value, pattern) {
  return typeof value === "string" && pattern.test(value) ? value : "";
}

export function time(value) {
  return Number.isFinite(value) && value > 0 && value <= LAST ? value : 0;
}
