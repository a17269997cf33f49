/**
 * A checklist's runs: each with its visit, its answers and notes, kept in the browser. A run is either ticked or
 * scored; it ends when somebody ends it and never changes after that. What is done with a run (files, codes) is in
 * `transfer.js`, fetched when asked for.
 */
import { answerTo, saidIn } from "./answer.js";
import { saidEarly } from "./early.js";
import { tell } from "./message.js";
import { dayOf, part, wordsOf } from "./page.js";
import { dayAt, isCurrent } from "./period.js";
import { linesOf, resultOf, showReport, verdictOf } from "./report.js";
import { rowsOf } from "./rows.js";
import { sound } from "./run.js";
import { begin, merged } from "./runs.js";
import { Store } from "./store.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
// Who touched nothing for so long is in the middle of nothing.
const QUIET = 5 * MINUTE;

export async function start(list) {
  // What writes days takes the browser as long to make as all rows: a task of its own.
  dayOf(dayAt(new Date()));
  await new Promise((resolve) => setTimeout(resolve));
  new Checklist(list);
}

class Checklist {
  #control;
  #toldAt;
  // The visit as this window last saw it kept: what differs from it was written here.
  #known;
  // What tells how long the run that is shown is the one to fill in; whether something said has just begun another;
  // and what was used for that, beside which it is told until something else is used.
  #since;
  #hasTurned = false;
  #turnedAt = null;

