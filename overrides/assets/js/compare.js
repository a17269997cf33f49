/** The page that compares saved runs: files in, a report out. Nothing is sent, and nothing is kept. */
import { summarise } from "./audits.js";
import { part, wordsOf } from "./page.js";
import { dayAt } from "./period.js";
import { LARGEST } from "./run.js";
import { readRun } from "./saved.js";
import { onNewDay } from "./today.js";
import { reportOf, sayingWith } from "./trends.js";

export function start(root) {
  new Compare(root);
}

class Compare {
  #found = new Map();

  constructor(root) {
    this.root = root;
    this.words = wordsOf(root);
    this.say = sayingWith(this.words);
    this.#find("files").addEventListener("change", ({ target }) => this.#read(target, [...target.files]));
    this.#find("folder").addEventListener("change", ({ target }) =>
      this.#read(target, [...target.files].filter(({ name }) => name.toLowerCase().endsWith(".json"))),
    );
    this.#find("folder").closest("label").hidden = !("webkitdirectory" in HTMLInputElement.prototype);
    this.#find("clear").addEventListener("click", () => {
      this.#found.clear();
      this.#find("reading").textContent = "";
      this.#show();
    });
    this.#find("print-report").addEventListener("click", () => print());
    onNewDay(() => this.#show());
    root.dataset.pbReady = "";
  }

  /** Read files one after the other, so that of a thousand with photographs one is in memory at a time. */
  async #read(field, files) {
    field.value = "";
    const status = this.#find("reading");
    for (const [place, file] of files.entries()) {
      const name = nameOf(file);
      this.#found.set(name, await this.#readOne(name, file));
      if (place % 50 === 0) status.textContent = this.words("reading", { done: place, all: files.length });
    }
    status.textContent = this.#told(files.length, files.filter((file) => !this.#found.get(nameOf(file)).trouble).length);
    this.#show();
  }

  #told(all, used) {
    if (!all) return this.words("nothing");
    return this.words(used < all ? "used" : "reading", { done: used, all });
  }

  async #readOne(name, file) {
    if (file.size > LARGEST) return { file: name, trouble: "large", place: "" };
    const text = await file.text().catch(() => undefined);
    return text === undefined ? { file: name, trouble: "unreadable", place: "" } : readRun(name, text);
  }

  #show() {
    const found = [...this.#found.values()];
    for (const name of ["report", "clear", "print-report"]) this.#find(name).hidden = !found.length;
    const blocks = reportOf(summarise(found, dayAt(new Date())), this.say);
    this.#find("report").replaceChildren(part(this.root, "legend"), ...blocks.map((block) => this.#draw(block)));
  }

  #draw(block) {
    if (block.kind === "table") return this.#table(block);
    if (block.kind === "charts") return filled(part(this.root, "charts"), block.charts.map((chart) => this.#chart(chart)));
    const made = part(this.root, block.kind === "heading" ? `heading${block.level}` : "text");
    made.textContent = block.text;
    return made;
  }

  #table({ title, columns, rows }) {
    const frame = part(this.root, "table");
    frame.setAttribute("aria-label", title);
    const table = frame.querySelector("table");
    table.caption.textContent = title;
    filled(table.tHead.rows[0], columns.map((column) => cellOf("th", column, "col")));
    const lines = rows.map(([head, ...cells]) =>
      filled(document.createElement("tr"), [cellOf("th", head, "row"), ...cells.map((cell) => cellOf("td", cell))]),
    );
    filled(table.tBodies[0], lines);
    return frame;
  }

  #chart({ title, description, bands, lines, changes, marks, ends }) {
    const figure = part(this.root, "chart");
    figure.querySelector("figcaption").textContent = title;
    const picture = figure.querySelector("svg");
    picture.setAttribute("aria-label", description);
    const [from, to] = picture.querySelectorAll(".pb-chart__end");
    [from.textContent, to.textContent] = ends;
    for (const [y, percent] of bands) {
      const band = this.#piece("band", 0, y);
      band.querySelector("text").textContent = percent;
      picture.append(band);
    }
    for (const x of changes) picture.append(this.#piece("change", x, 0));
    for (const points of lines) {
      const line = this.#piece("line");
      line.setAttribute("points", points);
      picture.append(line);
    }
    for (const { x, y, form } of marks) picture.append(this.#piece(form, x, y));
    return figure;
  }

  #piece(name, x, y) {
    const pieces = this.root.querySelector("template[data-pb-part=pieces]").content;
    const made = pieces.querySelector(`[data-pb-piece=${name}]`).firstElementChild.cloneNode(true);
    if (x !== undefined) made.setAttribute("transform", `translate(${x} ${y})`);
    return made;
  }

  #find(name) {
    return this.root.querySelector(`[data-pb-${name}]`);
  }
}

function filled(element, children) {
  element.append(...children);
  return element;
}

function cellOf(kind, text, scope) {
  const cell = document.createElement(kind);
  cell.textContent = text;
  if (scope) cell.scope = scope;
  return cell;
}

/** What a file is called: with the folders it was found in, where a folder was chosen. */
const nameOf = (file) => file.webkitRelativePath || file.name;
