/**
 * How far a run has come, and how well it went. Pure: rows and a rule in, numbers out. The rule is the page's own
 * (`views/scoring.py` is its definition), and `tests/cases/scoring/` holds this code to it.
 */
const JUDGED = { yes: "met", no: "failed", na: "excluded" };

/**
 * What the answers (`{ id, level, value }`) come to under a rule: `verdict` is "partial", "empty", "gate" or
 * "graded"; `percent` a whole per cent, rounded down, or null; `band` the number of one of the rule's bands or null.
 */
export function score(rows, rule) {
  const meaning = { ...JUDGED, "": rule.blank, unobserved: rule.unobserved };
  const having = (how) => rows.filter((row) => meaning[row.value] === how);
  const weight = (some) => some.reduce((sum, row) => sum + rule.weights[row.level], 0);
  const [met, failed] = [having("met"), having("failed")];
  const reached = weight(met);
  const possible = reached + weight(failed);
  const gates = failed.filter((row) => rule.gate.includes(row.level)).map(({ id }) => id);
  const done = rows.filter((row) => row.value).length;
  const sums = { done, all: rows.length, judged: met.length + failed.length, reached, possible, gates };
  if (having("incomplete").length) return { ...sums, verdict: "partial", percent: null, band: null };
  const percent = possible ? Math.floor((100 * reached) / possible) : null;
  const verdict = gates.length ? "gate" : percent === null ? "empty" : "graded";
  return { ...sums, verdict, percent, band: bandOf(percent, verdict, rule) };
}

function bandOf(percent, verdict, { bands }) {
  if (!bands.length) return null;
  if (verdict === "gate") return bands.length - 1;
  return percent === null ? null : bands.findIndex((band) => percent >= band.at_least);
}

/** What was not met: the weightiest first, else in the list's order. */
export function failuresOf(rows, rule) {
  const failed = rows.filter((row) => row.value === "no");
  return failed.sort((one, other) => rule.weights[other.level] - rule.weights[one.level]);
}