  constructor(list) {
    this.list = list;
    this.words = wordsOf(list);
    this.rule = JSON.parse(list.querySelector("script[data-pb-rule]").textContent);
    this.numbers = this.words("numbers").split(" ");
    this.#control = this.find("progress");
    this.store = new Store(list.dataset.pbChecklist, (trouble) => this.#report(trouble));
    this.rows = rowsOf(list, (row, control) => this.#keep(control), () => this.#turn());
    const sayAgain = saidEarly(list);
    this.#listen();
    this.#settle();
    sayAgain(this.run);
    addEventListener("hashchange", () => this.#receive());
    this.#receive();
    list.dataset.pbReady = "";
  }

  /** The runs kept here, the one touched last first. */
  runs() {
    const kept = this.store.names().map((id) => sound({ ...this.store.get(id), id }));
    // What a wrong clock calls the future was not touched last.
    const latest = Date.now() + DAY;
    const lastOf = ({ touched }) => (touched > latest ? 0 : touched);
    return kept.filter(({ id }) => id).sort((one, other) => lastOf(other) - lastOf(one));
  }

  /** Show a run and go on with it; one that was ended is shown as it was. */
  open(run) {
    this.run = sound(run);
    const now = new Date();
    // Who opens one of an earlier period wants that one, for as long as a run that is begun now would last.
    this.#since = this.#isOver(this.run) ? { begun: now.getTime(), day: dayAt(now) } : this.run;
    this.#known = { ...this.run };
    this.#showVisit();
    this.list.classList.toggle("pb-checklist--ended", Boolean(this.run.ended));
    this.#showRows();
    this.#placeResults(Boolean(this.run.ended));
  }

  /** Keep a run that came from elsewhere, beside those that are here, and open it. */
  adopt(given, control) {
    const run = sound({ ...this.#blank(), ...given });
    const here = this.store.get(run.id);
    if (here && !sound(here).ended) run.id = this.#blank().id;
    if (!here?.ended) this.store.set(run.id, { ...run, touched: Date.now() });
    this.find("previous").hidden = true;
    this.open(sound({ ...this.store.get(run.id), id: run.id }));
    tell(control, this.words("opened", { run: this.nameOf(run) }));
  }

  /** What a run is called, beside the others that are kept here. */
  nameOf(run) {
    return this.#namesOf([run, ...this.runs().filter(({ id }) => id !== run.id)])[0];
  }

  /** Tells whether another run has a photograph too: one that was brought shares them with the one it was made from. */
  isShared(photo) {
    const others = this.runs().filter(({ id }) => id !== this.run.id);
    return others.some((run) => photosIn(run).includes(photo));
  }

  /** Have the keyboard where the run that is shown begins, after what was pressed has gone; and say what came of it. */
  lead(text) {
    const head = this.run.ended ? this.find("results").querySelector("h2") : this.find("run").querySelector("summary");
    head.focus();
    if (text) tell(this.find("progress"), text);
  }

  /** The rows of the run that is shown, each with its answer. */
  lines() {
    const titleOf = (section) => this.list.querySelector(`[data-pb-section="${section}"] h2`)?.textContent ?? "";
    return linesOf(this.run, this.rows, titleOf);
  }

  /** The rule by which the run that is shown is graded. */
  ruleInForce() {
    return this.run.ended ? this.run.rule : this.rule;
  }

  /** Keep what the page shows; `control` is where what is said of it is said. */
  save(control) {
    if (this.run.ended) return;
    this.#control = control ?? this.#control;
    this.find("previous").hidden = true;
    const here = Object.fromEntries(this.rows.map((row) => [row.id, row.kept]).filter(([, kept]) => kept));
    // Answers to items that the list no longer has stay in the run: the edition that asked for them was real.
    const mine = { ...this.run, answers: { ...this.run.answers, ...here }, touched: Date.now() };
    // Another window may have gone on with the same run.
    const stored = this.store.fresh(this.run.id);
    this.run = merged(stored && sound({ ...stored, id: this.run.id }), mine, this.#known);
    if (this.run.ended) {
      this.open(this.run);
      tell(this.find("progress"), this.words("ended-elsewhere"));
      return;
    }
    if (this.store.set(this.run.id, this.run)) this.#known = { ...this.run };
    this.#showVisit(control);
    this.#showSums();
  }

  find(name) {
    return this.list.querySelector(`[data-pb-${name}]`);
  }

  /** A button that hands the run over as a file, for wherever that is the way out. */
  offer() {
    const button = part(this.list, "offer");
    button.addEventListener("click", () => this.transfer("download", "json", button));
    return button;
  }

  async transfer(act, ...what) {
    const transfer = await import("./transfer.js");
    return transfer[act](this, ...what);
  }

  /** What runs are called; those of one day that would be called alike are told apart by their hour. */
  #namesOf(runs) {
    const names = runs.map(({ name, place, date }) => {
      const day = dayOf(date);
      if (name || place) return [name, place, day].filter(Boolean).join(", ");
      return day ? this.words("unnamed", { date: day }) : this.words("undated");
    });
    const isAlone = (name) => names.indexOf(name) === names.lastIndexOf(name);
    return names.map((name, place) => (isAlone(name) ? name : [name, runs[place].hour].filter(Boolean).join(", ")));
  }

  #isOver(run) {
    return !isCurrent(run, this.list.dataset.pbPeriod, new Date());
  }

  /** What is said belongs to the period in which it is said, though the page was never out of sight since the last one. */
  #turn() {
    if (this.run.ended || !this.#isOver(this.#since)) return;
    const { audit, touched } = this.run;
    this.#settle();
    this.#hasTurned = touched > 0;
    if (this.run.touched || this.run.audit === audit) return;
    this.run.audit = audit;
    this.open(this.run);
  }

  #keep(control) {
    if (this.#turnedAt !== control) this.#turnedAt = null;
    this.save(control);
    if (this.#hasTurned) tell((this.#turnedAt = control), this.words("new-run"));
    this.#hasTurned = false;
  }

  #report(trouble) {
    if (this.#toldAt && this.#toldAt !== this.#control) tell(this.#toldAt, "");
    this.#toldAt = this.#control;
    if (!trouble && this.#control === this.#turnedAt) return;
    tell(this.#control, trouble && this.words(trouble), trouble === "full" || trouble === "blocked" ? this.offer() : null);
  }

  #blank() {
    return begin(new Date(), { audit: "pbScored" in this.list.dataset, edition: this.list.dataset.pbEdition });
  }

  /** Open what is in its period; of an earlier one only the way back to it is shown. */
  #settle() {
    const [latest] = this.runs();
    const period = this.list.dataset.pbPeriod;
    const current = latest && !this.#isOver(latest);
    const over = latest?.ended && (period === "visit" || period === "shift");
    if (current && !over) this.open(latest);
    else this.open(this.#blank());
    this.#showPrevious(current && !over ? undefined : latest);
  }

  /** What is left of an earlier period: one that was ended can be seen, one that was not asks what to do. */
  #showPrevious(run) {
    const banner = this.find("previous");
    banner.hidden = !run || (!run.ended && !isBegun(run));
    if (banner.hidden) return;
    const yesterday = new Date();
    yesterday.setDate(yesterday.getDate() - 1);
    const when = { [dayAt(new Date())]: "from-today", [dayAt(yesterday)]: "from-yesterday" }[run.day] ?? "from-day";
    const spoken = this.words(when, { date: dayOf(run.day) });
    const values = { run: spoken, ...this.#resultOf(run) };
    this.find("previous-text").textContent = run.ended ? "" : this.words("unfinished", values);
    this.find("see").textContent = this.words(run.ended ? "see" : "go-on", values);
    this.find("see").onclick = () => {
      banner.hidden = true;
      this.open(run);
      this.lead(this.words("opened", { run: this.nameOf(run) }));
    };
    this.find("fresh").hidden = Boolean(run.ended);
    this.find("fresh").onclick = () => {
      banner.hidden = true;
      this.lead(this.words("begun"));
    };
  }

  /** Show whose run it is; a field in which somebody writes has what they write. */
  #showVisit(control) {
    for (const field of this.list.querySelectorAll("[data-pb-field]")) {
      const value = this.run[field.dataset.pbField] ?? "";
      if (field !== control && field.value !== value) field.value = value;
    }
    this.find("audit").checked = this.run.audit;
  }

  #showRows() {
    this.list.classList.toggle("pb-checklist--audit", this.run.audit);
    const texts = this.rows.map(({ text }) => text);
    for (const row of this.rows) row.show(answerTo(this.run, row.id), this.run.audit, texts, this.numbers);
    this.#showSums();
    this.#showPhotos();
  }

  async #showPhotos(wanted = this.rows) {
    const some = wanted.filter((row) => row.answer.photos.length);
    if (some.length) await this.transfer("showPhotos", some);
  }

  #showSums() {
    this.#showChoice();
    this.#showProgress();
    for (const place of this.list.querySelectorAll("[data-pb-signed]")) {
      const value = this.run[place.dataset.pbSigned] ?? "";
      place.textContent = place.dataset.pbSigned === "date" ? dayOf(value) : value;
    }
    for (const place of this.list.querySelectorAll("[data-pb-signed-by]"))
      place.textContent = this.run.ended?.signed.find(({ role }) => role === place.dataset.pbSignedBy)?.name ?? "";
    const results = this.find("results");
    results.hidden = !this.run.audit && !this.run.ended;
    if (!results.hidden) showReport(this.list, this.run, this.lines(), this.ruleInForce(), this.words);
    if (this.run.ended) this.transfer("showReportPhotos");
    if (this.find("compare").open) this.#showCompare();
  }

  #showChoice() {
    const runs = this.runs();
    if (!runs.some(({ id }) => id === this.run.id)) runs.unshift(this.run);
    const names = this.#namesOf(runs);
    const options = runs.map(({ id }, place) => new Option(names[place], id, false, id === this.run.id));
    this.find("choice").replaceChildren(...options);
    this.find("run-name").textContent = names[runs.findIndex(({ id }) => id === this.run.id)];
  }

  #showProgress() {
    const lines = this.lines();
    const { done, all, percent } = resultOf(lines, this.ruleInForce(), this.run.audit);
    const bar = this.find("progress").querySelector("progress");
    [bar.max, bar.value] = [all, done];
    this.find("count").textContent = this.words("progress", { done, all });
    this.find("score").textContent = this.run.audit && percent !== null ? this.words("percent", { value: percent }) : "";
  }

