/** What is folded until it is asked for is on paper whole: a sheet cannot be unfolded. */
export function start(fold) {
  let closed = false;
  addEventListener("beforeprint", () => {
    closed = !fold.open;
    // Of folds with one name the browser keeps a single one open.
    fold.removeAttribute("name");
    fold.open = true;
  });
  addEventListener("afterprint", () => {
    if (closed) fold.open = false;
    if (fold.dataset.pbVeil) fold.name = fold.dataset.pbVeil;
  });
}
