/** The menu of a small screen, which opens by itself: Esc closes it, and so does whoever goes on beside it. */

export function start(menu) {
  const button = menu.querySelector("summary");

  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    button.focus();
  });
  for (const event of ["pointerdown", "focusin"])
    document.addEventListener(event, ({ target }) => {
      if (!menu.contains(target)) menu.open = false;
    });
}
