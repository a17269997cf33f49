/** What changed, for the reader's own job; what this device has not shown before is marked. */
import { fallsTo, followJob, markUnseen } from "./reader.js";

export function start(component) {
  const items = [...component.querySelectorAll("[data-pb-item-key]")];
  markUnseen(items, true);
  followJob(component, (job) => {
    for (const item of items) item.hidden = !fallsTo(item, job);
    for (const edition of component.querySelectorAll("[data-pb-edition]"))
      edition.hidden = ![...edition.querySelectorAll("[data-pb-item-key]")].some((item) => !item.hidden);
    component.querySelector("[data-pb-none]").hidden = items.some((item) => !item.hidden);
  });
  // Whoever came for one change finds it, whatever their job.
  const asked = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!asked || !component.contains(asked)) return;
  asked.hidden = false;
  asked.closest("[data-pb-edition]").hidden = false;
  for (const fold of asked.querySelectorAll("details")) fold.open = true;
  asked.scrollIntoView();
}
