/**
 * What was said in a list before its script came: on a slow connection that is long after the list can be read, and
 * what somebody ticks meanwhile must not vanish when it comes.
 */
const ANSWERS = "[data-pb-item] :is(input[type=checkbox],input[type=radio]):checked";

/**
 * Returns what says it all again to the run that is shown, if it is one that can still be filled in. Of a page that is
 * loaded again, or gone back to, nobody knows whether its reader or the browser filled it in.
 */
export function saidEarly(list) {
  if (performance.getEntriesByType("navigation")[0]?.type !== "navigate") return () => {};
  const answered = [...list.querySelectorAll(ANSWERS)];
  const written = [...list.querySelectorAll("[data-pb-item] textarea, [data-pb-field]")].flatMap((field) => {
    return field.value ? [[field, field.value, field === document.activeElement]] : [];
  });
  return (run) => {
    if (run.ended) return;
    for (const [field, text, isIn] of written) {
      // The visit that is kept stays whose it is; what was written of a row stands after what is kept of it.
      if (field.dataset.pbField && run.touched && field.value) continue;
      say(field, "input", () => (field.value = [field.dataset.pbField ? "" : field.value, text].filter(Boolean).join(" ")));
      field.closest("details").open = true;
      if (isIn) field.focus();
    }
    for (const field of answered) if (!field.checked) say(field, "change", () => (field.checked = true));
  };
}

function say(field, event, act) {
  act();
  field.dispatchEvent(new Event(event, { bubbles: true }));
}
