/**
 * What was searched on this device and led nowhere, for whoever edits the playbook: they see what people ask. It stays
 * here until they delete it, also once they have it as a file, and is never sent.
 */
import { Store } from "./store.js";

const store = new Store("asked", () => {});
const NAME = "searches";
// The oldest make room for new ones.
export const MOST = 200;
const LONGEST = 200;
const SHORTEST = 3;

/** What is kept, the last one first: `query`, `times`, `found`, the time of the `last` one and the `edition` it was in. */
export function searches() {
  const kept = store.fresh(NAME);
  return Array.isArray(kept) ? kept.filter((one) => typeof one?.query === "string") : [];
}

/** Notes a search with so many results, none of which was opened. */
export function note(text, found, edition) {
  const query = text.replace(/\s+/g, " ").trim().slice(0, LONGEST);
  if (query.length < SHORTEST) return;
  const isSame = (one) => plain(one.query) === plain(query);
  const kept = searches();
  const before = kept.find(isSame);
  const one = { query, times: (before?.times ?? 0) + 1, found, last: new Date().toISOString(), edition };
  store.set(NAME, [one, ...kept.filter((other) => !isSame(other))].slice(0, MOST));
}

/** Forgets them all. */
export function forget() {
  store.delete(NAME);
}

function plain(query) {
  return query.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
