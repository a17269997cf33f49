/** Copies a text; returns whether it could be. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text);
  }
}

/** The way of browsers that keep the clipboard from pages, or from those that came without encryption. */
function copyOld(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "pb-hidden";
  // Within the open dialog, if there is one: what lies behind it cannot be selected.
  const focused = document.activeElement;
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const done = document.execCommand?.("copy") ?? false;
  field.remove();
  focused?.focus();
  return done;
}
