/** The ticks of a short list: practice, kept in the browser until the day is over. */
import { tell } from "./message.js";
import { wordsOf } from "./page.js";
import { dayAt } from "./period.js";
import { rowsOf } from "./rows.js";
import { sound } from "./run.js";
import { Store } from "./store.js";

export function start(list) {
  const words = wordsOf(list);
  let control = list.querySelector("[data-pb-restart]");
  const store = new Store(list.dataset.pbTicks, (trouble) => tell(control, trouble && words(trouble)));
  const rows = rowsOf(list, save);

  function save(row, used) {
    control = used;
    const answers = Object.fromEntries(rows.map((one) => [one.id, one.kept]).filter(([, kept]) => kept));
    store.set("ticks", { day: dayAt(new Date()), answers });
    count();
  }

  function count() {
    const done = rows.filter((row) => row.value === "yes").length;
    list.querySelector("[data-pb-count]").textContent = words("progress", { done, all: rows.length });
  }

  function show() {
    const kept = sound(store.get("ticks"));
    const texts = rows.map(({ text }) => text);
    for (const row of rows) row.show(kept.day === dayAt(new Date()) ? kept.answers[row.id] : undefined, false, texts);
    count();
  }

  list.querySelector("[data-pb-restart]").addEventListener("click", () => {
    store.delete("ticks");
    show();
  });
  addEventListener("pb-stored", show);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && show());
  show();
  list.dataset.pbReady = "";
}
