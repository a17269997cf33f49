/* The search in the header: a dialog that opens by its button or a key, and loads its engine only then. */

import { able } from "./dialog.js";
import { SITE, part, wordsOf } from "./page.js";

const PAUSE = 60;
const AT_ONCE = 8;
const LAST = `pb:${SITE}:search`;
// A link that leads to a list opens the search instead, where there is one.
const FIND = ".pb-find";
const EXCERPT = "./search-excerpt.js";

/** Brings the search to life. `element` holds its button, its dialog and the root of the site. */
export function start(element) {
  const search = new Search(element);
  search.button.hidden = false;
  search.button.addEventListener("click", () => search.open());
  for (const link of document.querySelectorAll(FIND)) search.takeOver(link);
  document.addEventListener("keydown", (event) => {
    const combined = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target);
    if (!combined && !slash) return;
    event.preventDefault();
    search.open();
  });
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

class Search {
  #turn = 0;
  #shown = AT_ONCE;
  #results = [];

  constructor(element) {
    this.element = element;
    this.root = new URL(element.dataset.root, document.baseURI);
    this.words = wordsOf(element);
    this.button = element.querySelector("[data-pb-open]");
    this.dialog = able(element.querySelector("dialog"));
    this.input = this.dialog.querySelector("input");
    this.list = this.dialog.querySelector("[data-pb-results]");
    this.status = this.dialog.querySelector("[role=status]");
    this.help = this.dialog.querySelector("[data-pb-help]");
    this.more = this.dialog.querySelector("[data-pb-more]");
    this.filters = this.dialog.querySelector("[data-pb-filters]");
    this.#listen();
  }

  open() {
    if (this.dialog.open) return this.input.select();
    this.dialog.showModal();
    this.input.value ||= remembered();
    this.input.focus();
    this.input.select();
    this.#engine();
    if (this.input.value) this.#search();
  }

