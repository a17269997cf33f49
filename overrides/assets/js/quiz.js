/**
 * The quiz: ten questions of the reader's job at a time, marked here and nowhere else. The last result of each job stays
 * on the device with its time and its edition, and the next ten go on where the last ended.
 */
import { dayAt, hourAt } from "./period.js";
import { dayOf, tell, wordsOf } from "./page.js";
import { followJob, leadScanned } from "./reader.js";
import { Store } from "./store.js";

const ROUND = 10;
// The tab's history has here the round that was marked, so that Back from what there is to read again leads to it.
const MARKED = "pbQuiz";

export function start(component) {
  new Quiz(component);
}

class Quiz {
  #job = "";
  #shown = [];
  #first = 0;

  constructor(component) {
    this.component = component;
    this.words = wordsOf(component);
    this.edition = component.dataset.pbEdition;
    this.questions = [...component.querySelectorAll("[data-pb-question]")];
    // Where nothing can be kept, the page still marks.
    this.store = new Store("quiz", () => {});
    leadScanned(component);
    this.#find("check").addEventListener("click", () => this.#check());
    this.#find("next").addEventListener("click", () => {
      this.#show(this.#first + this.#shown.length);
      this.#shown[0].querySelector("input").focus();
    });
    this.#find("deeds").hidden = false;
    followJob(component, (job) => {
      this.#job = job;
      const kept = this.#kept();
      if (!this.#isBack()) this.#show(kept?.edition === this.edition ? kept.next : 0);
    });
    component.dataset.pbReady = "";
  }

  /** Show the questions of the job from one of them on; after the last comes the first again. */
  #show(first) {
    const own = this.#own;
    this.#first = first < own.length ? first : 0;
    this.#shown = own.slice(this.#first, this.#first + ROUND);
    for (const question of this.questions) {
      question.hidden = !this.#shown.includes(question);
      this.#unmark(question);
    }
    this.#find("check").hidden = !this.#shown.length;
    this.#find("next").hidden = true;
    this.#find("score").textContent = "";
    this.#find("read").replaceChildren();
    tell(this.component, "");
    this.#tellLast();
    history.replaceState({ ...history.state, [MARKED]: undefined }, "");
  }

  /** Show the round again that this entry of the tab's history has; tells whether there is one. */
  #isBack() {
    const { edition, job, first, answers, isKept } = history.state?.[MARKED] ?? {};
    if (edition !== this.edition || job !== this.#job) return false;
    this.#show(first);
    for (const [place, question] of this.#shown.entries())
      question.querySelectorAll("input")[answers[place]].checked = true;
    this.#tellMarked(isKept);
    return true;
  }

  get #own() {
    return this.questions.filter(({ dataset }) => !this.#job || dataset.roles.split(" ").includes(this.#job));
  }

  #unmark(question) {
    for (const field of question.querySelectorAll("input")) [field.checked, field.disabled] = [false, false];
    question.querySelector("[data-pb-mark]").hidden = true;
    const key = question.querySelector("[data-pb-key]");
    [key.hidden, key.open] = [true, false];
  }

  #check() {
    const open = this.#shown.filter((question) => !question.querySelector("input:checked"));
    if (open.length) {
      tell(this.component, this.words(open.length === 1 ? "unanswered.one" : "unanswered.other", { count: open.length }));
      open[0].querySelector("input").focus();
      return;
    }
    tell(this.component, "");
    const [count, right] = [this.#shown.length, this.#shown.filter(isRight).length];
    const now = new Date();
    const next = this.#first + count;
    this.#tellMarked(
      this.store.set(this.#name, { right, count, next, date: dayAt(now), hour: hourAt(now), edition: this.edition }),
    );
  }

  /** Mark the round, say what it came to and what to read again. */
  #tellMarked(isKept) {
    const answers = this.#shown.map((question) => Number(question.querySelector("input:checked").value));
    const wrong = this.#shown.filter((question) => !this.#mark(question));
    const [count, right] = [this.#shown.length, this.#shown.length - wrong.length];
    this.#find("score").textContent = [
      this.words("score", { right, count }),
      this.words(isKept ? "kept" : "unkept"),
      wrong.length ? this.words("read") : this.words("all_right"),
    ].join(" ");
    this.#find("read").replaceChildren(...linesOf(wrong));
    this.#find("check").hidden = true;
    this.#find("next").textContent = this.words(this.#first + count < this.#own.length ? "next" : "anew");
    this.#find("next").hidden = false;
    const marked = { edition: this.edition, job: this.#job, first: this.#first, answers, isKept };
    history.replaceState({ ...history.state, [MARKED]: marked }, "");
    this.#find("result").focus();
  }

  /** Mark a question, open its key where the answer was wrong, and tell whether it was right. */
  #mark(question) {
    const fields = [...question.querySelectorAll("input")];
    for (const field of fields) field.disabled = true;
    const right = isRight(question);
    const mark = question.querySelector("[data-pb-mark]");
    mark.dataset.pbMark = right ? "right" : "wrong";
    mark.textContent = this.words(right ? "right" : "wrong");
    mark.hidden = false;
    const key = question.querySelector("[data-pb-key]");
    [key.hidden, key.open] = [false, !right];
    return right;
  }

  #tellLast() {
    const kept = this.#kept();
    const place = this.#find("last");
    place.hidden = !kept;
    if (kept) place.textContent = this.words("last", { ...kept, date: dayOf(kept.date) });
  }

  /** The last result of the job; nothing where what was kept is none. */
  #kept() {
    const kept = this.store.get(this.#name);
    return Number.isInteger(kept?.next) && Number.isInteger(kept.right) && Number.isInteger(kept.count) ? kept : undefined;
  }

  get #name() {
    return this.#job || "all";
  }

  #find(name) {
    return this.component.querySelector(`[data-pb-${name}]`);
  }
}

const isRight = (question) => question.querySelectorAll("input")[question.dataset.pbRight].checked;

/** What to read again, each once. */
function linesOf(wrong) {
  const links = wrong.map((question) => question.querySelector("[data-pb-key] a"));
  const once = links.filter((link, place) => links.findIndex(({ href }) => href === link.href) === place);
  return once.map((link) => {
    const line = document.createElement("li");
    line.append(link.cloneNode(true));
    return line;
  });
}
