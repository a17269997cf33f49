/**
 * The page that a sheet leads to, narrowed to that sheet: its address names the edition (`e`) and a mark of its
 * wording (`v`). A sheet with today's mark holds, whatever its edition says.
 */
const asked = new URLSearchParams(location.search);
const main = document.querySelector("[data-pb-mark]");
const sections = [...main.querySelectorAll("[data-pb-edition]")];

if (asked.has("e")) {
  const own = sections.find((section) => section.dataset.pbEdition === asked.get("e"));
  const holds = main.dataset.pbMark !== "" && asked.get("v") === main.dataset.pbMark;
  for (const section of sections) section.hidden = holds || section !== own;
  main.querySelector("[data-pb-latest]").hidden = !holds;
  main.querySelector("[data-pb-unknown]").hidden = holds || own !== undefined;
}