  takeOver(link) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.open();
    });
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") event.preventDefault();
      if (event.key === " ") this.open();
    });
  }

  #listen() {
    this.input.addEventListener("input", () => this.#soon());
    this.dialog.addEventListener("keydown", (event) => this.#move(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close();
    });
    this.dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search().then(() => this.list.querySelector("a")?.click());
    });
    this.dialog.querySelector("[data-pb-close]").addEventListener("click", () => this.dialog.close());
    this.list.addEventListener("click", () => this.dialog.close());
    this.filters.addEventListener("toggle", () => this.#offerFilters());
    this.filters.addEventListener("change", () => this.#search());
    this.more.addEventListener("click", () => this.#showMore());
  }

  /** Loads Pagefind, its index and the words, once; after a failure the next search tries again. */
  #engine() {
    this.engine ??= load(this.root).catch((error) => {
      this.engine = null;
      throw error;
    });
    this.engine.catch(async () => this.#say(await obstacleOf(this.root)));
    return this.engine;
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search() {
    clearTimeout(this.timer);
    const turn = ++this.#turn;
    const query = this.input.value.trim();
    remember(query);
    if (!query) return this.#show([], "");
    const finder = await this.#engine().catch(() => null);
    if (!finder) return;
    const { results, corrected } = await finder.find(query, this.#wanted());
    if (turn !== this.#turn) return;
    this.#shown = AT_ONCE;
    await this.#show(results, query, corrected);
  }

  async #show(results, query, corrected = []) {
    this.#results = results;
    const turn = this.#turn;
    const items = await Promise.all(results.slice(0, this.#shown).map((result) => this.#item(result)));
    if (turn !== this.#turn) return;
    // Who is already among the results stays at the same place when better ones come.
    const place = [...this.list.querySelectorAll("a")].indexOf(document.activeElement);
    this.list.replaceChildren(...items);
    if (place >= 0) (items.at(Math.min(place, items.length - 1))?.querySelector("a") ?? this.input).focus();
    this.more.hidden = results.length <= this.#shown;
    this.help.hidden = results.length > 0;
    const count = this.words(results.length === 1 ? "count-one" : "count", { count: results.length });
    if (!query) this.#say("");
    else if (!results.length) this.#say("nothing", { query });
    else if (corrected.length) this.#say("corrected", { results: count, words: corrected.join(", ") });
    else this.status.textContent = count;
  }

  async #showMore() {
    const from = this.#shown;
    this.#shown += AT_ONCE;
    await this.#show(this.#results, this.input.value);
    this.list.querySelectorAll("a")[from]?.focus();
  }

  #say(key, values) {
    this.status.textContent = key && this.words(key, values);
  }

  async #item(result) {
    const { excerptOf } = await import(EXCERPT);
    const { meta, address, section, pieces } = await excerptOf(result);
    const item = part(this.element, "result");
    item.querySelector("a").href = new URL(address, this.root);
    const fill = (name, text) => {
      item.querySelector(`[data-pb-${name}]`).textContent = text;
    };
    fill("kind", meta.kind);
    fill("id", meta.id ?? "");
    fill("title", meta.title ?? meta.name);
    fill("section", section);
    item.querySelector("[data-pb-sentence]").append(...pieces.map(({ text, matched }) => marked(text, matched)));
    return item;
  }

  /** Up and down go through the field and the results; Esc closes, where a browser would empty the field. */
  #move(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      return this.dialog.close();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [this.input, ...this.list.querySelectorAll("a")];
    const here = stops.indexOf(document.activeElement);
    if (here < 0) return;
    event.preventDefault();
    stops[Math.max(0, Math.min(stops.length - 1, here + (event.key === "ArrowDown" ? 1 : -1)))].focus();
  }

  async #offerFilters() {
    if (!this.filters.open || this.facets) return;
    this.facets = await (await fetch(new URL("pagefind/facets.json", this.root))).json();
    for (const select of this.filters.querySelectorAll("select")) {
      this.facets.words.forEach(([group, title], place) => {
        if (group === select.name) select.add(new Option(title, place));
      });
    }
  }

  /** Returns what tells whether a page has all of the words chosen in the filters. */
  #wanted() {
    const chosen = [...this.filters.querySelectorAll("select")].map((select) => select.value).filter(Boolean);
    return (id) => chosen.every((word) => this.facets.pages[id]?.includes(Number(word)));
  }
}

let refused = false;
addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
  refused ||= /^(?:script|connect|default)-src/.test(effectiveDirective);
});

/** Names what kept the engine away: a rule of who runs the site, no connection, or a browser that is too old. */
async function obstacleOf(root) {
  // HEAD asks the host itself: no cache of the browser or of the site's worker answers it.
  const answer = await fetch(new URL("pagefind/pagefind.js", root), { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (refused) return "refused";
  return answer?.ok ? "unsupported" : "unavailable";
}

/** Loads the engine, the index and the words of the site at `root`; returns a Finder. */
export async function load(root) {
  const base = new URL("pagefind/", root);
  const [pagefind, query, language] = await Promise.all([
    import(new URL("pagefind.js", base)),
    import("./search-query.js"),
    fetch(new URL("language.json", base)).then((response) => response.json()),
    import(EXCERPT),
  ]);
  const instance = pagefind.createInstance({ basePath: base.pathname, noWorker: true });
  await instance.options({ ranking: query.RANKING });
  return new query.Finder(instance, language);
}

function marked(text, matched) {
  if (!matched) return text;
  const mark = document.createElement("mark");
  mark.textContent = text;
  return mark;
}

/** The last search of this tab, so that who comes back from a result finds the others again. */
function remembered() {
  try {
    return sessionStorage.getItem(LAST) ?? "";
  } catch {
    return "";
  }
}

function remember(query) {
  try {
    sessionStorage.setItem(LAST, query);
  } catch {
    // A browser that keeps nothing has a search all the same.
  }
}
