/**
 * When a run is still today's. Days are those of the calendar where the device is; how long ago something was is
 * told by the clock, which neither a journey nor daylight saving moves. Pure: a run, a period and a time in.
 */
const HOUR = 3_600_000;
// A shift is nobody's any more after this; a visit that goes past midnight is still the same one for this long.
const SHIFT = 10 * HOUR;
const VISIT = 4 * HOUR;
// A clock may be set back a little; a run from further ahead than this was begun under a wrong clock.
const AHEAD = 24 * HOUR;

/** The day of a time where the device is, as `2026-11-22`. */
export function dayAt(time) {
  const two = (number) => String(number).padStart(2, "0");
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

/** The hour of a time where the device is, as `08:05`. */
export function hourAt(time) {
  return time.toTimeString().slice(0, 5);
}

/** Tells whether a run (`begun`, in milliseconds, and `day`, its first) is still in its period. */
export function isCurrent({ begun, day }, period, now) {
  const since = now - begun;
  if (since < -AHEAD || !day) return false;
  if (period === "once") return true;
  if (period === "shift") return since < SHIFT;
  const [then, today] = [day, dayAt(now)].map((one) => stretchOf(one, period));
  // One who travels west, or sets the clock back, is still in the day that the run began in.
  return then >= today || (period === "visit" && since < VISIT);
}

/** The name of the stretch that a day lies in; a later one compares as greater. */
function stretchOf(day, period) {
  if (period === "month") return day.slice(0, 7);
  if (period !== "week") return day;
  const [year, month, date] = day.split("-").map(Number);
  const noon = new Date(Date.UTC(year, month - 1, date));
  // Weeks begin on Monday (ISO 8601); a week goes by the name of that day.
  noon.setUTCDate(noon.getUTCDate() - ((noon.getUTCDay() + 6) % 7));
  return noon.toISOString();
}
