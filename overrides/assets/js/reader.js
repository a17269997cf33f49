/** What this device knows of its reader: their job, and which changes it has shown them. */
import { Store } from "./store.js";

// Where nothing can be kept, the page has what was chosen on it, and the next one asks again.
const store = new Store("reader", () => {});

/** The job chosen on this device, or an empty text. */
export function jobKept() {
  return store.get("job")?.id ?? "";
}

export function keepJob(id) {
  store.set("job", { id });
}

/**
 * Marks, among lines that tell of a change (`[data-pb-item-key]` with its `<time>`), those that are new since this
 * device last looked. On its first visit nothing is newer than the rest. `all` says that the lines are all that there
 * are; where they are only the newest, what is older than them counts as shown too.
 */
export function markUnseen(lines, all) {
  const kept = store.get("shown");
  const keys = new Set(Array.isArray(kept?.keys) ? kept.keys : []);
  const dateOf = (line) => line.querySelector("time").dateTime;
  for (const line of lines) {
    const isNew = kept && !keys.has(line.dataset.pbItemKey) && dateOf(line) > (kept.until ?? "");
    line.querySelector("[data-pb-unseen]").hidden = !isNew;
  }
  if (all) store.set("shown", { keys: lines.map((line) => line.dataset.pbItemKey), until: "" });
  else if (!kept) store.set("shown", { keys: [], until: lines.map(dateOf).sort().at(-1) ?? "" });
}

/** Brings a component's field for the job to life: `show` is called with the job remembered, then with each chosen. */
export function followJob(component, show) {
  const field = component.querySelector("[data-pb-job]");
  // What was chosen before this module came, or what the browser brought back, is the reader's choice too.
  if (field.value) keepJob(field.value);
  else if ([...field.options].some(({ value }) => value === jobKept())) field.value = jobKept();
  field.addEventListener("change", () => {
    keepJob(field.value);
    show(field.value);
  });
  show(field.value);
}

/** Whoever scanned a sheet (`e`, `v`) is led to what changed since. */
export function leadScanned(component) {
  const asked = new URLSearchParams(location.search);
  const note = component.querySelector("[data-pb-scanned]");
  note.hidden = !asked.has("v");
  note.querySelector("a").search = new URLSearchParams({ e: asked.get("e") ?? "", v: asked.get("v") ?? "" });
}

/** Tells whether something falls to a job: what names no job, or that one; without a job, everything does. */
export function fallsTo(element, job) {
  const roles = element.dataset.roles.split(" ").filter(Boolean);
  return !job || !roles.length || roles.includes(job);
}
