/**
 * The page that a sheet leads to, narrowed to that sheet: its address names the edition (`e`) and a mark of its
 * wording (`v`). A sheet with today's mark holds, whatever its edition says; one with a mark that no edition has
 * was printed between two of them, and nothing is said of it but to compare it.
 */
import { start as showSizes } from "./sizes.js";

const asked = new URLSearchParams(location.search);
const main = document.querySelector("[data-pb-mark]");
const sections = [...main.querySelectorAll("[data-pb-edition]")];

if (asked.has("e") || asked.has("v")) {
  const version = asked.get("v");
  const named = sections.filter((section) => section.dataset.pbEdition === asked.get("e"));
  const worded = sections.filter((section) => section.dataset.pbVersion === version);
  const own = version === null ? named[0] : worded.find((section) => named.includes(section)) ?? worded[0];
  const holds = main.dataset.pbMark !== "" && version === main.dataset.pbMark;
  for (const section of sections) section.hidden = holds || section !== own;
  main.querySelector("[data-pb-latest]").hidden = !holds;
  main.querySelector("[data-pb-unknown]").hidden = holds || own !== undefined;
}

for (const list of document.querySelectorAll(".pb-files__list")) showSizes(list).catch(() => {}); // it opens without
