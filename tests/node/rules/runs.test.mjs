/* How a run begins, and how two windows' copies of one are made one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, merged } from "../../../overrides/assets/js/runs.js";

const HEAD = { name: "", place: "", date: "2026-05-04", hour: "09:00", audited: "", shift: "", sample: "" };
const run = (said = {}, answers = {}) => ({ ...HEAD, id: "a", audit: false, ...said, answers });
const said = (value, at) => ({ value, at });

test("a run begins on the day and at the hour of its place, unnamed and unanswered", () => {
  const now = new Date(2026, 4, 4, 9, 5);
  const made = begin(now, { audit: true, edition: "2026.1" });
  assert.deepEqual(made, {
    ...HEAD,
    hour: "09:05",
    id: made.id,
    audit: true,
    edition: "2026.1",
    begun: now.getTime(),
    day: "2026-05-04",
    touched: 0,
    answers: {},
  });
  assert.match(made.id, /^[0-9a-z]{16,}$/);
  assert.notEqual(begin(now, { audit: true, edition: "2026.1" }).id, made.id);
});

test("what was never kept is as it is here", () => {
  const mine = run({}, { a: said("yes", 1) });
  assert.equal(merged(null, mine), mine);
});

test("a run that another window ended stays as it was ended", () => {
  const ended = run({ ended: { at: 5 } }, { a: said("no", 1) });
  assert.equal(merged(ended, run({ place: "Sur" }, { a: said("yes", 9) }), run()), ended);
});

test("of each row the answer given last holds, and at one moment the one given here", () => {
  const stored = run({}, { a: said("no", 3), b: said("no", 3), c: said("no", 3), d: said("no", 3) });
  const mine = run({}, { a: said("yes", 2), b: said("yes", 3), c: said("yes", 4), e: said("yes", 1) });
  const { answers } = merged(stored, mine, stored);
  const values = Object.fromEntries(Object.entries(answers).map(([id, { value }]) => [id, value]));
  assert.deepEqual(values, { a: "no", b: "yes", c: "yes", d: "no", e: "yes" });
});

test("of the visit, what was written here since it was kept holds, else what another window wrote", () => {
  const known = run({ place: "Sur", name: "Ana" });
  const stored = { ...known, name: "Beto", audit: true, edition: "2" };
  const mine = { ...known, place: "Norte", edition: "1" };
  const { place, name, audit, edition } = merged(stored, mine, known);
  assert.deepEqual({ place, name, audit, edition }, { place: "Norte", name: "Beto", audit: true, edition: "1" });
});
