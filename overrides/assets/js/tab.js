/** What this tab keeps from one page of the site to the next; where it keeps nothing, everything is an empty text. */
import { SITE } from "./page.js";

/** The last search, and the passage that a result promised of the page that it leads to. */
export const [SEARCH, PASSAGE] = ["search", "passage"].map((name) => `pb:${SITE}:${name}`);

/** The key under which the tab's history says that the search is open, and as what. */
export const OPEN = "pbSearch";

export function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

export function keep(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // The search starts empty then, and pages open at their sections.
  }
}
