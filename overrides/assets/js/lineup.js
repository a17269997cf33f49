/**
 * The weekly line-up: the week of today comes first, or the one that a sheet's address names (`s`); each job has its
 * own standards. Whoever scanned a sheet (`e`, `v`) can ask what changed since.
 */
import { followJob, leadScanned } from "./reader.js";

const DAY = 24 * 3600 * 1000;

/** Returns today's date by the reader's clock, as the calendar writes it. */
function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

function weekOf(weeks, date) {
  return weeks.find(({ dataset }) => dataset.pbFrom <= date && Date.parse(date) - Date.parse(dataset.pbFrom) < 7 * DAY);
}

function said(day, standard, { standards, practice }) {
  const place = day.querySelector("a, span");
  const shown = document.createElement(standard ? "a" : "span");
  shown.textContent = standard ? standards[standard][0] : practice;
  if (standard) shown.href = standards[standard][1];
  place.replaceWith(shown);
}

export function start(component) {
  const rota = JSON.parse(component.querySelector("[data-pb-rota]").textContent);
  const weeks = [...component.querySelectorAll("[data-pb-week]")];
  const asked = new URLSearchParams(location.search);
  const now = weekOf(weeks, today());
  // A job's own sheet is named after the job.
  const scanned = weeks.find(({ dataset }) => `-${asked.get("s") ?? ""}`.endsWith(`-${dataset.pbWeek}`));
  component.querySelector("[data-pb-over]").hidden = weeks.length > 0 && today() <= weekEnd(weeks[weeks.length - 1]);
  leadScanned(component);
  followJob(component, (job) => {
    const own = rota.jobs[job] ?? rota.jobs[""] ?? [];
    weeks.forEach((week, i) => {
      week.querySelectorAll(".pb-lineup__days > li:not(.pb-lineup__closed)").forEach((day, j) => said(day, own[i][j], rota));
    });
  });
  for (const week of weeks) week.open = week === (scanned ?? now ?? weeks[0]);
  if (!now) return;
  const first = component.querySelector("[data-pb-now]");
  first.append(now);
  first.hidden = false;
  now.open = true;
}

function weekEnd({ dataset }) {
  return new Date(Date.parse(dataset.pbFrom) + 6 * DAY).toISOString().slice(0, 10);
}
