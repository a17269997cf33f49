/**
 * What a run is: who looked, where and when, and what was answered to each row. What comes from elsewhere (a file,
 * another window, storage that somebody changed) passes through `sound` and is a run afterwards, or nothing.
 * `answer.js` tells what an answer is.
 */
import { ID, LENGTHS, MOST_ROWS, answersIn, dayIn, isMap, line, matching, own, time } from "./answer.js";

// What a saved run's file says that it is.
export const FORMAT = "servicebook-run";
export const VERSION = 2;
// Larger than any run with all its photographs, in bytes; a browser chokes on what is.
export const LARGEST = 40_000_000;
// So many levels, grades and signers at most.
export const MOST = 20;
export const MEANINGS = ["incomplete", "excluded", "failed"];
export const HEAD = ["name", "place", "date", "hour", "audited", "shift", "sample"];
const RUN_ID = /^[a-z0-9]{6,40}$/;
const HOUR = /^\d{2}:\d{2}$/;
// What rows weigh where a run that was kept long ago does not say.
const USUAL = { essential: 3, expected: 2, excellence: 1 };

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

/** How many rows a run answers. */
export function countAnswers(run) {
  return Object.values(run.answers).filter(({ value }) => value).length;
}

function soundEnd({ at, by, signed }) {
  const known = (Array.isArray(signed) ? signed : []).filter(isMap).slice(0, MOST);
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
  const meaning = (how, usual) => (MEANINGS.includes(how) ? how : usual);
  const bands = (Array.isArray(rule.bands) ? rule.bands : []).filter(isMap).slice(0, MOST);
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

/** Whether it is what a row may weigh, or a share in percent. */
export function isCount(value) {
  return Number.isInteger(value) && value >= 0 && value <= 100;
}
