/** What there is to print, narrowed to the reader's own job; what is for every job stays. */
import { fallsTo, followJob } from "./reader.js";

export function start(component) {
  followJob(component, (job) => {
    for (const section of component.querySelectorAll("section")) {
      const parts = [...section.querySelectorAll("[data-roles]")];
      for (const one of parts) one.hidden = !fallsTo(one, job);
      const shown = parts.filter((one) => !one.hidden).length;
      section.hidden = parts.length > 0 && !shown;
      const line = component.querySelector(`[data-pb-section="${section.id}"]`);
      line.hidden = section.hidden;
      if (parts.length) line.querySelector("[data-pb-count]").textContent = shown;
    }
  });
}
