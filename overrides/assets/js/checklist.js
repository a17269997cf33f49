/**
 * A checklist's runs: each with its name, place and date, its answers and notes, kept in the browser. A run is
 * either ticked or scored; what is done with a run (files, codes) is in `transfer.js`, fetched when asked for.
 */
import { dayOf, part, tell, wordsOf } from "./page.js";
import { rowsOf } from "./rows.js";
import { failuresOf, progressOf, rowsIn, scoreOf } from "./score.js";
import { Store } from "./store.js";

export function start(list) {
  new Checklist(list);
}

class Checklist {
  constructor(list) {
    this.list = list;
    this.words = wordsOf(list);
    this.store = new Store(list.dataset.pbChecklist, (trouble) => this.tell(trouble && this.words(trouble)));
    this.rows = rowsOf(list, () => this.#save());
    this.#listen();
    const [latest] = this.runs();
    this.open(latest ?? this.#blank());
    addEventListener("hashchange", () => this.#receive());
    this.#receive();
    list.dataset.pbReady = "";
  }

  /** The runs kept here, the one touched last first. */
  runs() {
    const kept = this.store.names().map((id) => sound({ ...this.store.get(id), id }));
    return kept.sort((one, other) => other.touched - one.touched);
  }

  /** Show a run and go on with it. */
  open(run) {
    this.run = sound(run);
    for (const field of this.list.querySelectorAll("[data-pb-field]")) field.value = run[field.dataset.pbField] ?? "";
    this.#find("audit").checked = run.audit;
    this.#showRows();
  }

  /** Keep a run that came from elsewhere, beside those that are here, and open it. */
  adopt(run) {
    const adopted = { ...this.#blank(), ...run, touched: Date.now() };
    this.store.set(adopted.id, adopted);
    this.open(adopted);
    this.tell(this.words("opened", { run: this.nameOf(adopted) }));
  }

  tell(text) {
    tell(this.list, text);
  }

  nameOf({ name, place, date }) {
    const parts = [name, place].filter(Boolean);
    const day = dayOf(date);
    return parts.length ? [...parts, day].join(", ") : this.words("unnamed", { date: day });
  }

  #blank() {
    const now = new Date();
    const date = new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
    const id = `${now.getTime().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
    const audit = "pbScored" in this.list.dataset;
    return { id, name: "", place: "", date, audit, edition: this.list.dataset.pbEdition, answers: {} };
  }

  #save() {
    const here = Object.fromEntries(this.rows.map((row) => [row.id, row.kept]));
    // Answers to items that the list no longer has stay in the run: the edition that asked for them was real.
    const answers = Object.entries({ ...this.run.answers, ...here }).filter(([, kept]) => kept);
    this.run = { ...this.run, answers: Object.fromEntries(answers), touched: Date.now() };
    this.store.set(this.run.id, this.run);
    this.#showSums();
  }

  #showRows() {
    this.list.classList.toggle("pb-checklist--audit", this.run.audit);
    for (const row of this.rows) row.show(this.run.answers[row.id], this.run.audit);
    this.#showSums();
  }

  #showSums() {
    this.#showChoice();
    this.#showProgress();
    this.#showSigned();
    this.#showResults();
    if (this.#find("compare").open) this.#showCompare();
  }

  #showChoice() {
    const runs = this.runs();
    if (!runs.some(({ id }) => id === this.run.id)) runs.unshift(this.run);
    const options = runs.map((run) => new Option(this.nameOf(run), run.id, false, run.id === this.run.id));
    this.#find("choice").replaceChildren(...options);
    this.#find("run-name").textContent = this.nameOf(this.run);
  }

  #showProgress() {
    const { done, all } = progressOf(this.rows);
    const bar = this.#find("progress").querySelector("progress");
    [bar.max, bar.value] = [all, done];
    this.#find("count").textContent = this.words("progress", { done, all });
    const score = this.run.audit ? scoreOf(this.rows) : undefined;
    this.#find("score").textContent = score === undefined ? "" : this.words("percent", { value: score });
  }

  #showSigned() {
    for (const place of this.list.querySelectorAll("[data-pb-signed]"))
      place.textContent = this.run[place.dataset.pbSigned] ?? "";
  }

  #showResults() {
    const results = this.#find("results");
    results.hidden = !this.run.audit;
    if (!this.run.audit) return;
    const score = scoreOf(this.rows);
    this.#find("overall").textContent =
      score === undefined ? this.words("no-score") : this.words("overall", { value: score });
    const failures = failuresOf(this.rows);
    this.#find("failed").hidden = !failures.length;
    this.#find("failures").replaceChildren(...failures.map((row) => this.#failure(row)));
    const sections = [...this.list.querySelectorAll("[data-pb-section]")];
    this.#find("sections").replaceChildren(...sections.map((section) => this.#sectionScore(section)));
  }

  #failure(row) {
    const item = part(this.list, "failure");
    const link = item.querySelector("a");
    link.href = `#${row.id}`;
    link.textContent = row.text;
    item.querySelector(".pb-results__level").textContent = this.words(row.level);
    item.querySelector(".pb-results__note").textContent = row.note;
    return item;
  }

  #sectionScore(section) {
    const line = part(this.list, "section");
    const rows = this.rows.filter((row) => row.section === section.dataset.pbSection);
    const count = (value) => String(rows.filter((row) => row.value === value).length);
    const score = scoreOf(rows);
    const texts = [
      section.querySelector("h2").textContent,
      ...["yes", "no", "na"].map(count),
      score === undefined ? "–" : this.words("percent", { value: score }),
    ];
    texts.forEach((text, place) => (line.cells[place].textContent = text));
    return line;
  }

  /** The runs as columns: who, where and when; how far and how well; then each item. */
  #showCompare() {
    const runs = this.runs();
    const columns = runs.map((run) => rowsIn(run, this.rows));
    const table = this.#find("compare").querySelector("table");
    const percent = (score) => (score === undefined ? "–" : this.words("percent", { value: score }));
    table.tHead.replaceChildren(tableRow("th", "", runs.map((run) => this.nameOf(run))));
    table.tBodies[0].replaceChildren(
      tableRow("td", this.words("done"), columns.map((rows) => this.words("progress", progressOf(rows)))),
      tableRow("td", this.words("score"), columns.map((rows) => percent(scoreOf(rows)))),
      ...this.rows.map((row, place) =>
        tableRow("td", row.text, columns.map((rows) => this.words(rows[place].value || "none"))),
      ),
    );
  }

  #listen() {
    for (const field of this.list.querySelectorAll("[data-pb-field]"))
      field.addEventListener("input", () => {
        this.run[field.dataset.pbField] = field.value;
        this.#save();
      });
    this.#on("audit", "change", ({ target }) => {
      this.run.audit = target.checked;
      this.#save();
      this.#showRows();
    });
    this.#on("choice", "change", ({ target }) => this.open(this.runs().find(({ id }) => id === target.value)));
    this.#on("new", "click", () => {
      this.open(this.#blank());
      this.#find("run").open = true;
      this.list.querySelector("[data-pb-field=name]").focus();
    });
    this.#on("delete", "click", () => this.#delete());
    this.#on("compare", "toggle", () => this.#showCompare());
    this.#on("open", "change", ({ target }) => this.#transfer("openFile", target.files[0], target));
    this.#on("qr", "click", () => this.#transfer("showCode"));
    for (const button of this.list.querySelectorAll("[data-pb-download]"))
      button.addEventListener("click", () => this.#transfer("download", button.dataset.pbDownload));
    for (const button of this.list.querySelectorAll("[data-pb-print]"))
      button.addEventListener("click", () => printForm(button.dataset.pbPrint));
    addEventListener("pb-stored", ({ detail }) => {
      const run = this.runs().find(({ id }) => id === detail);
      if (detail === this.run.id && run) this.open(run);
      else this.#showSums();
    });
  }

  #delete() {
    if (!confirm(this.words("confirm-delete"))) return;
    this.store.delete(this.run.id);
    this.open(this.runs()[0] ?? this.#blank());
  }

  #receive() {
    if (location.hash.startsWith("#run=")) this.#transfer("receive", location.hash.slice(5));
  }

  async #transfer(act, ...what) {
    const transfer = await import("./transfer.js");
    transfer[act](this, ...what);
  }

  #on(name, event, act) {
    this.#find(name).addEventListener(event, act);
  }

  #find(name) {
    return this.list.querySelector(`[data-pb-${name}]`);
  }
}

/** A run with every part of it in place, whatever was kept. */
function sound({ id, name, place, date, audit, edition, answers, touched }) {
  const text = (value) => (typeof value === "string" ? value : "");
  return {
    id,
    name: text(name),
    place: text(place),
    date: text(date),
    audit: Boolean(audit),
    edition: text(edition),
    answers: answers && typeof answers === "object" ? answers : {},
    touched: Number(touched) || 0,
  };
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
  const root = document.documentElement;
  root.dataset.pbForm = form;
  addEventListener("afterprint", () => delete root.dataset.pbForm, { once: true });
  print();
}
