/** The reader's own job on the home page: its standards and its checklists, once it is chosen. */
import { fallsTo, followJob } from "./reader.js";

export function start(component) {
  const regular = [...component.querySelectorAll(".pb-jobs > .pb-jobs__lists > li")];
  const fold = component.querySelector("[data-pb-occasional]");
  followJob(component, (job) => {
    for (const line of component.querySelectorAll("[data-roles]")) line.hidden = !job || !fallsTo(line, job);
    component.querySelector("[data-pb-before]").hidden = Boolean(job);
    component.dataset.pbJobs = job;
    if (!fold) return;
    fold.hidden = !fold.querySelector("li:not([hidden])");
    fold.open = regular.every((line) => line.hidden); // whose job has no others sees these
  });
}
