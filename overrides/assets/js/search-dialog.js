/* The search's dialog: what is typed, what is found, and how a reader leaves it and comes back. */

import { note } from "./asked.js";
import { part, wordsOf } from "./page.js";
import { land, promise } from "./passage.js";
import { OPEN, SEARCH, keep, kept } from "./tab.js";

const PAUSE = 60;
// How long the list of an earlier question stays when the network gives no answer to this one.
const PATIENCE = 1000;
const AT_ONCE = 8;
// A device says that it is in reach again before its first answers come.
const AGAIN = [0, 1000, 3000];
const EXCERPT = "./search-excerpt.js";
const CONTENTS = "search/contents.json";

/** The dialog of a search: `element` holds it, its words and the root of the site. */
export class Search {
  #turn = 0;
  #typed = -PAUSE;
  #shown = AT_ONCE;
  #results = [];
  #answered = "";
  // What asks anew for what could not be searched.
  #again = null;
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
    if (!this.input.value) {
      this.input.value = this.#done = kept(SEARCH);
      this.input.select();
    }
    if (this.input.value) this.#search();
    else this.#prepare();
  }

  /** Has the engine come before anything is typed. */
  #prepare() {
    const turn = this.#turn;
    this.#engine().catch(() => this.#excuse(turn, "engine"));
  }

  /** Shows the list as the history noted it. */
  async restore({ query, shown, chosen = [], top = 0 }) {
    this.input.value = this.#done = query ?? kept(SEARCH);
    if (!this.input.value) return this.#prepare();
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
    this.input.addEventListener("input", (event) => this.#soon(event));
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
    addEventListener("online", () => this.#askAgain());
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

  /** Loads the index and what a query is read by, once; after a failure the next search tries again. */
  #engine() {
    if (!this.engine) {
      const engine = (this.engine = load(this.root));
      engine.catch(() => this.#drop(engine));
    }
    return this.engine;
  }

  #drop(engine) {
    if (this.engine === engine) this.engine = null;
  }

  /** Searches at once after a letter, and after the last one of those that come without a pause. */
  #soon({ timeStamp }) {
    this.#markFirst();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#search(), timeStamp - this.#typed < PAUSE ? PAUSE : 0);
    this.#typed = timeStamp;
  }

  /** Searches what stands in the box. `isMore` tells that the list answers that already, and is only to go on. */
  async #search(shown = AT_ONCE, isMore = false) {
    clearTimeout(this.timer);
    const turn = ++this.#turn;
    const query = this.input.value.trim();
    keep(SEARCH, query);
    if (!query) return this.#show([], "", []);
    const waiting = setTimeout(() => {
      if (isMore || turn !== this.#turn) return;
      this.#show([], "", []);
      this.#say("busy", { query });
    }, PATIENCE);
    // What was lost on the way is asked for once more, by a new engine: the old one takes it for empty from now on.
    const lost = (await this.#answer(query, shown, turn)) && (await this.#answer(query, shown, turn));
    clearTimeout(waiting);
    if (!lost) return;
    if (!isMore) this.#show([], "", []);
    this.#again = () => this.#search(shown, isMore);
    await this.#excuse(turn, lost, query);
  }

  /** Shows what answers a query. Returns what was missing for that: the `engine`, a part of the `index`, or nothing. */
  async #answer(query, shown, turn) {
    const engine = this.#engine();
    let finder = null;
    try {
      finder = await engine;
      const found = await finder.find(query, this.#wanted());
      if (turn !== this.#turn) return "";
      const items = await this.#itemsOf(found.results.slice(0, shown));
      if (turn !== this.#turn) return "";
      this.#shown = shown;
      this.#show(found.results, query, items, found);
      return "";
    } catch {
      this.#drop(engine);
      if (turn !== this.#turn) return "";
      return finder ? "index" : "engine";
    }
  }

  /** Asks anew for what could not be searched, now that the connection is back. */
  async #askAgain() {
    for (const wait of AGAIN) {
      await new Promise((done) => setTimeout(done, wait));
      if (!this.dialog.open || !this.#again) return;
      await this.#again();
    }
  }

  /** Says what keeps the search from answering. */
  async #excuse(turn, lost, query) {
    const obstacle = lost === "engine" ? await obstacleOf(this.root) : "unavailable";
    if (turn !== this.#turn) return;
    this.#say(query && obstacle === "unavailable" ? "lost" : obstacle, { query });
    this.status.scrollIntoView({ block: "nearest" });
    if (obstacle === "unavailable") import("./doors.js").then(({ offer }) => offer(this.help, this.root), () => {});
  }

  /** Marks the result that Enter opens, while the list answers what stands in the box. */
  #markFirst() {
    this.list.querySelector(".pb-hit")?.classList.toggle("pb-hit--first", this.#answers());
  }

  #show(results, query, items, { corrected = [], vague = false } = {}) {
    this.#results = results;
    this.#again = null;
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
    await this.#search(from + AT_ONCE, true);
    this.list.querySelectorAll("a")[from]?.focus();
  }

  #say(key, values) {
    this.status.textContent = key && this.words(key, values);
  }

  async #itemsOf(results) {
    const [{ index }, { excerptOf }] = await Promise.all([this.#engine(), import(EXCERPT)]);
    return Promise.all(results.map(async (result) => {
      const page = await index.page(result.id);
      return this.#item(page, excerptOf(result, page));
    }));
  }

  #item({ kind, id, title }, { address, section, pieces, passage }) {
    const item = part(this.element, "result");
    const link = item.querySelector("a");
    // What fits a screen or two opens at its top, where its promise or its first step stands.
    const opensAtTop = this.atTop.includes(address.split("/")[0]);
    link.href = new URL(opensAtTop ? address.split("#")[0] : address, this.root);
    if (!opensAtTop) link.dataset.passage = passage;
    const fill = (name, text) => {
      item.querySelector(`[data-pb-${name}]`).textContent = text;
    };
    fill("kind", kind);
    fill("id", id);
    fill("title", title);
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
    this.facets = await read(new URL("search/facets.json", this.root)).catch(() => null);
    if (!this.facets) {
      // Closed, so that whoever opens them asks again.
      this.filters.open = false;
      return this.#excuse(this.#turn, "index");
    }
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

// How many files of the index did not come.
let losses = 0;

/** Returns what is in a file of the index, as `cache` says; what is not JSON is no such file, but a page that asks for a sign-in. */
async function read(address, cache = "default") {
  try {
    const answer = await fetch(address, { cache });
    if (!answer.ok) throw new TypeError("not a file of the index");
    return await answer.json();
  } catch (error) {
    losses++;
    throw error;
  }
}

let refused = false;
addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
  refused ||= /^(?:script|connect|default)-src/.test(effectiveDirective);
});

/** Names what kept the engine away: a rule of who runs the site, a bad connection, or a browser that is too old. */
async function obstacleOf(root) {
  // HEAD asks the host itself: no cache of the browser or of the site's worker answers it.
  const answer = await fetch(new URL(CONTENTS, root), { method: "HEAD", cache: "no-store" }).catch(() => null);
  // A browser tells of what a policy refused after it has refused it.
  await new Promise((done) => setTimeout(done));
  if (refused) return "refused";
  return answer?.ok && !losses ? "unsupported" : "unavailable";
}

/** Loads the engine and the index of the site at `root`; returns a Finder. */
export async function load(root) {
  const contents = new URL(CONTENTS, root);
  const [{ Index }, query, rules, language] = await Promise.all([
    import("./search-index.js"),
    import("./search-query.js"),
    import("./search-language.js"),
    // What it named and the host no more has is of an earlier edition, which the browser had kept.
    read(contents, losses ? "no-cache" : "default"),
    import(EXCERPT),
  ]);
  const index = new Index(language, (address) => read(new URL(address, contents)));
  return new query.Finder(index, language, rules);
}

function marked(text, matched) {
  if (!matched) return text;
  const mark = document.createElement("mark");
  mark.textContent = text;
  return mark;
}
