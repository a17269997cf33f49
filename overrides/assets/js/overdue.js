/** Marks and counts what is overdue today on the review board, which was made on the edition's date. */

/** The reader's own day as it is written in the page, so that the two compare as text. */
function today() {
  const now = new Date();
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

export function start(board) {
  const day = today();
  const times = [...board.querySelectorAll("time")];
  sum(board, times, times.filter((time) => time.dateTime >= day));
  for (const time of times) {
    if (time.dateTime >= day || time.parentElement.querySelector(".pb-late")) continue;
    const mark = document.createElement("span");
    mark.className = "pb-late";
    mark.textContent = board.dataset.late;
    time.after(" ", mark);
  }
}

/** Says in the summary of the board's team how many of its dates are past, and which comes next. */
function sum(board, times, coming) {
  const team = board.closest("[data-pb-team]").querySelector("h2").id;
  const told = document.querySelector(`a[href="#${CSS.escape(team)}"] + [data-pb-board-summary]`);
  const sentence = coming.length ? told.dataset.pbBoardSummary : told.dataset.allLate;
  const values = { count: times.length, late: times.length - coming.length, next: coming[0]?.textContent };
  told.textContent = sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
