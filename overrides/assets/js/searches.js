/** Shows what was searched on this device and led nowhere, and hands it over as a table or for `playbook/queries.yml`. */
import { forget, searches } from "./asked.js";
import { csvOf, save } from "./files.js";
import { tell } from "./message.js";
import { dayOf, part, wordsOf } from "./page.js";
import { dayAt } from "./period.js";

const MAKE = { csv: tableOf, yml: queriesOf };
const TYPES = { csv: "text/csv", yml: "application/yaml" };

export function start(component) {
  const words = wordsOf(component);
  const count = component.querySelector("[data-pb-count]");
  const kept = component.querySelector("[data-pb-kept]");

  function show() {
    const list = searches();
    count.textContent = list.length ? words(list.length === 1 ? "count-one" : "count", { count: list.length }) : words("none");
    kept.hidden = !list.length;
    component.querySelector("[data-pb-rows]").replaceChildren(...list.map((one) => rowOf(one)));
  }

  function rowOf({ query, times, found, last }) {
    const row = part(component, "row");
    row.querySelector("[data-pb-query]").textContent = times > 1 ? words("times", { query, times }) : query;
    row.querySelector("[data-pb-found]").textContent = found;
    row.querySelector("[data-pb-last]").textContent = dayOf(dayIn(last));
    return row;
  }

  for (const button of component.querySelectorAll("[data-pb-take]"))
    button.addEventListener("click", () => {
      const format = button.dataset.pbTake;
      const file = new File([MAKE[format](searches(), words, component)], `${words("file")}-${dayAt(new Date())}.${format}`, {
        type: `${TYPES[format]};charset=utf-8`,
      });
      save(file);
      tell(button, words("saved", { file: file.name }));
    });
  component.querySelector("[data-pb-clear]").addEventListener("click", () => {
    forget();
    show();
    // The button is gone: the keyboard goes on from what it made.
    count.tabIndex = -1;
    count.focus();
  });
  addEventListener("pb-stored", show);
  show();
}

/** The day, here, of a moment. */
function dayIn(moment) {
  return dayAt(new Date(moment));
}

function tableOf(list, words, component) {
  const heads = ["query", "found", "how-often", "last", "edition"].map((name) => words(name));
  return csvOf([heads, ...list.map(({ query, found, times, last, edition }) => [query, found, times, last, edition])], component);
}

/** What `playbook/queries.yml` takes once each has the ids that answer it. A text of JSON is one of YAML. */
function queriesOf(list, words) {
  const lines = list.map(({ query, times, last, edition }) => {
    const about = [`${words("how-often")}: ${times}`, `${words("last")}: ${dayIn(last)}`, edition].join(". ");
    return `# ${about.replace(/\s+/g, " ")}\n- query: ${JSON.stringify(query)}\n  expect: []\n`;
  });
  return `# ${words("fill")}\n${lines.join("")}`;
}
