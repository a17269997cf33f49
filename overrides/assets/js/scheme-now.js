/* Light or dark, before anything is drawn: as the device has it, until the reader says otherwise. No module, so
   that the page waits for it; `scheme.js` brings the button to life. */
{
  const site = new URL("../../", document.currentScript.src).pathname;
  let chosen = null;
  try {
    chosen = localStorage.getItem(`pb:${site}:scheme`);
  } catch {
    // Where nothing can be read, nothing was chosen.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.dataset.mdColorScheme = chosen || (dark ? "slate" : "default");
}
