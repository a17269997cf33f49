/** Marks and counts what is overdue today on the review board, which was made on the edition's date. */
import { dayAt } from "./period.js";
import { onNewDay } from "./today.js";

export function start(board) {
  tell(board);
  onNewDay(() => {
    tell(board);
    // What is narrowed to what is overdue has more to show.
    document.querySelector("[data-pb-team-filter]")?.dispatchEvent(new Event("change"));
  });
}

function tell(board) {
  const day = dayAt(new Date());
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