  /**
   * Where a run that was ended stands first, and on paper; while it is filled in, the rows do. What is done with it once
   * it has ended stands beside the verdict, and not a hundred rows below it.
   */
  #placeResults(first) {
    const results = this.find("results");
    if (first) this.find("progress").after(results);
    else this.find("ending").before(results);
    if (this.run.ended) this.find("asks").after(this.find("hand-on"));
    else this.find("ending").prepend(this.find("hand-on"));
  }

  /** The runs as columns: who, where and when; how far and how well; then each item. */
  #showCompare() {
    const runs = this.runs();
    const columns = runs.map((run) => this.#valuesIn(run));
    const results = runs.map((run) => this.#resultOf(run));
    const verdicts = runs.map((run, place) => verdictOf(results[place], run.rule ?? this.rule, this.words, run.audit));
    const table = this.find("compare").querySelector("table");
    table.tHead.replaceChildren(tableRow("th", "", this.#namesOf(runs)));
    table.tBodies[0].replaceChildren(
      tableRow("td", this.words("done"), results.map((result) => this.words("progress", result))),
      tableRow("td", this.words("score"), verdicts.map(({ verdict }) => verdict)),
      ...this.rows.map((row, place) =>
        tableRow("td", row.text, columns.map((values) => this.words(values[place] || "none"))),
      ),
    );
  }

  /** What a run comes to: one that was ended by the rows and the rule that it kept, any other by those of today. */
  #resultOf(run) {
    if (run.ended) return resultOf(linesOf(run), run.rule, run.audit);
    const values = this.#valuesIn(run);
    const lines = this.rows.map(({ id, level }, place) => ({ id, level, value: values[place] }));
    return resultOf(lines, this.rule, run.audit);
  }

  /** What a run answers to each row of today. */
  #valuesIn(run) {
    const texts = this.rows.map(({ text }) => text);
    return this.rows.map((row) => row.valueIn(answerTo(run, row.id), texts, this.numbers));
  }

  #listen() {
    for (const field of this.list.querySelectorAll("[data-pb-field]"))
      field.addEventListener("input", () => {
        const { value } = field;
        this.#turn();
        if (field.value !== value) field.value = value;
        this.run[field.dataset.pbField] = saidIn(field);
        this.#keep(field);
      });
    this.#on("audit", "change", ({ target }) => {
      this.run.audit = target.checked;
      this.save(target);
      this.#showRows();
    });
    this.#on("choice", "change", ({ target }) => this.open(this.runs().find(({ id }) => id === target.value)));
    this.#on("new", "click", () => this.#startOver());
    this.#on("finish", "click", () => this.transfer("askToFinish"));
    this.#on("delete", "click", () => this.#delete());
    this.#on("compare", "toggle", () => this.#showCompare());
    this.#on("open", "change", ({ target }) => this.transfer("openFile", target.files[0], target));
    this.#on("qr", "click", ({ target }) => this.transfer("showCode", target));
    this.#on("send", "click", ({ target }) => this.transfer("share", target));
    for (const button of this.list.querySelectorAll("[data-pb-download]"))
      button.addEventListener("click", () => this.transfer("download", button.dataset.pbDownload, button));
    for (const button of this.list.querySelectorAll("[data-pb-print]"))
      button.addEventListener("click", () => printForm(button.dataset.pbPrint));
    this.list.addEventListener("change", ({ target }) => this.#photos(target, "addPhotos", target.files));
    this.list.addEventListener("click", ({ target }) => this.#photos(target, "dropPhotos", target.dataset?.pbDrop));
    // While a year is typed it is one of few digits: what is made of it is shown to who has gone on.
    this.list.addEventListener("focusout", ({ target }) => {
      if (target.type === "date" && target.value !== saidIn(target)) target.value = saidIn(target);
    });
    this.list.addEventListener("pb-extra", ({ target }) => this.#showPhotos(this.rows.filter((row) => row.element === target)));
    addEventListener("beforeprint", () => {
      // What nobody has touched is a form to fill in by hand, however it is printed.
      if (!this.run.touched) document.documentElement.dataset.pbForm ??= "blank";
      this.#placeResults(true);
    });
    addEventListener("afterprint", () => {
      delete document.documentElement.dataset.pbForm;
      this.#placeResults(Boolean(this.run.ended));
    });
    addEventListener("pb-stored", ({ detail }) => this.#heed(detail));
    // A page that was left open overnight is looked at again in the morning.
    document.addEventListener("visibilitychange", () => this.#wake());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#wake());
    // One at a counter is never out of sight: it looks at the clock itself, and takes nothing from under anybody's hand.
    const isQuiet = () => Date.now() - this.run.touched > QUIET && !this.list.querySelector("dialog[open]");
    setInterval(() => isQuiet() && this.#wake(), MINUTE);
  }

  #photos(target, act, what) {
    const wanted = act === "addPhotos" ? target.dataset?.pbPhoto !== undefined : Boolean(what);
    const row = wanted && this.rows.find(({ element }) => element.contains(target));
    if (row) this.transfer(act, row, what, target);
  }

  #wake() {
    if (document.visibilityState !== "visible") return;
    if (this.#isOver(this.#since)) this.#settle();
  }

  #heed(id) {
    const stored = this.store.get(id);
    const run = stored && sound({ ...stored, id });
    if (id !== this.run.id || !run) this.#showSums();
    else if (run.ended || !this.list.contains(document.activeElement)) this.open(run);
    // Somebody is writing here: what they write stays, the other window's answers come beside it.
    else this.#join(run);
  }

  #join(run) {
    const focused = this.rows.find(({ element }) => element.contains(document.activeElement));
    const { audit } = this.run;
    this.run = merged(run, this.run, this.#known);
    this.#known = { ...run };
    this.#showVisit(document.activeElement);
    this.list.classList.toggle("pb-checklist--audit", this.run.audit);
    const texts = this.rows.map(({ text }) => text);
    for (const row of this.rows)
      if (row !== focused || this.run.audit !== audit) row.show(answerTo(this.run, row.id), this.run.audit, texts, this.numbers);
    this.#showSums();
  }

  #startOver() {
    this.find("previous").hidden = true;
    this.open(this.#blank());
    this.find("run").open = true;
    this.list.querySelector("[data-pb-field=name]").focus();
  }

  #delete() {
    if (!confirm(this.words("confirm-delete"))) return;
    const photos = photosIn(this.run).filter((photo) => !this.isShared(photo));
    if (photos.length) this.transfer("forgetPhotos", photos);
    this.store.delete(this.run.id);
    this.open(this.runs()[0] ?? this.#blank());
    this.lead(this.words("deleted", { run: this.nameOf(this.run) }));
  }

  /** End the run: from now on it is what it is. `signed` are those who end it, with their roles where they have one. */
  end(signed) {
    this.save(this.find("finish"));
    const kept = ({ section, title, id, text, level, digest }) => ({ section, title, id, text, level, digest });
    const rows = this.lines().map(kept);
    // What is answered to other words than the page's stays out of the verdict, as it did on the page.
    const answered = Object.fromEntries(this.lines().map((line) => [line.id, line.value]));
    const answers = Object.fromEntries(
      Object.entries(this.run.answers).map(([id, answer]) => [id, { ...answer, value: answered[id] ?? answer.value }]),
    );
    const by = signed[0].name;
    const ended = { at: Date.now(), by, signed: signed.filter(({ role, name }) => role && name) };
    const run = { ...this.run, name: this.run.name || by, answers, ended, rows, rule: this.rule, touched: Date.now() };
    this.store.set(run.id, run);
    this.open(run);
    const results = this.find("results");
    results.scrollIntoView({ block: "start" });
    results.querySelector("h2").focus({ preventScroll: true });
  }

  #receive() {
    if (location.hash.startsWith("#run=")) this.transfer("receive", location.hash.slice(5));
  }

  #on(name, event, act) {
    this.find(name).addEventListener(event, act);
  }
}

function photosIn({ answers }) {
  return Object.values(answers).flatMap(({ photos }) => photos);
}

/** Whether anything was said of any row: what was only noted is to be gone on with too. */
function isBegun({ answers }) {
  return Object.values(answers).some(({ value, note, photos }) => value || note || photos.length);
}

function tableRow(kind, head, texts) {
  const row = document.createElement("tr");
  const first = document.createElement(head ? "th" : "td");
  first.textContent = head;
  if (head) first.scope = "row";
  const cells = texts.map((text) => {
    const cell = document.createElement(kind);
    cell.textContent = text;
    if (kind === "th") cell.scope = "col";
    return cell;
  });
  row.append(first, ...cells);
  return row;
}

/** Print the form as filled or as blank; the style sheet knows the difference. */
function printForm(form) {
  document.documentElement.dataset.pbForm = form;
  print();
}
