/** What a page says of today, on a screen that nobody turns off: a tablet at a counter shows the same page for days. */
import { dayAt } from "./period.js";

const MINUTE = 60_000;

/** Calls `act` when the day has changed since it was last called, or since now: by the clock, or when the page is seen again. */
export function onNewDay(act) {
  let day = dayAt(new Date());
  const look = () => {
    const today = dayAt(new Date());
    if (today === day) return;
    day = today;
    act();
  };
  setInterval(look, MINUTE);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", look);
}
