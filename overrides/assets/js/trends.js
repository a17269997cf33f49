/**
 * What saved runs tell, as a report: headings, sentences, tables and charts, in the order they are read. The same as
 * `views/trends.py` makes, which tests hold this code to.
 */
import { dayOf, numberOf } from "./page.js";

// Tables show so many visits, the last ones; charts and data have all.
const SHOWN = 12;
const [WIDTH, HEIGHT] = [360, 170];
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 12, 14, 26];
const LEAST_GAP = 12;
const NONE = "—";
const DAY = 86_400_000;

/** The report of what `summarise` found; `say` gives the page's words (`sayingWith`). */
export function reportOf(summary, say) {
  return [...summary.checklists.flatMap((told) => reportOn(told, say)), ...notUsed(summary, say)];
}

/** How a report says things: the page's words, and days and numbers as its language writes them. */
export function sayingWith(words) {
  return {
    words,
    day: (date) => dayOf(date ?? ""),
    percent: (value) => (value === null ? NONE : words("percent", { value })),
    number: (value) => numberOf(Math.round(value * 100) / 100),
  };
}

function reportOn(told, say) {
  const { words, day } = say;
  const { places } = told;
  const runs = places.reduce((sum, place) => sum + place.runs.length, 0);
  const frame = { told, say, span: daysBetween(told.from, told.to) };
  return [
    heading(2, told.title),
    text(spanOf(told, { runs, places: places.length }, say)),
    ...changesIn(told, say),
    heading(3, words("places")),
    overviewOf(told, say),
    charts(places.map((place) => chartOf(frame, nameOf(place, say), place.runs))),
    ...overdueIn(told, say),
    ...againIn(told, say),
    ...places.flatMap((place) => placeOf(frame, place)),
    ...calibrationIn(told, say),
  ];
}

const heading = (level, said) => ({ kind: "heading", level, text: said });
const text = (said) => ({ kind: "text", text: said });
const table = (name, title, columns, rows) => ({ kind: "table", name, title, columns, rows });
/** A table's name, and its title: what it is of what. */
const titled = (name, { words }, ...of) => [name, `${words(name)}${words("colon")}${of.join(", ")}`];
const charts = (some) => ({ kind: "charts", charts: some });

function overviewOf({ title, places, overdue }, say) {
  const { words, day, percent } = say;
  const columns = ["place", "last", "result", "share", "change", "again-short", "overdue-short"];
  const rows = places.map(({ place, runs, again }) => {
    const last = runs[runs.length - 1];
    const late = overdue.filter((action) => action.place === place).length;
    const sums = [changeIn(runs, say), String(again.length), String(late)];
    return [nameOf({ place }, say), day(last.date), resultOf(last, say), percent(last.percent), ...sums];
  });
  return table(...titled("places", say, title), columns.map((name) => words(name)), rows);
}

/** What changed since the visit before, in the rows that both asked alike. */
function changeIn(runs, say) {
  const last = runs[runs.length - 1];
  const graded = runs.filter(({ date, percent }) => date < last.date && percent !== null);
  const before = graded[graded.length - 1];
  if (last.alike) return alikeIn(last, say);
  if (last.percent === null || !before || before.list !== last.list) return NONE;
  const change = last.percent - before.percent;
  if (!change) return "0";
  return change > 0 ? `+${change}` : `−${-change}`;
}

function alikeIn({ alike }, { words, percent }) {
  if (!alike) return "";
  return words("alike", { rows: alike.rows, before: percent(alike.before), percent: percent(alike.percent) });
}

function resultOf({ verdict, done, all, band, percent }, say) {
  const { words } = say;
  if (verdict === "partial") return words("verdict-partial", { done, all });
  if (verdict === "gate") return [words("verdict-gate"), band].filter(Boolean).join(" ");
  if (verdict === "empty") return NONE;
  return band || say.percent(percent);
}

/** Returns how many runs there are of how many places, and when: on one day, or from one to another. */
function spanOf({ from, to }, counts, { words, day }) {
  return from === to ? words("span-day", { ...counts, day: day(from) }) : words("span", { ...counts, from: day(from), to: day(to) });
}

