/**
 * Saved runs over time, as plain data: how places and sections fare, what fails again, what is overdue, who sees
 * alike. The same as `views/audits.py` says, which tests hold this code to.
 */
import { dayIn } from "./answer.js";
import { compare, latestCopies } from "./saved.js";
import { score } from "./score.js";

// A row that failed at so many visits to a place, one after the other, fails again.
const AGAIN = 2;
const DAY = 86_400_000;

/** What files tell (runs, and those that were refused); `today` is a day as text. */
export function summarise(found, today) {
  const [runs, copies] = latestCopies(found.filter(({ trouble }) => !trouble));
  const lists = grouped(runs, ({ checklist }) => checklist);
  const byFile = (one, other) => compare(one.file, other.file);
  return {
    checklists: [...lists.keys()].sort(compare).map((name) => checklistIn(lists.get(name), today)),
    refused: found.filter(({ trouble }) => trouble).sort(byFile),
    copies: copies.sort(byFile),
  };
}

function checklistIn(runs, today) {
  const [lists, listOf] = listsOf(runs);
  const places = grouped(runs, ({ place }) => folded(place));
  const order = [...places.keys()].sort(compare).map((name) => places.get(name));
  const [first, last] = [runs[0], runs[runs.length - 1]];
  return {
    checklist: last.checklist,
    title: last.title,
    from: first.date,
    to: last.date,
    bands: last.rule.bands,
    lists,
    places: order.map((some) => placeIn(some, listOf)),
    overdue: overdueIn(order, today),
    calibration: order.flatMap(calibrationIn),
  };
}

function placeIn(runs, listOf) {
  const points = runs.map((run, i) => {
    const number = listOf.get(run);
    const changed = i > 0 && listOf.get(runs[i - 1]) !== number;
    return { ...pointOf(run, number), alike: changed ? alike(runs[i - 1], run) : null };
  });
  return { place: runs[runs.length - 1].place, runs: points, sections: sectionsIn(runs), again: againIn(runs) };
}

function pointOf({ file, date, hour, name, edition, result, rule }, list) {
  const { verdict, done, all, percent, gates } = result;
  const band = result.band === null ? null : rule.bands[result.band].title;
  return { file, date, hour, name, edition, list, verdict, done, all, percent, band, gates };
}

function sectionsIn(runs) {
  const titles = new Map();
  for (const { lines } of runs) for (const { section, title } of lines) titles.set(section, title);
  return [...titles].map(([section, title]) => ({
    section,
    title,
    points: runs.map(({ date, lines, rule }) => {
      return { date, percent: score(lines.filter((line) => line.section === section), rule).percent };
    }),
  }));
}

/** The rows that failed at the last visits in a row, in the same words, the most often first. */
function againIn(runs) {
  const visits = [...grouped(runs, ({ date }) => date).values()].reverse();
  const { lines, rule } = runs[runs.length - 1];
  const found = [];
  for (const { id, text, level, digest } of lines) {
    let [since, times] = ["", 0];
    for (const visit of visits) {
      const asked = visit.map(({ byId }) => byId.get(id)).filter(Boolean);
      if (asked.some((then) => then.digest !== digest)) break;
      const answers = asked.map(({ answer }) => answer);
      if (answers.includes("no")) [since, times] = [visit[0].date, times + 1];
      else if (answers.includes("yes")) break;
    }
    if (times >= AGAIN) found.push({ id, text, level, gate: rule.gate.includes(level), times, since });
  }
  const weight = ({ level }) => rule.weights[level];
  return found.sort((one, other) => other.times - one.times || other.gate - one.gate || weight(other) - weight(one));
}

/** The actions whose day has passed, unless the row was met on a later day or a new day was set. */
function overdueIn(places, today) {
  const found = [];
  for (const runs of places) {
    const open = new Map();
    for (const run of runs)
      for (const line of run.lines) {
        const key = JSON.stringify([line.id, line.digest]);
        if (line.answer === "no" && dayIn(line.action.by)) open.set(key, { run, line });
        else if (line.answer === "yes" && open.has(key) && open.get(key).run.date < run.date) open.delete(key);
      }
    const { place } = runs[runs.length - 1];
    for (const { run, line } of open.values()) {
      if (line.action.by >= today) continue;
      const { id, text, level, action } = line;
      const days = Math.round((Date.parse(today) - Date.parse(action.by)) / DAY);
      found.push({ place, date: run.date, id, text, level, ...action, days });
    }
  }
  return found.sort(
    (one, other) =>
      compare(one.by, other.by) || compare(folded(one.place), folded(other.place)) || compare(one.id, other.id),
  );
}

