/** The ticks of a short list: practice, kept in the browser until the day is over. */
import { answersIn } from "./answer.js";
import { tell } from "./message.js";
import { wordsOf } from "./page.js";
import { dayAt } from "./period.js";
import { rowsOf } from "./rows.js";
import { Store } from "./store.js";

const MINUTE = 60_000;

export function start(list) {
  const words = wordsOf(list);
  let control = list.querySelector("[data-pb-restart]");
  // The day whose ticks are shown: a page may stay in sight for longer.
  let day = dayAt(new Date());
  let isNew = false;
  const store = new Store(list.dataset.pbTicks, (trouble) => say(trouble && words(trouble)));
  const rows = rowsOf(list, save, () => {
    isNew = isOver() && rows.some(({ kept }) => kept);
    if (isOver()) show();
  });

  function save(row, used) {
    say("");
    control = used;
    const answers = Object.fromEntries(rows.map((one) => [one.id, one.kept]).filter(([, kept]) => kept));
    store.set("ticks", { day, answers });
    if (isNew) say(words("new-day"));
    count();
  }

  function say(text) {
    tell(control, text);
  }

  function isOver() {
    return day !== dayAt(new Date());
  }

  function count() {
    const done = rows.filter((row) => row.value === "yes").length;
    list.querySelector("[data-pb-count]").textContent = words("progress", { done, all: rows.length });
  }

  function show() {
    const kept = store.get("ticks");
    day = dayAt(new Date());
    const answers = kept?.day === day ? answersIn(kept.answers) : {};
    const texts = rows.map(({ text }) => text);
    for (const row of rows) row.show(answers[row.id], false, texts);
    count();
  }

  list.querySelector("[data-pb-restart]").addEventListener("click", () => {
    store.delete("ticks");
    show();
  });
  addEventListener("pb-stored", show);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && show());
  setInterval(() => isOver() && show(), MINUTE);
  show();
  list.dataset.pbReady = "";
}
