/** What there is to print, narrowed to the reader's own job; what is for every job stays. */
import { fallsTo, followJob } from "./reader.js";

export function start(component) {
  followJob(component, (job) => {
    for (const section of component.querySelectorAll("[data-pb-section]")) {
      const parts = [...section.querySelectorAll("[data-roles]")];
      if (!parts.length) continue;
      for (const one of parts) one.hidden = !fallsTo(one, job);
      const shown = parts.filter((one) => !one.hidden).length;
      section.hidden = !shown;
      section.querySelector("[data-pb-count]").textContent = shown;
    }
  });
}
