/* When a run is still today's, at the last moment and the first one after. */
import assert from "node:assert/strict";
import { test } from "node:test";

process.env.TZ = "America/Mexico_City";
const { dayAt, hourAt, isCurrent } = await import(`file://${process.env.SCRIPTS}/period.js`);

const MINUTE = 60_000;
const at = (text) => new Date(text);
const run = (text) => ({ begun: at(text).getTime(), day: dayAt(at(text)) });

test("a day and an hour are those of the device, in two figures", () => {
  assert.equal(dayAt(at("2026-03-05T00:00")), "2026-03-05");
  assert.equal(dayAt(at("2026-12-31T23:59")), "2026-12-31");
  assert.equal(dayAt(at("2026-11-22T18:30")), "2026-11-22"); // the 23rd in London
  assert.equal(hourAt(at("2026-03-05T08:05:59")), "08:05");
});

for (const [period, begun, now, expected] of [
  ["once", "2024-01-01T08:00", "2026-11-22T08:00", true],
  // A shift lasts ten hours, whatever the day.
  ["shift", "2026-11-22T20:00", "2026-11-23T05:59", true],
  ["shift", "2026-11-22T20:00", "2026-11-23T06:00", false],
  ["shift", "2026-11-22T08:00", "2026-11-22T19:00", false],
  ["day", "2026-11-22T00:00", "2026-11-22T23:59", true],
  ["day", "2026-11-22T23:59", "2026-11-23T00:00", false],
  ["day", "2026-11-22T23:00", "2026-11-23T01:00", false],
  // A visit is its day's, and past midnight for four hours.
  ["visit", "2026-11-22T08:00", "2026-11-22T23:00", true],
  ["visit", "2026-11-22T22:00", "2026-11-23T01:59", true],
  ["visit", "2026-11-22T22:00", "2026-11-23T02:00", false],
  // Weeks begin on Monday: 2026-11-23 is one.
  ["week", "2026-11-23T00:00", "2026-11-29T23:59", true],
  ["week", "2026-11-22T23:59", "2026-11-23T00:00", false],
  ["week", "2026-11-29T12:00", "2026-11-30T12:00", false],
  ["week", "2026-12-28T12:00", "2027-01-03T12:00", true], // over New Year
  ["month", "2026-11-01T00:00", "2026-11-30T23:59", true],
  ["month", "2026-10-31T23:00", "2026-11-01T00:00", false],
  ["month", "2025-11-22T12:00", "2026-11-22T12:00", false],
  ["week", "2026-01-05T12:00", "2026-02-03T12:00", false],
  // A clock set back a day at most is one that was mended.
  ["day", "2026-11-23T08:00", "2026-11-22T08:00", true],
  ["day", "2026-11-23T08:01", "2026-11-22T08:00", false],
  ["once", "2026-11-23T08:01", "2026-11-22T08:00", false],
  ["shift", "2026-11-23T08:00", "2026-11-22T08:00", true],
  ["month", "2026-12-01T08:00", "2026-11-30T09:00", true],
]) {
  test(`${period}: ${begun} at ${now}`, () => assert.equal(isCurrent(run(begun), period, at(now)), expected));
}

test("a run of no day is over in every period that has days", () => {
  const now = at("2026-11-22T12:00");
  const found = ["visit", "shift", "day", "week", "month"].map((period) => isCurrent({ begun: now.getTime(), day: "" }, period, now));
  assert.deepEqual(found, [false, false, false, false, false]);
});

test("who travels west is still in the day that the run began in", () => {
  const begun = at("2026-11-22T23:30").getTime();
  assert.equal(isCurrent({ begun, day: "2026-11-23" }, "day", new Date(begun + 5 * MINUTE)), true);
  assert.equal(isCurrent({ begun, day: "2026-11-21" }, "day", new Date(begun + 5 * MINUTE)), false);
});
