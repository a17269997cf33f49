/* A list narrowed to the entries that have the words chosen: which stay, what is counted, what the address keeps. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

let heard, kept, at, roomy;

class Element {
  constructor(more = {}) {
    Object.assign(this, { dataset: {}, attributes: {}, hidden: false, textContent: "", ...more });
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  addEventListener(name, heed) {
    heard[name] = heed;
  }
}

/** A field of a list, with its words; the first of its options chooses none. */
function field(name, words) {
  const titles = Object.entries(words).map(([value, title]) => new Element({ value, dataset: { title }, disabled: false }));
  const options = [new Element({ value: "", dataset: {}, textContent: "—" }), ...titles];
  const one = new Element({ name: `${name}-name`, dataset: { field: name }, options });
  let chosen = "";
  Object.defineProperty(one, "value", { get: () => chosen, set: (value) => (chosen = value) });
  Object.defineProperty(one, "selectedOptions", { get: () => options.filter(({ value }) => value === chosen) });
  for (const option of options) Object.defineProperty(option, "selected", { get: () => option.value === chosen });
  return one;
}

const card = (channels, roles) => new Element({ attributes: { "data-channels": channels, ...(roles ? { "data-roles": roles } : {}) } });

function list() {
  const [channels, roles] = [field("channels", { sala: "Sala", tel: "Teléfono", chat: "Chat" }), field("roles", { caja: "Caja", piso: "Piso" })];
  const cards = [card("sala tel", "caja"), card("tel", "piso"), card("tel", "caja piso"), card("sala"), card("telex", "caja")];
  const [status, reset, details] = [new Element(), new Element(), new Element()];
  const form = new Element({ hidden: true });
  form.querySelector = (asked) => ({ "[role=status]": status, "[type=reset]": reset, details })[asked];
  form.querySelectorAll = () => [channels, roles];
  const words = { none: "Nada.", one: "ficha", many: "fichas", colon: ": " };
  const element = new Element();
  element.querySelector = (asked) => (asked === "form" ? form : { textContent: JSON.stringify(words) });
  element.querySelectorAll = () => cards;
  return { element, form, channels, roles, cards, status, reset, details };
}

beforeEach(() => {
  [heard, kept, at, roomy] = [{}, new Map(), "https://a.mx/lista/?x=1", true];
  globalThis.addEventListener = (name, heed) => (heard[name] = heed);
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) };
  globalThis.history = { state: { a: 1 }, replaceState: (state, title, url) => (at = String(url)) };
  Object.defineProperty(globalThis, "location", { configurable: true, get: () => new URL(at) });
  globalThis.matchMedia = () => ({ matches: roomy });
});
globalThis.addEventListener = () => {};
globalThis.localStorage = { getItem: () => null };
const { start } = await import(`file://${process.env.SCRIPTS}/facets.js`);

const shown = ({ cards }) => cards.flatMap((one, place) => (one.hidden ? [] : [place]));
const counts = ({ options }) => options.slice(1).map(({ textContent, disabled }) => [textContent, disabled]);
const job = () => [...kept.values()].map((text) => JSON.parse(text).id);

function choose(one, field, value) {
  one[field].value = value;
  heard.change();
}

// The first of all, since what was once kept is held until the page goes.
test("a job that came with the address is kept for whoever has none, and for nobody else", () => {
  at = "https://a.mx/lista/?roles-name=caja";
  start(list().element);
  assert.deepEqual(job(), ["caja"]);
  at = "https://a.mx/lista/?roles-name=piso";
  start(list().element);
  assert.deepEqual(job(), ["caja"]);
});

test("everything is shown while nothing is chosen, and each word counted", () => {
  const one = list();
  start(one.element);
  assert.deepEqual(shown(one), [0, 1, 2, 3, 4]);
  assert.equal(one.status.textContent, "5 fichas");
  assert.deepEqual(counts(one.channels), [["Sala (2)", false], ["Teléfono (3)", false], ["Chat (0)", true]]);
  assert.equal(one.channels.options[0].textContent, "—");
  assert.deepEqual([one.form.hidden, one.reset.hidden, one.details.open], [false, true, true]);
  assert.deepEqual(job(), []);
});

test("chosen words narrow the list; each field counts what the others leave", () => {
  const one = list();
  start(one.element);
  choose(one, "channels", "tel");
  assert.deepEqual(shown(one), [0, 1, 2]);
  assert.equal(one.status.textContent, "Teléfono: 3 fichas");
  assert.deepEqual(counts(one.channels), [["Sala (2)", false], ["Teléfono (3)", false], ["Chat (0)", true]]);
  assert.deepEqual(counts(one.roles), [["Caja (2)", false], ["Piso (2)", false]]);
  assert.equal(one.reset.hidden, false);
  choose(one, "roles", "piso");
  assert.deepEqual(shown(one), [1, 2]);
  assert.equal(one.status.textContent, "Teléfono, Piso: 2 fichas");
  assert.deepEqual(counts(one.channels), [["Sala (0)", true], ["Teléfono (2)", false], ["Chat (0)", true]]);
  choose(one, "channels", "sala");
  assert.deepEqual(shown(one), []);
  assert.equal(one.status.textContent, "Nada.");
  assert.deepEqual(counts(one.channels)[0], ["Sala (0)", false], "what is chosen can be seen");
  choose(one, "roles", "caja");
  assert.equal(one.status.textContent, "Sala, Caja: 1 ficha");
});

test("the address keeps the choice beside what else it says, and forgets it", () => {
  const one = list();
  start(one.element);
  choose(one, "channels", "tel");
  assert.equal(at, "https://a.mx/lista/?x=1&channels-name=tel");
  choose(one, "roles", "piso");
  choose(one, "channels", "");
  assert.equal(at, "https://a.mx/lista/?x=1&roles-name=piso");
});

test("a choice comes from the address; a word that there is not chooses nothing", () => {
  at = "https://a.mx/lista/?channels-name=tel&roles-name=nadie";
  const one = list();
  one.roles.value = "piso";
  start(one.element);
  assert.deepEqual([one.channels.value, one.roles.value], ["tel", ""]);
  assert.deepEqual(shown(one), [0, 1, 2]);
  assert.equal(one.details.open, false, "whoever comes with a choice wants its list");
  at = "https://a.mx/lista/?channels-name=sala";
  heard.popstate();
  assert.deepEqual(shown(one), [0, 3]);
});

test("the fields wait in their fold where there is no room", () => {
  roomy = false;
  const one = list();
  start(one.element);
  assert.equal(one.details.open, false);
});

test("a job chosen here is kept; no other field is, and no empty one", () => {
  const one = list();
  start(one.element);
  choose(one, "channels", "tel");
  assert.deepEqual(job(), []);
  choose(one, "roles", "piso");
  assert.deepEqual(job(), ["piso"]);
  choose(one, "roles", "");
  assert.deepEqual(job(), ["piso"]);
});

test("nothing is sent; emptied fields are read once they are empty", async () => {
  const one = list();
  start(one.element);
  choose(one, "channels", "tel");
  let prevented = false;
  heard.submit({ preventDefault: () => (prevented = true) });
  assert.ok(prevented);
  heard.reset();
  one.channels.value = "";
  await new Promise((done) => setTimeout(done, 5));
  assert.deepEqual(shown(one), [0, 1, 2, 3, 4]);
});
