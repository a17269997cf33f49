/** Narrows the review board to a team, and to what is overdue; says how much there is of it. */
export function start(form) {
  const board = form.parentElement;
  const team = form.querySelector("select");
  const late = form.querySelector("input");
  const status = form.querySelector("[role=status]");
  const words = { one: form.dataset.one, many: form.dataset.many };

  const show = () => {
    let shown = 0;
    for (const section of board.querySelectorAll("[data-pb-team]")) {
      const rows = [...section.querySelectorAll("tbody tr")];
      for (const row of rows) row.hidden = late.checked && !row.querySelector(".pb-late");
      const left = rows.filter((row) => !row.hidden).length;
      section.hidden = !left || (team.value !== "" && section.dataset.pbTeam !== team.value);
      if (!section.hidden) shown += left;
    }
    status.textContent = `${shown} ${words[shown === 1 ? "one" : "many"]}`;
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
}
