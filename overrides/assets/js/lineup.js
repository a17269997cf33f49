/**
 * The weekly line-up: the week of today comes first, or the one that a sheet's address names (`s`); each job has its
 * own standards. Whoever scanned a sheet (`e`, `v`) can ask what changed since.
 */
import { dayAt } from "./period.js";
import { followJob, leadScanned } from "./reader.js";
import { onNewDay } from "./today.js";

const DAY = 24 * 3600 * 1000;

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
  // A job's own sheet is named after the job.
  const scanned = weeks.find(({ dataset }) => `-${asked.get("s") ?? ""}`.endsWith(`-${dataset.pbWeek}`));
  leadScanned(component);
  followJob(component, (job) => {
    const own = rota.jobs[job] ?? rota.jobs[""] ?? [];
    weeks.forEach((week, i) => {
      week.querySelectorAll(".pb-lineup__days > li:not(.pb-lineup__closed)").forEach((day, j) => said(day, own[i][j], rota));
    });
  });
  const now = lead(component, weeks);
  for (const week of weeks) week.open = week === now || week === (scanned ?? now ?? weeks[0]);
  onNewDay(() => {
    const week = lead(component, weeks);
    if (week) week.open = true;
  });
}

/** Puts the week of today first, where the calendar has it, and the one that stood there back; returns it. */
function lead(component, weeks) {
  const today = dayAt(new Date());
  const now = weekOf(weeks, today);
  const first = component.querySelector("[data-pb-now]");
  component.querySelector("[data-pb-over]").hidden = weeks.length > 0 && today <= weekEnd(weeks[weeks.length - 1]);
  first.hidden = !now;
  const before = first.querySelector("[data-pb-week]");
  if (before === now) return now;
  if (before) {
    before.open = false;
    component.append(...weeks);
  }
  if (now) first.append(now);
  return now;
}

function weekEnd({ dataset }) {
  return new Date(Date.parse(dataset.pbFrom) + 6 * DAY).toISOString().slice(0, 10);
}
