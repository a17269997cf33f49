/** How runs come to be in a window: one begins, or two windows' copies of one are made one (`run.js` tells what a run is). */
import { answerTo } from "./answer.js";
import { dayAt, hourAt } from "./period.js";
import { HEAD } from "./run.js";

/** A run that begins now. */
export function begin(now, { audit, edition }) {
  const random = Math.random().toString(36).slice(2, 10).padEnd(8, "0");
  const about = { name: "", place: "", date: dayAt(now), hour: hourAt(now), audited: "", shift: "", sample: "" };
  const id = now.getTime().toString(36) + random;
  return { id, ...about, audit, edition, begun: now.getTime(), day: dayAt(now), touched: 0, answers: {} };
}

/**
 * Two copies of a run as one: of each row the answer given last, of the visit what was written here since the run was
 * `known` to be kept, else what is stored; a run that was ended stays as it was.
 */
export function merged(stored, mine, known = {}) {
  if (!stored) return mine;
  if (stored.ended) return stored;
  const answers = { ...stored.answers };
  for (const [id, answer] of Object.entries(mine.answers))
    if (!(answerTo({ answers }, id)?.at > answer.at)) answers[id] = answer;
  const untouched = [...HEAD, "audit"].filter((name) => name in stored && mine[name] === known[name]);
  const visit = Object.fromEntries(untouched.map((name) => [name, stored[name]]));
  return { ...stored, ...mine, ...visit, answers };
}
