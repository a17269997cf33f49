/**
 * A run's result: the verdict and what failed first, then what is done about it, then the sections, then every row.
 * A run that was ended is told from what it kept, never from what the page says today.
 */
import { answerTo } from "./answer.js";
import { dayOf, part } from "./page.js";
import { dayAt, hourAt } from "./period.js";
import { failuresOf, score } from "./score.js";

const NO_ANSWER = { value: "", note: "", action: { what: "", who: "", by: "" }, photos: [], day: "" };

/** The lines of a run, each a row with its answer: those that it kept, or those on the page. */
export function linesOf(run, rows, titleOf) {
  if (run.ended) return run.rows.map((row) => ({ ...row, ...NO_ANSWER, ...answerTo(run, row.id) }));
  return rows.map((row) => {
    const { id, section, text, level, digest, answer, value } = row;
    return { ...answer, id, section, title: titleOf(section), text, level, digest, value };
  });
}

/** What the lines of a run come to. */
export function resultOf(lines, rule, audit) {
  return score(countedOf(lines, audit), rule);
}

/** What counts of lines: where they are ticked, a box is done or it is not, whatever was answered before. */
export function countedOf(lines, audit) {
  return audit ? lines : lines.map((line) => ({ ...line, value: isTicked(line) ? "yes" : "" }));
}

/** What a run tells as not met: what failed, the weightiest first, or what was left undone of a list that was ended. */
export function unmetOf(run, lines, rule) {
  if (run.audit) return failuresOf(lines, rule);
  return run.ended ? lines.filter((line) => !isTicked(line)) : [];
}

function isTicked({ value }) {
  return value === "yes";
}

/** The sentences that say how a run came out: the verdict, and what it stands on. */
export function verdictOf(result, rule, words, audit) {
  const { done, all, percent } = result;
  if (!audit) return { verdict: words(done < all ? "verdict-partial" : "verdict-done", { done, all }), basis: "" };
  const band = result.band === null ? "" : rule.bands[result.band].title;
  const basis = percent === null ? "" : words("basis", { value: percent, judged: result.judged, all });
  if (result.verdict === "partial") return { verdict: words("verdict-partial", { done, all }), basis: words("basis-partial") };
  if (result.verdict === "gate") return { verdict: [words("verdict-gate"), band].filter(Boolean).join(" "), basis };
  if (result.verdict === "empty") return { verdict: "—", basis: words("basis-empty") };
  return { verdict: band || words("percent", { value: percent }), basis };
}

/** Show the result of a run in its place on the page. */
export function showReport(list, run, lines, rule, words) {
  const find = (name) => list.querySelector(`[data-pb-${name}]`);
  const result = resultOf(lines, rule, run.audit);
  const { verdict, basis } = verdictOf(result, rule, words, run.audit);
  find("verdict").textContent = verdict;
  find("overall").textContent = basis;
  find("asks").textContent = run.audit && result.band !== null ? rule.bands[result.band].meaning : "";
  showHead(find("about"), run, words);
  const unmet = unmetOf(run, lines, rule);
  const gates = unmet.filter((line) => run.audit && rule.gate.includes(line.level));
  // The rows to fill in are gone from a run that was ended: what failed leads to what was said of it.
  const placeOf = run.ended ? lineId : ({ id }) => id;
  fill(list, "gates", gates, (line) => failureOf(list, line, placeOf, words));
  const rest = unmet.filter((line) => !gates.includes(line));
  fill(list, "failed", rest, (line) => failureOf(list, line, placeOf, words));
  const acting = failuresOf(lines, rule).filter(({ action }) => action.what || action.who || action.by);
  fill(list, "todo", acting, (line) => actionOf(list, line, words));
  find("by-section").hidden = !run.audit;
  find("sections").replaceChildren(...sectionsIn(lines).map((some) => sectionOf(list, some, rule, words)));
  find("all-rows").hidden = !run.ended;
  find("lines").replaceChildren(...(run.ended ? lines.map((line) => rowOf(list, line, words)) : []));
}

function showHead(place, run, words) {
  const end = run.ended && new Date(run.ended.at);
  const known = ["place", "date", "hour", "name", "audited", "shift", "sample"].map((name) => [
    words(`head-${name}`),
    name === "date" ? dayOf(run.date) : run[name],
  ]);
  const signed = (run.ended?.signed ?? []).map(({ role, name }) => [role, name]);
  const ended = end && [dayOf(dayAt(end)), hourAt(end), run.ended.by].filter(Boolean).join(", ");
  const all = [...known, [words("head-ended"), ended], ...signed, [words("head-edition"), run.edition]];
  place.replaceChildren(...all.filter(([, value]) => value).map(headOf));
}

/** A label and its value in one cell, so that none stands under another's. */
function headOf([label, value]) {
  const cell = document.createElement("div");
  cell.append(element("dt", label), element("dd", value));
  return cell;
}

function fill(list, name, lines, make) {
  const place = list.querySelector(`[data-pb-${name}]`);
  place.hidden = !lines.length;
  place.querySelector("ol").replaceChildren(...lines.map(make));
}

function failureOf(list, line, placeOf, words) {
  const item = part(list, "failure");
  const link = item.querySelector("a");
  link.href = `#${placeOf(line)}`;
  link.textContent = line.text;
  item.querySelector(".pb-results__level").textContent = words(line.level);
  item.querySelector(".pb-results__note").textContent = line.note;
  item.dataset.pbPhotosOf = line.photos.join(" ");
  return item;
}

function actionOf(list, { text, action: { what, who, by } }, words) {
  const item = part(list, "action");
  item.querySelector("strong").textContent = what || words("action-unsaid");
  item.querySelector("span").textContent = [who, by && dayOf(by)].filter(Boolean).join(", ");
  item.querySelector("small").textContent = text;
  return item;
}

/** The lines of each section, in the list's order. */
export function sectionsIn(lines) {
  const found = new Map();
  for (const line of lines) found.set(line.section, [...(found.get(line.section) ?? []), line]);
  return [...found.values()];
}

function sectionOf(list, lines, rule, words) {
  const row = part(list, "section");
  const { verdict, percent } = score(lines, rule);
  const count = (value) => String(lines.filter((line) => line.value === value).length);
  const share = percent === null ? (verdict === "partial" ? words("partial") : "—") : words("percent", { value: percent });
  const texts = [lines[0].title, ...["yes", "no", "na", "unobserved"].map(count), share];
  texts.forEach((text, place) => (row.cells[place].textContent = text));
  return row;
}

/** The id of a row in the table of all rows, where the page has the row to fill in by its own. */
function lineId({ id }) {
  return `${id}.line`;
}

function rowOf(list, line, words) {
  const row = part(list, "line");
  row.id = lineId(line);
  const action = [line.action.what, line.action.who, line.action.by && dayOf(line.action.by)].filter(Boolean).join(", ");
  const texts = [line.text, words(line.value || "none"), [line.note, action, line.day && dayOf(line.day)].filter(Boolean).join(" · ")];
  texts.forEach((text, place) => (row.cells[place].textContent = text));
  return row;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
