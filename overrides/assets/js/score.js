/** How far a run has come, and how well it went. Pure: rows in, numbers out. */

/** The rows as a run that is not on the page answers them; an answer to other words is none. */
export function rowsIn(run, rows) {
  return rows.map(({ id, digest, weight, section, text }) => {
    const { value = "", digest: read } = run.answers[id] ?? {};
    return { id, weight, section, text, value: read === digest ? value : "" };
  });
}

/** How many rows are answered, of how many. */
export function progressOf(rows) {
  return { done: rows.filter((row) => row.value).length, all: rows.length };
}

/** The weighted share of what applies that was met, from 0 to 100 (100 only if all of it), or undefined while nothing is judged. */
export function scoreOf(rows) {
  const judged = rows.filter((row) => row.value === "yes" || row.value === "no");
  const weight = (some) => some.reduce((sum, row) => sum + row.weight, 0);
  if (!judged.length) return undefined;
  return Math.floor((100 * weight(judged.filter((row) => row.value === "yes"))) / weight(judged));
}

/** What was not met: the weightiest first, else in the list's order. */
export function failuresOf(rows) {
  return rows.filter((row) => row.value === "no").sort((one, other) => other.weight - one.weight);
}