function changesIn({ title, lists }, say) {
  const { words, day } = say;
  const rows = lists.flatMap(({ since, edition, changes }) =>
    changes ? changeRows(changes, say).map((line) => [day(since), edition, ...line]) : [],
  );
  if (!rows.length) return [];
  const columns = ["since", "edition", "what-changed", "before", "now"].map((name) => words(name));
  return [heading(3, words("changed")), text(words("changed-how")), table(...titled("changed", say, title), columns, rows)];
}

function changeRows({ added, removed, reworded, levels, rule }, { words }) {
  return [
    ...added.map((row) => [words("row-added"), NONE, row.text]),
    ...removed.map((row) => [words("row-removed"), row.text, NONE]),
    ...reworded.map((row) => [words("row-reworded"), row.before, row.text]),
    ...levels.map((row) => [words("row-level", { row: row.text }), words(row.before), words(row.level)]),
    ...(rule ? [[words("rule-changed"), NONE, NONE]] : []),
  ];
}

function overdueIn({ title, overdue }, say) {
  const { words, day } = say;
  const rows = overdue.map(({ what, who, by, days, place, text: row }) => {
    return [what || words("action-unsaid"), who || NONE, day(by), words("days", { days }), place, row];
  });
  return listOf(titled("overdue", say, title), ["what", "who", "by", "late", "place", "row"], rows, say);
}

function againIn({ title, places }, say) {
  const { words, day } = say;
  const rows = places.flatMap((place) =>
    place.again.map(({ text: row, level, gate, times, since }) => {
      const named = words(level) + (gate ? words("may-not-fail") : "");
      return [row, named, String(times), day(since), nameOf(place, say)];
    }),
  );
  return listOf(titled("again", say, title), ["row", "level", "times", "since", "place"], rows, say);
}

function listOf([name, title], columns, rows, { words }) {
  const titles = columns.map((column) => words(column));
  return [heading(3, words(name)), rows.length ? table(name, title, titles, rows) : text(words(`${name}-none`))];
}

function placeOf(frame, place) {
  const { say } = frame;
  const { words, day, percent } = say;
  const runs = place.runs.slice(-SHOWN);
  const of = [nameOf(place, say), frame.told.title];
  const all = place.runs.length;
  const columns = ["date", "auditor", "result", "share", "edition", "list-changed"].map((name) => words(name));
  const visits = runs.map((run) => {
    const result = [resultOf(run, say), percent(run.percent), run.edition, alikeIn(run, say)];
    return [day(run.date), run.name || NONE, ...result];
  });
  const lines = place.sections.map(({ title, points }) => [
    title || NONE,
    ...points.slice(-SHOWN).map((point) => percent(point.percent)),
  ]);
  const graded = ({ points }) =>
    // Which row may not fail is a matter of the whole list: no section has a verdict.
    place.runs.map((run, i) => ({ ...run, verdict: null, percent: points[i].percent })).filter((run) => run.percent !== null);
  return [
    heading(3, of[0]),
    ...(runs.length < all ? [text(words("shown", { shown: runs.length, all }))] : []),
    heading(4, words("visits")),
    table(...titled("visits", say, ...of), columns, visits),
    heading(4, words("sections")),
    table(...titled("sections", say, ...of), [words("section"), ...columnsOf(runs)], lines),
    charts(place.sections.map((section) => chartOf(frame, section.title || NONE, graded(section)))),
  ];
}

/** What tells a run from the others of a place: its day, and who looked where two did that day. */
function columnsOf(runs) {
  const days = runs.map(({ date }) => date);
  return runs.map(({ date, name }) => (days.indexOf(date) === days.lastIndexOf(date) ? date : `${date} ${name || NONE}`));
}

