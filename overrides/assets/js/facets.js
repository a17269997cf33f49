/* Narrows a list to the entries that have the words chosen, and keeps the choice in the page's address. */

import { wordsOf } from "./page.js";
import { jobKept, keepJob } from "./reader.js";

// Whoever chooses a job here, or comes by one and has none yet, is met with it on the home page too.
const JOB = "roles";

/** Brings the fields of a list to life. `element` holds the form, the place for the count, and the cards. */
export function start(element) {
  const form = element.querySelector("form");
  const status = form.querySelector("[role=status]");
  const reset = form.querySelector("[type=reset]");
  const cards = [...element.querySelectorAll(".pb-card")];
  const fields = [...form.querySelectorAll("select")];
  const say = wordsOf(element);

  function show() {
    const chosen = fields.filter((field) => field.value);
    const fits = (card, some) => some.every((field) => has(card, field.dataset.field, field.value));
    for (const card of cards) card.hidden = !fits(card, chosen);
    for (const field of fields) count(field, cards.filter((card) => fits(card, chosen.filter((one) => one !== field))));
    const shown = cards.filter((card) => !card.hidden).length;
    status.textContent = shown ? told(chosen, shown) : say("none");
    reset.hidden = !chosen.length;
  }

  /** «Recepción y mostrador: 37 estándares», or «88 estándares» while nothing is chosen. */
  function told(chosen, shown) {
    const words = chosen.map((field) => field.selectedOptions[0].dataset.title).join(", ");
    const number = `${shown} ${say(shown === 1 ? "one" : "many")}`;
    return words ? `${words}${say("colon")}${number}` : number;
  }

  function read() {
    const asked = new URLSearchParams(location.search);
    for (const field of fields) {
      const value = asked.get(field.name) ?? "";
      field.value = [...field.options].some((option) => option.value === value) ? value : "";
    }
    if (!jobKept()) remember(); // the address may be of a colleague, whose job is another
    show();
  }

  function write() {
    const address = new URL(location);
    for (const field of fields) {
      if (field.value) address.searchParams.set(field.name, field.value);
      else address.searchParams.delete(field.name);
    }
    history.replaceState(history.state, "", address);
    remember();
    show();
  }

  function remember() {
    const job = fields.find((field) => field.dataset.field === JOB)?.value;
    if (job) keepJob(job);
  }

  form.addEventListener("change", write);
  // The fields are empty only after the event has run its course.
  form.addEventListener("reset", () => setTimeout(write));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("popstate", read);
  form.hidden = false;
  read();
  // Whoever comes with a choice wants its list; the other fields wait in their fold.
  const roomy = matchMedia("(min-width: 60em)").matches;
  form.querySelector("details").open = roomy && !fields.some((field) => field.value);
}

/** Says beside each of a field's words how many of these cards have it. */
function count(field, cards) {
  for (const option of field.options) {
    if (!option.value) continue;
    const found = cards.filter((card) => has(card, field.dataset.field, option.value)).length;
    option.textContent = `${option.dataset.title} (${found})`;
    option.disabled = !found && !option.selected;
  }
}

function has(card, field, word) {
  return card.getAttribute(`data-${field}`)?.split(" ").includes(word);
}
