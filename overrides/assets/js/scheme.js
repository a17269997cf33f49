import { SITE } from "./page.js";

/** The button between light and dark. The choice is kept; where nothing can be kept, it holds for the page. */

export function start(button) {
  const { dataset } = document.body;

  function name() {
    const label = dataset.mdColorScheme === "slate" ? button.dataset.toLight : button.dataset.toDark;
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  button.addEventListener("click", () => {
    dataset.mdColorScheme = dataset.mdColorScheme === "slate" ? "default" : "slate";
    name();
    try {
      localStorage.setItem(`pb:${SITE}:scheme`, dataset.mdColorScheme);
    } catch {
      // The page has its colours; only the next one will not know of it.
    }
  });
  name();
}
