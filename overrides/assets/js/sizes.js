/** Says beside each file to fetch how many pages it has and how large it is: whoever pays for data knows before the tap. */
import { SITE, numberOf } from "./page.js";

let known; // asked for once, however many lists the page has

export async function start(list) {
  known ??= fetch(`${SITE}assets/sizes.json`).then((answer) => (answer.ok ? answer.json() : {}));
  const sizes = await known;
  const [one, several] = (list.dataset.pbPages ?? "").split("|");
  const pagesOf = (pages) => (pages === 1 ? one : several.replace("{count}", pages));
  for (const link of list.querySelectorAll("a[download]")) {
    const [bytes, pages] = sizes[decodeURIComponent(new URL(link.href).pathname.slice(SITE.length))] ?? [];
    if (!bytes) continue; // a preview makes its files when they are asked for
    const size = [...(pages && one ? [pagesOf(pages)] : []), sizeOf(bytes)].join(" · ");
    link.append(` · ${size}`);
    link.setAttribute("aria-label", `${link.getAttribute("aria-label")}, ${size}`);
  }
}

/** «45 kB», «1.2 MB»: as the page's language writes it, and never nothing. */
function sizeOf(bytes) {
  const isLarge = bytes >= 999_500;
  const amount = isLarge ? bytes / 1e6 : Math.max(1, bytes / 1000);
  const options = { style: "unit", unit: isLarge ? "megabyte" : "kilobyte", maximumFractionDigits: isLarge ? 1 : 0 };
  return numberOf(amount, options);
}
