/* The search's dialog: what is typed, what is found, and how a reader leaves it and comes back. */

import { note } from "./asked.js";
import { part, wordsOf } from "./page.js";
import { land, promise } from "./passage.js";
import { OPEN, SEARCH, keep, kept } from "./tab.js";

const PAUSE = 60;
const AT_ONCE = 8;
const EXCERPT = "./search-excerpt.js";

/** The dialog of a search: `element` holds it, its words and the root of the site. */
export class Search {
  #turn = 0;
  #shown = AT_ONCE;
  #results = [];
  #answered = "";
  // The last query of which a result was opened, or which was noted because none was.
  #done = "";

  constructor(element) {
    this.element = element;
    this.root = new URL(element.dataset.root, document.baseURI);
    this.words = wordsOf(element);
    this.atTop = element.dataset.top.split(" ");
    this.dialog = element.querySelector("dialog");
    this.input = this.dialog.querySelector("input");
    this.list = this.dialog.querySelector("[data-pb-results]");
    this.status = this.dialog.querySelector("[role=status]");
    this.help = this.dialog.querySelector("[data-pb-help]");
    this.more = this.dialog.querySelector("[data-pb-more]");
    this.filters = this.dialog.querySelector("[data-pb-filters]");
    this.#listen();
  }

  /** Goes on from what this tab searched last, or from what was typed while this module was on its way. */
  begin() {
    this.#engine();
    if (!this.input.value) {
      this.input.value = this.#done = kept(SEARCH);
      this.input.select();
    }
    if (this.input.value) this.#search();
  }

  /** Shows the list as the history noted it. */
  async restore({ query, shown, chosen = [], top = 0 }) {
    this.#engine();
    this.input.value = this.#done = query ?? kept(SEARCH);
    if (!this.input.value) return;
    if (chosen.some(Boolean)) {
      this.filters.open = true;
      await this.#offerFilters();
      this.#selects.forEach((select, place) => (select.value = chosen[place] ?? ""));
    }
    await this.#search(shown);
    this.dialog.scrollTop = top;
  }

  /** Notes in the history what the list is like, for whoever leaves it by one of its links. */
  #note() {
    const chosen = this.#selects.map((select) => select.value);
    const entry = { query: this.input.value, shown: this.#shown, chosen, top: this.dialog.scrollTop };
    history.replaceState({ ...history.state, [OPEN]: entry }, "");
  }

