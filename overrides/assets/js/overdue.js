/** Marks what is overdue today on the review board, which was made on the edition's date. */

/** The reader's own day as it is written in the page, so that the two compare as text. */
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function start(board) {
  const day = today();
  for (const time of board.querySelectorAll("time")) {
    if (time.dateTime >= day || time.parentElement.querySelector(".pb-late")) continue;
    const mark = document.createElement("span");
    mark.className = "pb-late";
    mark.textContent = board.dataset.late;
    time.after(" ", mark);
  }
}
