/**
 * A link that writes to somebody, for who has no mail program at hand: beside it come the address and the text, ready
 * to be copied. The link itself does what it did.
 */
import { copy } from "./copy.js";
import { tell } from "./message.js";

export function start(link) {
  link.addEventListener("click", () => show(link));
}

function show(link) {
  if (!link.href.startsWith("mailto:")) return;
  const place = link.closest("[data-pb-beside]") ?? link;
  const old = place.nextElementSibling;
  const letter = old?.matches("[data-pb-letter]") ? old : made(place);
  const [to, fields] = link.href.slice("mailto:".length).split("?");
  const asked = new URLSearchParams(fields);
  const text = [asked.get("subject"), asked.get("body")].join("\n\n").replaceAll("\r\n", "\n");
  letter.querySelector("[data-pb-to]").textContent = decodeURIComponent(to);
  letter.querySelector("textarea").value = text;
  letter.scrollIntoView({ block: "nearest" });
}

function made(place) {
  const template = document.querySelector("template[data-pb-letter]");
  const letter = template.content.firstElementChild.cloneNode(true);
  const { copied, byHand } = template.dataset;
  const text = { to: () => letter.querySelector("[data-pb-to]").textContent, text: () => letter.querySelector("textarea").value };
  for (const button of letter.querySelectorAll("[data-pb-copy]"))
    button.addEventListener("click", async () => tell(button, (await copy(text[button.dataset.pbCopy]())) ? copied : byHand));
  place.after(letter);
  return letter;
}