  get #selects() {
    return [...this.filters.querySelectorAll("select")];
  }

  #listen() {
    this.input.addEventListener("input", () => this.#soon());
    this.dialog.addEventListener("keydown", (event) => this.#move(event));
    this.dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search().then(() => this.#enter());
    });
    this.list.addEventListener("click", (event) => this.#leave(event));
    this.filters.addEventListener("toggle", () => this.#offerFilters());
    this.filters.addEventListener("change", () => this.#search());
    this.more.addEventListener("click", () => this.#showMore());
    this.dialog.querySelector("[data-pb-missed]")?.addEventListener("click", () => this.#noteUnmet());
    this.dialog.addEventListener("close", () => this.#noteUnmet());
    addEventListener("pagehide", () => this.#noteUnmet());
  }

  /** Opens the first result; that there is none is worth noting. */
  #enter() {
    const first = this.#answers() && this.list.querySelector("a");
    if (first) first.click();
    else this.#noteUnmet();
  }

  /** Keeps on this device what was searched and led nowhere: no result was opened, though none was filtered out. */
  #noteUnmet() {
    if (!this.#answers() || this.#answered === this.#done || this.#selects.some(({ value }) => value)) return;
    this.#done = this.#answered;
    note(this.#answered, this.#results.length, this.element.dataset.edition);
  }

  /** Whether the list answers what stands in the box, and not what stood there before. */
  #answers() {
    return Boolean(this.input.value.trim()) && this.#answered === this.input.value.trim();
  }

  /** Goes to a result: on this page, or on another, which is told of the passage that it is to show. */
  #leave(event) {
    const link = event.target.closest("a");
    if (link) this.#done = this.#answered;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.#note();
    const target = new URL(link.href);
    promise(target.pathname, link.dataset.passage ?? "");
    if (target.pathname !== location.pathname) return;
    event.preventDefault();
    // One more entry of the history, so that Back leads to the list from here too.
    history.pushState(null, "", target);
    this.dialog.close();
    if (!target.hash) scrollTo(0, 0);
    land();
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
    this.#markFirst();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#search(), PAUSE);
  }

  async #search(shown = AT_ONCE) {
    clearTimeout(this.timer);
    const turn = ++this.#turn;
    const query = this.input.value.trim();
    keep(SEARCH, query);
    if (!query) return this.#show([], "");
    const finder = await this.#engine().catch(() => null);
    if (!finder) return;
    const found = await finder.find(query, this.#wanted());
    if (turn !== this.#turn) return;
    this.#shown = shown;
    await this.#show(found.results, query, found);
  }

  /** Marks the result that Enter opens, while the list answers what stands in the box. */
  #markFirst() {
    this.list.querySelector(".pb-hit")?.classList.toggle("pb-hit--first", this.#answers());
  }

  async #show(results, query, { corrected = [], vague = false } = {}) {
    this.#results = results;
    const turn = this.#turn;
    const items = await Promise.all(results.slice(0, this.#shown).map((result) => this.#item(result)));
    if (turn !== this.#turn) return;
    // Who is already among the results stays at the same place when better ones come.
    const place = [...this.list.querySelectorAll("a")].indexOf(document.activeElement);
    this.list.replaceChildren(...items);
    this.#answered = query.trim();
    this.#markFirst();
    if (place >= 0) (items.at(Math.min(place, items.length - 1))?.querySelector("a") ?? this.input).focus();
    this.more.hidden = results.length <= this.#shown;
    this.help.hidden = results.length > 0 && !vague;
    this.#offerLetter(query);
    const count = this.words(results.length === 1 ? "count-one" : "count", { count: results.length });
    if (!query) this.#say("");
    else if (!results.length) this.#say("nothing", { query });
    else if (vague) this.#say("vague", { query, results: count });
    else if (corrected.length) this.#say("corrected", { results: count, words: corrected.join(", ") });
    else this.status.textContent = count;
  }

  /** Whoever did not find it can tell, and their question goes along. */
  #offerLetter(query) {
    const offer = this.dialog.querySelector("[data-pb-missed]");
    if (!offer) return;
    const link = offer.querySelector("a");
    link.dataset.address ??= link.getAttribute("href");
    link.href = link.dataset.address.replaceAll(encodeURIComponent("{query}"), encodeURIComponent(query));
    offer.hidden = !query;
    this.dialog.querySelector(".pb-letter")?.remove();
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
    const { meta, address, section, pieces, passage } = await excerptOf(result);
    const item = part(this.element, "result");
    const link = item.querySelector("a");
    // What fits a screen or two opens at its top, where its promise or its first step stands.
    const opensAtTop = this.atTop.includes(address.split("/")[0]);
    link.href = new URL(opensAtTop ? address.split("#")[0] : address, this.root);
    if (!opensAtTop) link.dataset.passage = passage;
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
  const [pagefind, query, rules, language] = await Promise.all([
    import(new URL("pagefind.js", base)),
    import("./search-query.js"),
    import("./search-language.js"),
    fetch(new URL("language.json", base)).then((response) => response.json()),
    import(EXCERPT),
  ]);
  const instance = pagefind.createInstance({ basePath: base.pathname, noWorker: true });
  await instance.options({ ranking: query.RANKING });
  return new query.Finder(instance, language, rules);
}

function marked(text, matched) {
  if (!matched) return text;
  const mark = document.createElement("mark");
  mark.textContent = text;
  return mark;
}
