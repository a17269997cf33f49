/* The scoring rule at its edges; tests/cases/scoring holds it to Python's besides, in a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { score, failuresOf } = await import(`file://${process.env.SCRIPTS}/score.js`);

const RULE = {
  weights: { essential: 3, expected: 2, excellence: 1 },
  gate: ["essential"],
  blank: "incomplete",
  unobserved: "excluded",
  bands: [{ at_least: 90 }, { at_least: 60 }, { at_least: 0 }],
};
const LEVELS = { E: "essential", X: "expected", "+": "excellence" };
const ANSWERS = { y: "yes", n: "no", a: "na", u: "unobserved", ".": "" };

/** Rows from their levels and answers, one sign each. */
function rows(levels, answers) {
  return [...levels].map((level, i) => ({ id: `r${i}`, level: LEVELS[level], value: ANSWERS[answers[i]] }));
}

function outcome(levels, answers, rule = {}) {
  const { percent, band, verdict } = score(rows(levels, answers), { ...RULE, ...rule });
  return [percent, band, verdict];
}

for (const [levels, answers, expected, rule] of [
  ["E", "y", [100, 0, "graded"]],
  ["X", "n", [0, 2, "graded"]],
  ["E", "n", [0, 2, "gate"]],
  ["EX", "yn", [60, 1, "graded"]], // 3 of 5: the band begins at its own number
  ["E+XX", "yynn", [50, 2, "graded"]],
  ["EEEX+", "yyyyn", [91, 0, "graded"]], // 11 of 12
  ["EEEX", "yyyy", [100, 0, "graded"]],
  ["EEX+", "yyny", [77, 1, "graded"]], // 7 of 9 is 77.8: rounded down
  ["XXX+", "yyyn", [85, 1, "graded"]], // 6 of 7 is 85.7
  ["EX", "nyy", [40, 2, "gate"]], // a failed gate is in the last band, whatever the per cent
  ["EXXXXXXXXXXXXXXX", "nyyyyyyyyyyyyyyy", [90, 2, "gate"]],
  ["EX", "na", [0, 2, "gate"]],
  ["E", "a", [null, null, "empty"]],
  ["EX", "uu", [null, null, "empty"]],
  ["EX", "y.", [null, null, "partial"]],
  ["EX", "n.", [null, null, "partial"]],
  ["EX", "y.", [60, 1, "graded"], { blank: "failed" }],
  ["EX", "y.", [100, 0, "graded"], { blank: "excluded" }],
  ["XE", "y.", [40, 2, "gate"], { blank: "failed" }],
  ["EX", "yu", [60, 1, "graded"], { unobserved: "failed" }],
  ["EX", "yu", [null, null, "partial"], { unobserved: "incomplete" }],
  ["EX", "ny", [40, 2, "graded"], { gate: [] }],
  ["EX", "ny", [40, null, "gate"], { bands: [] }],
  ["EX", "yn", [60, null, "graded"], { bands: [] }],
  ["", "", [null, null, "empty"]],
]) {
  test(`${levels} ${answers} ${JSON.stringify(rule ?? {})}`, () => assert.deepEqual(outcome(levels, answers, rule), expected));
}

test("the sums tell what was done, judged and reached, and which rows were gates", () => {
  const { done, all, judged, reached, possible, gates } = score(rows("EXE+X", "nya.n"), RULE);
  assert.deepEqual({ done, all, judged, reached, possible, gates }, { done: 4, all: 5, judged: 3, reached: 2, possible: 7, gates: ["r0"] });
  const whole = { done: 2, all: 2, judged: 2, reached: 3, possible: 5, gates: [], verdict: "graded", percent: 60, band: 1 };
  assert.deepEqual(score(rows("EX", "yn"), RULE), whole);
});

test("a free weight may be nothing: then there is no per cent", () => {
  const rule = { weights: { essential: 0, expected: 2, excellence: 1 } };
  assert.deepEqual(outcome("E", "y", rule), [null, null, "empty"]);
  assert.deepEqual(outcome("E", "n", rule), [null, 2, "gate"]);
});

test("failures come by weight, those of one weight in the list's order, and only what was answered with no", () => {
  const given = rows("+XE+XEE", "nnnnnyu");
  assert.deepEqual(failuresOf(given, RULE).map(({ id }) => id), ["r2", "r1", "r4", "r0", "r3"]);
  assert.deepEqual(given.map(({ id }) => id), ["r0", "r1", "r2", "r3", "r4", "r5", "r6"], "the list itself stays");
});
