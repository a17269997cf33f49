/** The passage that a result of the search promised of the page that it leads to. */
import { PASSAGE, keep, kept } from "./tab.js";

/** Notes the page that a result leads to, and the text that is to be marked on it. */
export function promise(page, text) {
  keep(PASSAGE, text && JSON.stringify({ page, text }));
}

/** Shows what was promised of this page, once: the passage is marked, and clear of what sticks to the window's edges. */
export function land() {
  const promised = kept(PASSAGE);
  if (promised) keep(PASSAGE, "");
  const { page, text } = promised ? JSON.parse(promised) : {};
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
