/**
 * The rows of a checklist on the page, and what a run says of each.
 *
 * An answer is kept under the item's id with the digest of the text that was read:
 * `{ digest, value: "yes" | "no" | "na" | "", note }`. The id keeps it when the item moves; the digest tells when
 * the words changed, and then the item asks to be looked at again.
 */
import { part } from "./page.js";

export class Row {
  #answer = { value: "", note: "" };
  #box;
  #list;
  #changed;

  /** `changed` is called with the row whenever the reader answers or writes a note. */
  constructor(element, list, changed) {
    const data = element.dataset;
    this.element = element;
    this.id = data.pbItem;
    this.digest = data.pbDigest;
    this.level = data.pbLevel;
    this.weight = Number(data.pbWeight);
    this.section = element.closest("[data-pb-section]")?.dataset.pbSection ?? "";
    this.text = element.querySelector("label").textContent.trim();
    this.#box = element.querySelector("input[type=checkbox]");
    this.#list = list;
    this.#changed = changed;
    element.addEventListener("change", ({ target }) => {
      if (target === this.#box) this.#say(target.checked ? "yes" : "");
      else if (target.type === "radio") this.#say(target.value);
    });
    this.#note?.addEventListener("input", ({ target }) => this.#write(target.value));
  }

  /** The answer to this row's own words; an answer to other words is none. */
  get value() {
    return this.stale ? "" : this.#answer.value;
  }

  get note() {
    return this.#answer.note;
  }

  /** Whether the words changed since they were answered. */
  get stale() {
    return Boolean(this.#answer.value) && this.#answer.digest !== this.digest;
  }

  /** What a run keeps of this row, or undefined when there is nothing to keep. */
  get kept() {
    return this.#answer.value || this.#answer.note ? this.#answer : undefined;
  }

  /** Show what a run says. */
  show(answer, audit) {
    this.#answer = { digest: this.digest, value: "", note: "", ...answer };
    this.#showNote();
    this.#showAnswers(audit);
    this.#refresh();
  }

  #say(value) {
    this.#answer = { ...this.#answer, digest: this.digest, value };
    this.#refresh();
    this.#changed(this);
  }

  #refresh() {
    this.#box.checked = this.value === "yes";
    for (const radio of this.element.querySelectorAll("input[type=radio]")) radio.checked = radio.value === this.value;
    const sign = this.element.querySelector(".pb-tick__changed");
    if (this.stale && !sign) this.element.append(part(this.#list, "changed"));
    else if (!this.stale) sign?.remove();
    this.element.dataset.pbValue = this.value;
  }

  #showAnswers(audit) {
    const choice = this.element.querySelector(".pb-answers");
    if (!audit) choice?.remove();
    if (!audit || choice) return;
    const made = part(this.#list, "answers");
    made.querySelector("legend").textContent = this.text;
    for (const radio of made.querySelectorAll("input")) radio.name += this.id;
    this.element.querySelector(".pb-tick__line").after(made);
  }

  get #note() {
    return this.element.querySelector(".pb-tick__note");
  }

  #write(text) {
    this.#answer = { ...this.#answer, note: text };
    this.#copyNote();
    this.#changed(this);
  }

  #showNote() {
    if (!this.#note) return;
    this.#note.querySelector("textarea").value = this.note;
    this.#note.open = Boolean(this.note);
    this.#copyNote();
  }

  /** Paper shows a note as text, whatever the size of its field. */
  #copyNote() {
    this.#note.classList.toggle("pb-tick__note--written", Boolean(this.note));
    this.#note.querySelector(".pb-tick__written").textContent = this.note;
  }
}

/** The rows of a list, in the page's order. */
export function rowsOf(list, changed) {
  return [...list.querySelectorAll("[data-pb-item]")].map((element) => new Row(element, list, changed));
}