function chartOf(frame, title, runs) {
  const { told, say, span } = frame;
  const [marks, changes, lines] = [[], [], [[]]];
  runs.forEach(({ date, list, percent, verdict }, i) => {
    const x = across(frame, date);
    if (i && list !== runs[i - 1].list) {
      changes.push(x);
      lines.push([]);
    }
    if (percent === null) {
      marks.push({ x, y: HEIGHT - BOTTOM, form: "partial" });
      return;
    }
    const y = down(percent);
    marks.push({ x, y, form: verdict === "gate" ? "gate" : "graded" });
    lines[lines.length - 1].push(`${x},${y}`);
  });
  return {
    title,
    description: descriptionOf(title, runs, say),
    bands: bandsIn(told),
    lines: lines.filter((points) => points.length > 1).map((points) => points.join(" ")),
    changes,
    marks,
    ends: [say.day(told.from), span ? say.day(told.to) : ""],
    kind: "chart",
  };
}

function descriptionOf(title, runs, { words, day, percent }) {
  const graded = runs.filter((run) => run.percent !== null);
  if (!graded.length) return words("chart-empty", { title });
  const [first, last] = [graded[0], graded[graded.length - 1]];
  const gates = runs.filter(({ verdict }) => verdict === "gate").length;
  const key = runs[0].verdict ? "chart" : "chart-section";
  const told = { title, count: runs.length, gates };
  if (graded.length === 1) return words(`${key}-day`, { ...told, value: percent(first.percent), day: day(first.date) });
  const days = { from: day(first.date), to: day(last.date) };
  const shares = { first: percent(first.percent), last: percent(last.percent) };
  return words(key, { ...told, ...shares, ...days });
}

/** The lines across: where grades begin, and the ends; what has no room has no number. */
function bandsIn({ bands }) {
  const taken = [];
  return [0, 100, ...bands.map(({ at_least }) => at_least)].flatMap((percent) => {
    const y = down(percent);
    if (taken.includes(y)) return [];
    const free = taken.every((other) => Math.abs(y - other) >= LEAST_GAP);
    taken.push(y);
    return [[y, free ? String(percent) : ""]];
  });
}

function across({ told, span }, date) {
  const width = WIDTH - LEFT - RIGHT;
  return LEFT + Math.floor(span ? (width * daysBetween(told.from, date)) / span : width / 2);
}

function down(percent) {
  return HEIGHT - BOTTOM - Math.floor(((HEIGHT - TOP - BOTTOM) * percent) / 100);
}

function daysBetween(one, other) {
  return Math.round((Date.parse(other) - Date.parse(one)) / DAY);
}

function calibrationIn({ title, calibration: pairs }, say) {
  const { words, day, percent, number } = say;
  if (!pairs.length) return [];
  const people = ({ names }) => names.map((name) => name || NONE).join(" · ");
  const columns = ["date", "place", "people", "rows-both", "agreed", "kappa"];
  const rows = pairs.map((pair) => {
    const share = pair.count ? Math.floor((100 * pair.agreed) / pair.count) : null;
    const figures = [String(pair.count), percent(share), pair.kappa === null ? NONE : number(pair.kappa)];
    return [day(pair.date), pair.place || words("unsaid"), people(pair), ...figures];
  });
  const parted = pairs.flatMap((pair) =>
    pair.parted.map((row) => [row.text, day(pair.date), people(pair), ...row.answers.map((answer) => words(answer || "none"))]),
  );
  const titles = ["row", "date", "people", "first-person", "second-person"];
  return [
    heading(3, words("calibration")),
    text(words("calibration-how")),
    table(...titled("calibration", say, title), columns.map((name) => words(name)), rows),
    ...(parted.length
      ? [heading(4, words("parted")), table(...titled("parted", say, title), titles.map((name) => words(name)), parted)]
      : []),
  ];
}

function notUsed({ refused, copies }, { words }) {
  const rows = [
    ...refused.map(({ file, trouble, place }) => [file, words(`trouble-${trouble}`), place || NONE]),
    ...copies.map(({ file, of }) => [file, words("copy", { file: of }), NONE]),
  ];
  if (!rows.length) return [];
  return [heading(2, words("not-used")), table("not-used", words("not-used"), ["file", "why", "where"].map((name) => words(name)), rows)];
}

function nameOf({ place }, { words }) {
  return place || words("unsaid");
}
