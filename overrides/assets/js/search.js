/* The search in the header: what opens it and closes it. The dialog's own module, and its engine, come when it opens. */

import { able } from "./dialog.js";
import { wordsOf } from "./page.js";
import { OPEN, PASSAGE, kept } from "./tab.js";

// A link that leads to a list opens the search instead, where there is one.
const FIND = ".pb-find";

/** Brings the search to life. `element` holds its button, its dialog and the root of the site. */
export function start(element) {
  const button = element.querySelector("[data-pb-open]");
  const dialog = able(element.querySelector("dialog"));
  const input = dialog.querySelector("input");
  let loading = null;
  // Whether the entry of a closed dialog is on its way out of the history: a browser takes a moment for that.
  let leaving = false;

  function load() {
    loading ??= import("./search-dialog.js").then(({ Search }) => new Search(element));
    return loading.catch(() => {
      loading = null;
      dialog.querySelector("[role=status]").textContent = wordsOf(element)("unavailable");
    });
  }

  /** The field has the focus at once, so that a phone brings its keyboard; what is typed before the module, it takes up. */
  function show() {
    dialog.showModal();
    input.focus();
    input.select();
    return load();
  }

  /** Gives the dialog an entry of its own in the tab's history, so that Back closes it. */
  function enter() {
    if (!history.state?.[OPEN]) history.pushState({ ...history.state, [OPEN]: {} }, "");
  }

  function open() {
    if (dialog.open) return input.select();
    enter();
    return show().then((search) => search?.begin());
  }

  /** Closed by its button, by Esc or beside it, the dialog takes its entry of the history along. */
  function leave() {
    if (dialog.open || !history.state?.[OPEN]) return;
    leaving = true;
    history.back();
  }

  /** Opens and closes with the history: who comes back from a result finds the list as it was. */
  function follow() {
    const left = leaving;
    leaving = false;
    // It was opened again before its old entry had gone.
    if (left && dialog.open) return enter();
    const entry = history.state?.[OPEN];
    if (entry && !dialog.open) show().then((search) => search?.restore(entry));
    else if (!entry && dialog.open) dialog.close();
  }

  button.hidden = false;
  button.addEventListener("click", open);
  button.addEventListener("pointerenter", load, { once: true });
  for (const link of document.querySelectorAll(FIND)) takeOver(link, open);
  dialog.addEventListener("close", leave);
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.querySelector("[data-pb-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => opens(event) && (event.preventDefault(), open()));
  addEventListener("popstate", follow);
  follow();
  if (kept(PASSAGE)) import("./passage.js").then(({ land }) => land());
}

function takeOver(link, open) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    open();
  });
}

function opens(event) {
  const combined = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  return combined || (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target));
}

function isTyping(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}