/** For two runs of one visit by two people: how far they agree, and where they part. */
function calibrationIn(runs) {
  const found = [];
  for (const visit of grouped(runs, ({ date }) => date).values())
    visit.forEach((one, i) => {
      for (const other of visit.slice(i + 1)) {
        if (folded(one.name) === folded(other.name)) continue;
        const both = one.lines.map((line) => [line, other.byId.get(line.id)]).filter(([line, then]) => answeredAlike(line, then));
        const parted = both.filter(([line, then]) => line.answer !== then.answer);
        found.push({
          place: one.place,
          date: one.date,
          names: [one.name, other.name],
          ...agreementOf(both.map(([line, then]) => [line.answer, then.answer])),
          parted: parted.map(([{ id, text, answer }, then]) => ({ id, text, answers: [answer, then.answer] })),
        });
      }
    });
  return found;
}

function answeredAlike(line, then) {
  return then && then.digest === line.digest && line.answer && then.answer;
}

/**
 * Of how many rows both gave an answer, in how many the same, and Cohen's kappa, or null where chance alone agrees on
 * all. In whole numbers, so that the division is the only place where anything is rounded.
 */
export function agreementOf(pairs) {
  const count = pairs.length;
  const agreed = pairs.filter(([one, other]) => one === other).length;
  const times = (place, word) => pairs.filter((pair) => pair[place] === word).length;
  const chance = [...new Set(pairs.map(([one]) => one))].reduce((sum, word) => sum + times(0, word) * times(1, word), 0);
  const open = count * count - chance;
  return { count, agreed, kappa: open ? (count * agreed - chance) / open : null };
}

/** The lists that runs were made with, the first used first, and which of them each run's is. */
function listsOf(runs) {
  const first = new Map();
  const numbers = new Map();
  const listOf = new Map();
  const uses = [];
  for (const run of runs) {
    const asked = askedIn(run);
    if (!first.has(asked)) {
      numbers.set(asked, first.size);
      first.set(asked, run);
      uses.push(0);
    }
    uses[numbers.get(asked)] += 1;
    listOf.set(run, numbers.get(asked));
  }
  const all = [...first.values()];
  const lists = all.map((run, i) => ({
    edition: run.edition,
    since: run.date,
    runs: uses[i],
    rows: run.lines.length,
    changes: i ? changesIn(all[i - 1], run) : null,
  }));
  return [lists, listOf];
}

function askedIn(run) {
  const rows = run.lines.map(({ id, digest, level }) => [id, digest, level]).sort((one, other) => compare(one[0], other[0]));
  return JSON.stringify([rows, ruleText(run)]);
}

function ruleText({ rule }) {
  const weights = Object.entries(rule.weights).sort((one, other) => compare(one[0], other[0]));
  return JSON.stringify([weights, [...rule.gate].sort(compare), rule.blank, rule.unobserved, rule.bands]);
}

function changesIn(before, now) {
  const both = now.lines.map((line) => [before.byId.get(line.id), line]).filter(([then]) => then);
  const row = ({ id, text }) => ({ id, text });
  return {
    added: now.lines.filter(({ id }) => !before.byId.has(id)).map(row),
    removed: before.lines.filter(({ id }) => !now.byId.has(id)).map(row),
    reworded: both
      .filter(([then, line]) => then.digest !== line.digest)
      .map(([then, { id, text }]) => ({ id, before: then.text, text })),
    levels: both
      .filter(([then, line]) => then.level !== line.level)
      .map(([then, { id, text, level }]) => ({ id, text, before: then.level, level })),
    rule: ruleText(before) !== ruleText(now),
  };
}

/** How two runs of different lists compare in the rows that both asked in the same words. */
function alike(before, now) {
  const same = now.lines.filter((line) => before.byId.get(line.id)?.digest === line.digest);
  const ids = new Set(same.map(({ id }) => id));
  const then = before.lines.filter(({ id }) => ids.has(id)).map((line) => ({ ...line, level: now.byId.get(line.id).level }));
  return { rows: ids.size, before: score(then, now.rule).percent, percent: score(same, now.rule).percent };
}

function grouped(all, nameOf) {
  const found = new Map();
  for (const one of all) {
    const name = nameOf(one);
    if (found.has(name)) found.get(name).push(one);
    else found.set(name, [one]);
  }
  return found;
}

/** A name as it is told from others: no two people write it quite alike. */
function folded(name) {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
