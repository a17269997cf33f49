/* Narrows a list to the entries that have the words chosen, and keeps the choice in the page's address. */

import { wordsOf } from "./page.js";

/** Brings the fields of a list to life. `element` holds the form, the place for the count, and the cards. */
export function start(element) {
  const form = element.querySelector("form");
  const status = element.querySelector("[role=status]");
  const cards = [...element.querySelectorAll(".pb-card")];
  const fields = [...form.querySelectorAll("select")];
  const say = wordsOf(element);

  function show() {
    const chosen = fields.filter((field) => field.value);
    for (const card of cards) card.hidden = !chosen.every((field) => has(card, field.dataset.field, field.value));
    const shown = cards.filter((card) => !card.hidden).length;
    status.textContent = say(shown ? "count" : "none", { shown, all: cards.length });
  }

  function read() {
    const asked = new URLSearchParams(location.search);
    for (const field of fields) {
      const value = asked.get(field.name) ?? "";
      field.value = [...field.options].some((option) => option.value === value) ? value : "";
    }
    show();
  }

  function write() {
    const address = new URL(location);
    for (const field of fields) {
      if (field.value) address.searchParams.set(field.name, field.value);
      else address.searchParams.delete(field.name);
    }
    history.replaceState(history.state, "", address);
    show();
  }

  form.addEventListener("change", write);
  // The fields are empty only after the event has run its course.
  form.addEventListener("reset", () => setTimeout(write));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", read);
  form.hidden = false;
  read();
  const roomy = matchMedia("(min-width: 60em)").matches;
  form.querySelector("details").open = roomy || fields.some((field) => field.value);
}

function has(card, field, word) {
  return card.getAttribute(`data-${field}`)?.split(" ").includes(word);
}
