/** A dialog where the browser knows none: it opens in its place on the page, and Esc closes it. */

/** Returns the dialog, able to open and close in any browser. */
export function able(dialog) {
  if (dialog.showModal) return dialog;
  Object.defineProperty(dialog, "open", { get: () => dialog.hasAttribute("open"), configurable: true });
  dialog.showModal = () => {
    dialog.setAttribute("open", "");
    dialog.scrollIntoView({ block: "nearest" });
  };
  dialog.close = () => {
    if (!dialog.open) return;
    dialog.removeAttribute("open");
    dialog.dispatchEvent(new Event("close"));
  };
  dialog.addEventListener("keydown", ({ key }) => key === "Escape" && dialog.close());
  dialog.addEventListener("submit", (event) => {
    if (event.target.getAttribute("method") !== "dialog") return;
    event.preventDefault();
    dialog.close();
  });
  return dialog;
}
