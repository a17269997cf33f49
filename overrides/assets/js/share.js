/** Hands this page on: by the device's own sheet, else by its address on the clipboard. */
import { copy } from "./copy.js";
import { tell } from "./message.js";

export function start(button) {
  const { copied, byHand } = button.dataset;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const page = { title: document.title, url: location.href };
    if (await handedOn(page)) return tell(button, "");
    return tell(button, (await copy(page.url)) ? copied : `${byHand} ${page.url}`);
  });
}

/** Whether the device took the page, or its reader thought better of it. */
async function handedOn(page) {
  if (!navigator.share) return false;
  try {
    await navigator.share(page);
    return true;
  } catch (error) {
    return error.name === "AbortError";
  }
}
