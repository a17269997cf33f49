/** The reader's own job on the home page: its standards and its checklists, once it is chosen. */
import { fallsTo, followJob } from "./reader.js";

export function start(component) {
  followJob(component, (job) => {
    for (const line of component.querySelectorAll("[data-roles]")) line.hidden = !job || !fallsTo(line, job);
    component.querySelector("[data-pb-before]").hidden = Boolean(job);
    component.dataset.pbJobs = job;
  });
}
