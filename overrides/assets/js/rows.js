/** The rows of a list on the page, and what a run says of each (`answer.js` tells what an answer is). */
import { LENGTHS, saidIn } from "./answer.js";
import { dayOf, part } from "./page.js";
import { dayAt } from "./period.js";
import { sameWording } from "./wording.js";

const NOTHING = { value: "", digest: "", text: "", note: "", action: { what: "", who: "", by: "" }, photos: [], day: "", at: 0 };

export class Row {
  #answer = NOTHING;
  #box;
  #list;
  #changed;
  #before;
  #same = true;

  /**
   * `changed` is called with the row, and the control used, whenever the reader answers or writes; `before`, where there
   * is one, ahead of an answer or a note: it may show another run.
   */
  constructor(element, list, changed, before = () => {}) {
    const data = element.dataset;
    this.element = element;
    this.id = data.pbItem;
    this.digest = data.pbDigest;
    this.level = data.pbLevel;
    this.section = element.closest("[data-pb-section]")?.dataset.pbSection ?? "";
    this.text = element.querySelector("label").textContent.trim();
    this.#box = element.querySelector("input[type=checkbox]");
    this.#list = list;
    this.#changed = changed;
    this.#before = before;
    element.addEventListener("change", ({ target }) => {
      if (target === this.#box) this.#say(target.checked ? "yes" : "", target);
      else if (target.type === "radio") this.#say(target.value, target);
    });
    element.addEventListener("input", ({ target }) => {
      if (target.matches("textarea")) this.#write(target);
      else if (target.dataset.pbDay !== undefined) this.#keep({ day: saidIn(target) }, target);
      else if (target.dataset.pbAction) this.#act(target);
    });
    this.#note?.addEventListener("toggle", () => this.#note.open && this.#showExtra());
  }

  /** The answer to what this row asks; an answer to something else is none. */
  get value() {
    return this.stale ? "" : this.#answer.value;
  }

  /** Everything that was said of this row. */
  get answer() {
    return this.#answer;
  }

  /** Whether the row asks something else than when it was answered. */
  get stale() {
    return Boolean(this.#answer.value) && !this.#same;
  }

  /** What a run keeps of this row, or undefined when nobody touched it. */
  get kept() {
    return this.#answer.at || this.#answer.value || this.#answer.note ? this.#answer : undefined;
  }

  /** What a run's answer is to what this row asks today; `others` and `numbers` are as in `show`. */
  valueIn(answer, others, numbers) {
    return answer && this.#isAskedBy(answer, others, numbers) ? answer.value : "";
  }

  /** Show what a run says; `others` are the texts of the list, `numbers` the words that name numbers. */
  show(answer, audit, others = [], numbers = []) {
    this.#answer = { ...NOTHING, ...answer };
    this.#same = this.#isAskedBy(this.#answer, others, numbers);
    this.#showAnswers(audit);
    this.#showNote(audit);
    this.#refresh();
  }

  /** Put pictures (`{ key, canvas }`) beside the row's note. */
  showPhotos(photos) {
    this.#showExtra();
    const items = photos.map(({ key, canvas }) => {
      const item = part(this.#list, "photo");
      item.prepend(canvas);
      item.querySelector("button").dataset.pbDrop = key;
      return item;
    });
    this.element.querySelector("[data-pb-photos]")?.replaceChildren(...items);
  }

  setPhotos(photos, control) {
    this.#keep({ photos: photos.slice(0, LENGTHS.photos) }, control);
  }

  #isAskedBy({ digest, text }, others, numbers) {
    return digest === this.digest || (Boolean(text) && sameWording(text, this.text, others, numbers));
  }

  #say(value, control) {
    this.#before();
    const day = value && "pbDated" in this.#list.dataset ? this.#answer.day || dayAt(new Date()) : this.#answer.day;
    this.#same = true;
    this.#keep({ value, day, digest: this.digest, text: this.text }, control);
    if (value === "no") this.#askWhatNow();
    this.#refresh();
  }

  /** Keeps a note, which may begin another run as an answer may: its field goes along to that. */
  #write(field) {
    const { value } = field;
    const shown = this.#answer;
    this.#before();
    const isOther = this.#answer !== shown;
    this.#keep({ note: value }, field);
    if (!isOther) return;
    this.#showNote();
    field.focus();
  }

  /** What is agreed goes with the answer that asks for it, whenever that was given. */
  #act(field) {
    this.#keep({ action: { ...this.#answer.action, [field.dataset.pbAction]: saidIn(field) } });
  }

  #keep(what, control) {
    // Later than what was said before, though the clock was set back since, or was another device's.
    this.#answer = { ...this.#answer, ...what, at: Math.max(Date.now(), this.#answer.at + 1) };
    this.#copyNote();
    this.#changed(this, control ?? this.element);
  }

  #refresh() {
    this.#box.checked = this.value === "yes";
    for (const radio of this.element.querySelectorAll("input[type=radio]")) radio.checked = radio.value === this.value;
    const sign = this.element.querySelector(".pb-tick__changed");
    if (this.stale && !sign) this.element.append(part(this.#list, "changed"));
    else if (!this.stale) sign?.remove();
    // What is written is styled anew, though it be what stood there: a long list starts with nothing to say.
    if ((this.element.dataset.pbValue ?? "") !== this.value) this.element.dataset.pbValue = this.value;
    const extra = this.element.querySelector("[data-pb-extra]");
    if (!extra) return;
    extra.querySelector("[data-pb-fix]").hidden = this.value !== "no";
    const day = extra.querySelector("[data-pb-day]");
    if (day) day.value = this.#answer.day;
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

  /** What failed asks at once what was seen and what is done about it; nobody has to say it. */
  #askWhatNow() {
    if (!this.#note || !this.element.querySelector(".pb-answers")) return;
    this.#note.open = true;
    this.#showExtra();
  }

  #showNote() {
    if (!this.#note) return;
    const { note, action, photos } = this.#answer;
    const field = this.#note.querySelector("textarea");
    if (field.value !== note) field.value = note;
    this.element.querySelector("[data-pb-extra]")?.remove();
    this.#note.open = Boolean(note || action.what || action.who || action.by || photos.length);
    if (this.#note.open) this.#showExtra();
    this.#copyNote();
  }

  /** The fields for photographs and for what is done come when somebody writes: few rows need them. */
  #showExtra() {
    if (!this.#note || this.element.querySelector("[data-pb-extra]")) return;
    const extra = part(this.#list, "extra");
    for (const field of extra.querySelectorAll("[data-pb-action]")) field.value = this.#answer.action[field.dataset.pbAction];
    if (!("pbDated" in this.#list.dataset)) extra.querySelector("[data-pb-day]").closest("label").remove();
    this.#note.append(extra);
    this.#refresh();
    this.element.dispatchEvent(new CustomEvent("pb-extra", { bubbles: true }));
  }

  /** Paper shows what was written as text, whatever the size of its field. */
  #copyNote() {
    if (!this.#note) return;
    const { note, action, day } = this.#answer;
    const agreed = [action.what, action.who, dayOf(action.by)].filter(Boolean).join(", ");
    const told = [note, agreed, dayOf(day)].filter(Boolean);
    this.#note.classList.toggle("pb-tick__note--written", told.length > 0);
    this.#note.querySelector(".pb-tick__written").textContent = told.join(" · ");
  }
}

/** The rows of a list, in the page's order. */
export function rowsOf(list, changed, before) {
  return [...list.querySelectorAll("[data-pb-item]")].map((element) => new Row(element, list, changed, before));
}
