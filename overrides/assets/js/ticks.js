/** The ticks of a short list, kept in the browser: progress, and a way to start over. */
import { tell, wordsOf } from "./page.js";
import { rowsOf } from "./rows.js";
import { Store } from "./store.js";

export function start(list) {
  const words = wordsOf(list);
  const store = new Store(list.dataset.pbTicks, (trouble) => tell(list, trouble && words(trouble)));
  const rows = rowsOf(list, save);

  function save() {
    store.set("ticks", Object.fromEntries(rows.map((row) => [row.id, row.kept]).filter(([, kept]) => kept)));
    count();
  }

  function count() {
    const done = rows.filter((row) => row.value === "yes").length;
    list.querySelector("[data-pb-count]").textContent = words("progress", { done, all: rows.length });
  }

  function show() {
    const kept = store.get("ticks") ?? {};
    for (const row of rows) row.show(kept[row.id], false);
    count();
  }

  list.querySelector("[data-pb-restart]").addEventListener("click", () => {
    store.delete("ticks");
    show();
  });
  addEventListener("pb-stored", show);
  show();
  list.dataset.pbReady = "";
}
