/**
 * What the page says of something that the reader did, said where they did it: a line right after the control that
 * caused it, brought into view, and read aloud by who listens.
 */
const lines = new WeakMap();
// A screen reader hears a change of a live region that it knows, not one that comes with its text.
const HEARD = 60;

/**
 * Says `text` beside a control (a button, a field, a row of a list); an empty text takes the line away. `offer` is a
 * button that goes with it: the way out, right there.
 */
export function tell(control, text, offer) {
  const place = control.closest("[data-pb-beside]") ?? control.closest("label") ?? control;
  const line = lines.get(place) ?? (text ? lineAfter(place) : null);
  if (!line) return;
  clearTimeout(line.waiting);
  line.element.hidden = !text;
  line.element.textContent = "";
  if (text) line.waiting = setTimeout(() => write(line.element, text, offer), HEARD);
}

function lineAfter(place) {
  const element = document.createElement(place.matches("li, td, th") ? "span" : "p");
  element.className = "pb-message";
  element.setAttribute("role", "status");
  // A list, a row or a table has room for a line within it and none after it.
  if (place.matches("li, td, th")) place.append(element);
  else place.after(element);
  const line = { element, waiting: 0 };
  lines.set(place, line);
  return line;
}

function write(element, text, offer) {
  element.textContent = text;
  if (offer) element.append(" ", offer);
  element.scrollIntoView({ block: "nearest" });
}
