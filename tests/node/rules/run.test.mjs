/* What a run is, whatever it was made of: what is kept of a file, where it is cut, and two copies made one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

process.env.TZ = "America/Mexico_City";
const { LENGTHS, answerTo, dayIn, line, saidIn } = await import(`file://${process.env.SCRIPTS}/answer.js`);
const { countAnswers, sound } = await import(`file://${process.env.SCRIPTS}/run.js`);
const { begin, merged } = await import(`file://${process.env.SCRIPTS}/runs.js`);

const ANSWER = { value: "yes", digest: "d", text: "Saludé.", note: "", action: { what: "", who: "", by: "" }, photos: [], day: "", at: 5 };
const answered = (answers) => sound({ answers }).answers;
const long = (length) => "a".repeat(length);

test("a run begins with nothing answered, on its day", () => {
  const now = new Date("2026-11-22T08:05");
  const run = begin(now, { audit: true, edition: "2" });
  const { id, ...rest } = run;
  assert.match(id, /^[a-z0-9]{12,40}$/);
  assert.notEqual(begin(now, {}).id, id);
  const head = { name: "", place: "", date: "2026-11-22", hour: "08:05", audited: "", shift: "", sample: "" };
  assert.deepEqual(rest, { ...head, audit: true, edition: "2", begun: now.getTime(), day: "2026-11-22", touched: 0, answers: {} });
  assert.deepEqual(sound(run), run);
});

test("the id of a run is its moment and eight signs drawn by chance", (t) => {
  const now = new Date("2026-11-22T08:05");
  for (const [drawn, signs] of [[1 / 7, "55555555"], [0.5, "i0000000"], [0, "00000000"]]) {
    t.mock.method(Math, "random", () => drawn);
    assert.equal(begin(now, {}).id, now.getTime().toString(36) + signs);
  }
});

test("nothing makes an empty run", () => {
  for (const given of [undefined, null, "a", 4, [], {}]) {
    const { id, date, hour, audit, edition, begun, day, touched, answers, ended } = sound(given);
    assert.deepEqual([id, date, hour, audit, edition, begun, day, touched, answers, ended], ["", "", "", false, "", 0, "", 0, {}, undefined]);
  }
});

test("what has no right form is left out, what is too long is cut", () => {
  const run = sound({ id: "ABC", name: long(81), place: 4, date: "22-11-2026", hour: "8:05", audit: "yes", day: "2026-11-21", touched: -1, other: 1 });
  assert.deepEqual([run.id, run.name.length, run.place, run.date, run.hour, run.audit, run.day, run.touched, "other" in run], ["", 80, "", "", "", false, "2026-11-21", 0, false]);
  const ids = [long(5), long(6), long(40), long(41), "abc-def", "abc123"].map((id) => sound({ id }).id.length);
  assert.deepEqual(ids, [0, 6, 40, 0, 0, 6]);
  assert.deepEqual([line("abc", 2), line(4), line(long(100)).length], ["ab", "", 80]);
});

test("a day is one of the calendar, and a year below 100 one of this century", () => {
  const days = Object.entries(JSON.parse(readFileSync(process.env.DAYS, "utf8")));
  assert.ok(days.length > 20);
  for (const [text, day] of days) assert.equal(dayIn(text), day ?? "", text);
  assert.deepEqual([dayIn(undefined), dayIn(20261127), dayIn(["2026-11-27"])], ["", "", ""]);
  const { date, day, answers } = sound({ date: "0026-11-27", day: "0026-11-26", answers: { a: { value: "no", day: "0026-11-26", action: { by: "0026-12-01" } } } });
  assert.deepEqual([date, day, answers.a.day, answers.a.action.by], ["2026-11-27", "2026-11-26", "2026-11-26", "2026-12-01"]);
  assert.deepEqual([saidIn({ type: "date", value: "0026-11-27" }), saidIn({ type: "text", value: "0026-11-27" })], ["2026-11-27", "0026-11-27"]);
});

test("when it began is told, or when it was last touched, or its day", () => {
  const midnight = new Date("2026-11-22T00:00").getTime();
  assert.equal(sound({ begun: 7, touched: 8, date: "2026-11-22" }).begun, 7);
  assert.equal(sound({ begun: 0, touched: 8, date: "2026-11-22" }).begun, 8);
  assert.deepEqual([sound({ date: "2026-11-22" }).begun, sound({ date: "2026-11-22" }).day], [midnight, "2026-11-22"]);
  assert.equal(sound({ begun: Infinity, day: "2026-11-22", date: "2026-11-20" }).begun, midnight);
  assert.equal(sound({ begun: 0.5 }).begun, 0.5);
  assert.deepEqual([8.64e15, 8.65e15, 1e308].map((begun) => sound({ begun }).begun), [8.64e15, 0, 0]);
});

test("an answer has every part and nothing else", () => {
  assert.deepEqual(answered({ a: { value: "" } }).a, { ...ANSWER, value: "", digest: "", text: "", at: 0 });
  assert.deepEqual(answered({ a: { ...ANSWER, other: 1 } }), { a: ANSWER });
  const photos = ["a", 4, "b c", "d", "e", "f", "g", "h", "i"];
  const full = { value: "no", digest: long(65), text: long(401), note: long(501), action: { what: long(501), who: long(81), by: "2026-11-22" }, photos, day: "2026-11-22", at: 9 };
  const { value, digest, text, note, action, photos: kept, day, at } = answered({ a: full }).a;
  assert.deepEqual([value, digest.length, text.length, note.length, action.what.length, action.who.length, action.by, day, at], ["no", 64, 400, 500, 500, 80, "2026-11-22", "2026-11-22", 9]);
  assert.deepEqual(kept, ["a", "d", "e", "f", "g", "h"]);
  assert.deepEqual(answered({ a: { value: "na", action: "x", photos: "abc" } }).a.photos, []);
});

test("only answers that there are, to ids that may be", () => {
  const given = JSON.parse('{"__proto__": {"value": "yes"}}');
  for (const [id, value] of [["a", "yes"], ["b", "maybe"], ["c d", "yes"], ["é.1_-", "unobserved"], [long(200), "na"], [long(201), "no"]]) given[id] = { value };
  given.e = "yes";
  given.f = null;
  assert.deepEqual(Object.keys(answered(given)), ["a", "é.1_-", long(200)]);
  assert.deepEqual([answered(["x"]), answered([ANSWER])], [{}, {}]);
  const many = Object.fromEntries(Array.from({ length: 2001 }, (_, i) => [`r${i}`, { value: "yes" }]));
  assert.equal(Object.keys(answered(many)).length, 2000);
});

const ROW = { section: "s", title: "Parte", id: "a", digest: "d", text: "Saludé.", level: "essential" };
const ended = (more) => sound({ ended: { at: 5, by: "Ana" }, rows: [ROW], ...more });

test("a run that was ended keeps its rows and its rule", () => {
  assert.deepEqual([ended({ id: "abc123" }).id, ended({ name: "Ana" }).name], ["abc123", "Ana"]);
  const run = ended({ rule: { weights: { essential: 5, odd: 101, "": 2, none: 0, all: 100, half: 1.5, less: -1 }, gate: ["essential", 4], blank: "failed", unobserved: "failed", metric: "m" } });
  assert.deepEqual([run.ended, run.rows], [{ at: 5, by: "Ana", signed: [] }, [ROW]]);
  assert.deepEqual(run.rule, { weights: { essential: 5, none: 0, all: 100 }, gate: ["essential"], blank: "failed", unobserved: "failed", bands: [], metric: "m" });
});

test("a rule that does not say is the usual one", () => {
  for (const rule of [undefined, [], { weights: 4, gate: "essential", blank: "yes", bands: {} }, { weights: { essential: "3" } }])
    assert.deepEqual(ended({ rule }).rule, { weights: { essential: 3, expected: 2, excellence: 1 }, gate: [], blank: "incomplete", unobserved: "excluded", bands: [], metric: "" });
  assert.deepEqual([ended({ rule: { blank: "excluded", unobserved: "incomplete" } }).rule].map(({ blank, unobserved }) => [blank, unobserved]), [["excluded", "incomplete"]]);
});

test("the last band of a rule begins at nothing", () => {
  const bands = [{ at_least: 90, title: long(121), meaning: long(501) }, "odd", { at_least: "x", title: "B" }, { at_least: 40 }];
  const kept = ended({ rule: { bands } }).rule.bands;
  assert.deepEqual(kept.map(({ at_least }) => at_least), [90, 0, 0]);
  assert.deepEqual([kept[0].title.length, kept[0].meaning.length, kept[2].title], [120, 500, ""]);
  assert.equal(ended({ rule: { bands: Array.from({ length: 21 }, () => ({ at_least: 1 })) } }).rule.bands.length, 20);
});

test("who signed is kept, so many of them", () => {
  const signers = (signed) => ended({ ended: { at: 5, by: "Ana", signed } }).ended.signed;
  const name = (i) => ({ role: `Turno ${i}`, name: "Eva" });
  assert.deepEqual(signers(["odd", null, { ...name(1), other: 1 }, { role: long(81) }]), [name(1), { role: long(80), name: "" }]);
  const many = Array.from({ length: 21 }, (_, i) => name(i));
  assert.deepEqual(signers(many), many.slice(0, 20));
  for (const signed of [undefined, "abc", {}]) assert.deepEqual(signers(signed), []);
});

test("an end without rows, or with one that is none, is no end", () => {
  const many = (count) => Array.from({ length: count }, () => ROW);
  for (const rows of [[], undefined, {}, [ROW, "odd"], [ROW, null], [{ ...ROW, id: "" }], [{ ...ROW, level: "a b" }], [{ ...ROW, level: "constructor" }], many(2001)]) assert.equal(ended({ rows }).ended, undefined);
  assert.equal(ended({ rows: many(2000) }).rows.length, 2000);
  assert.equal(ended({ ended: { at: 0 } }).ended, undefined);
  // What a row weighs is told by the rule, else nobody could grade it.
  assert.equal(ended({ rule: { weights: { gone: 4 } } }).ended, undefined);
  assert.equal(ended({ rule: { weights: { gone: 4 } }, rows: [{ ...ROW, level: "gone" }] }).rows[0].level, "gone");
  assert.equal(ended({ ended: 5 }).ended, undefined);
  const cut = ended({ rows: [{ ...ROW, section: long(81), title: long(201), digest: long(65), text: long(401) }] }).rows[0];
  assert.deepEqual([cut.section.length, cut.title.length, cut.digest.length, cut.text.length], [80, 200, 64, 400]);
});

test("two copies become one: of each row the answer given last, ours where both are of one moment", () => {
  const old = (at, note) => ({ ...ANSWER, at, note });
  const stored = { name: "Ana", place: "Bar", touched: 1, answers: { a: old(5, "theirs"), b: old(6, "theirs"), c: old(5, "theirs"), d: old(1, "theirs") } };
  const mine = { name: "Eva", touched: 2, answers: { a: old(6, "mine"), b: old(5, "mine"), c: old(5, "mine"), e: old(1, "mine") } };
  const one = merged(stored, mine);
  assert.deepEqual(Object.entries(one.answers).map(([id, { note }]) => [id, note]), [["a", "mine"], ["b", "theirs"], ["c", "mine"], ["d", "theirs"], ["e", "mine"]]);
  assert.deepEqual([one.name, one.place, one.touched, stored.answers.a.note], ["Eva", "Bar", 2, "theirs"]);
  assert.equal(merged(undefined, mine), mine);
  const over = { ...stored, ended: { at: 3 } };
  assert.equal(merged(over, mine), over);
});

test("of the visit each window keeps what was written in it since it last saw the run", () => {
  const known = { name: "Ana", place: "", hour: "08:00", audit: false };
  const stored = { ...known, place: "Norte", audit: true, answers: {} };
  const mine = { ...known, name: "Eva", touched: 2, answers: {} };
  const { name, place, hour, audit, touched } = merged(stored, mine, known);
  assert.deepEqual([name, place, hour, audit, touched], ["Eva", "Norte", "08:00", true, 2]);
  // Both wrote: the one that writes now.
  assert.equal(merged(stored, { ...mine, place: "Sur" }, known).place, "Sur");
  // What was emptied here stays empty.
  assert.equal(merged({ ...known, answers: {} }, { ...mine, name: "" }, known).name, "");
});

test("a text is cut between two letters: half of one is none that another program reads", () => {
  assert.equal(line(`${long(LENGTHS.field - 1)}🙂`), long(LENGTHS.field - 1));
  assert.equal(line(`${long(LENGTHS.field - 2)}🙂b`), `${long(LENGTHS.field - 2)}🙂`);
  const { a } = answered({ a: { ...ANSWER, note: `${long(LENGTHS.note - 1)}🙂` } });
  assert.ok(a.note.isWellFormed());
});

test("answers are told by their own ids, and counted where they say something", () => {
  const run = { answers: { a: ANSWER, b: { ...ANSWER, value: "" }, c: { ...ANSWER, value: "na" } } };
  assert.deepEqual([answerTo(run, "a"), answerTo(run, "z"), answerTo(run, "toString")], [ANSWER, undefined, undefined]);
  assert.equal(countAnswers(run), 2);
  assert.equal(LENGTHS.photos, 6);
});
