/**
 * What this tab's search asked last, and the passage that a result promised of the page that it leads to. Where a
 * tab keeps nothing, the search starts empty and pages open at their sections.
 */
import { SITE } from "./page.js";

const [SEARCH, PASSAGE] = ["search", "passage"].map((name) => `pb:${SITE}:${name}`);

export function lastSearch() {
  return read(SEARCH);
}

export function keepSearch(query) {
  write(SEARCH, query);
}

/** Notes the page that a result leads to, and the text that is to be marked on it. */
export function promise(page, text) {
  write(PASSAGE, text && JSON.stringify({ page, text }));
}

/** Shows what a result promised, on the page that it led to. */
export function arrive() {
  if (read(PASSAGE)) land();
}

/** Shows what was promised of this page, once: the passage is marked, and clear of what sticks to the window's edges. */
export function land() {
  const kept = read(PASSAGE);
  if (kept) write(PASSAGE, "");
  const { page, text } = kept ? JSON.parse(kept) : {};
  const passage = page === location.pathname ? blockWith(text) : null;
  const place = passage ?? target();
  if (!place) return;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  passage?.classList.add("pb-passage");
  place.scrollIntoView({ block: passage ? "center" : "start" });
}

function target() {
  return location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
}

/** Returns the smallest part of the page that holds a text: in or after the section that the address names, or anywhere. */
function blockWith(text) {
  const wanted = plain(text);
  const blocks = [...document.querySelectorAll("main :is(p, li, dt, dd, td, th, label, caption, blockquote)")];
  const holding = blocks.filter((block) => plain(block.textContent).includes(wanted));
  const smallest = holding.filter((block) => !holding.some((other) => other !== block && block.contains(other)));
  const from = target();
  const { DOCUMENT_POSITION_FOLLOWING: after } = Node;
  return smallest.find((block) => from && from.compareDocumentPosition(block) & after) ?? smallest[0];
}

function plain(text) {
  return text.replace(/\s+/g, " ").trim();
}

function read(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function write(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // Nothing kept: see above.
  }
}
