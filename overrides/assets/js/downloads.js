/** What there is to print, narrowed to the reader's own job; what is for every job stays. The pack of those who learn
 * the job is shown once the job is known: those of all jobs would be more links than anybody looks through. */
import { fallsTo, followJob } from "./reader.js";
import { start as tellSizes } from "./sizes.js";

function packList(template, { called, files }) {
  const list = template.content.firstElementChild.cloneNode(true);
  list.querySelector("span").textContent = called;
  const first = list.querySelector("a");
  for (const [address, shown, label] of files) {
    const link = first.cloneNode();
    link.href = address;
    link.textContent = shown;
    link.setAttribute("aria-label", label);
    first.before(link, " ");
  }
  first.remove();
  return list;
}

export function start(component) {
  const template = component.querySelector("[data-pb-pack]");
  const packs = JSON.parse(component.querySelector("[data-pb-packs]")?.textContent ?? "{}");
  let shownPack;
  followJob(component, (job) => {
    shownPack?.remove();
    shownPack = job in packs ? packList(template, packs[job]) : undefined;
    if (shownPack) {
      template.after(shownPack);
      tellSizes(shownPack);
    }
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
