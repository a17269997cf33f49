/* What the browser keeps: what it does when storage is shut, full, emptied, cut by another hand, or changed elsewhere. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** A browser's storage, which can be shut and have room for so many letters. */
class Storage {
  constructor() {
    Object.defineProperty(this, "state", { value: { shut: false, room: Infinity }, enumerable: false });
  }
  #open() {
    if (this.state.shut) throw new Error("shut");
  }
  getItem(key) {
    this.#open();
    return Object.hasOwn(this, key) ? this[key] : null;
  }
  setItem(key, text) {
    this.#open();
    if (text.length > this.state.room) throw new Error("full");
    this[key] = text;
  }
  removeItem(key) {
    this.#open();
    delete this[key];
  }
}

let listeners, told, kept;
globalThis.addEventListener = (name, heed) => listeners.push([name, heed]);
globalThis.dispatchEvent = (event) => told.push(event);
globalThis.CustomEvent = class {
  constructor(name, { detail }) {
    Object.assign(this, { name, detail });
  }
};
beforeEach(() => {
  [listeners, told, kept] = [[], [], []];
  globalThis.localStorage = new Storage();
});

const { Store } = await import(`file://${process.env.SCRIPTS}/store.js`);
const { SITE } = await import(`file://${process.env.SCRIPTS}/page.js`);
const key = (name, scope = "list") => `pb:${SITE}:${scope}:${name}`;
const made = (scope = "list") => new Store(scope, (trouble) => kept.push(trouble));
const elsewhere = (event) => listeners.filter(([name]) => name === "storage").forEach(([, heed]) => heed(event));

test("what is set is kept for the next page, under its own scope, by name", () => {
  const store = made();
  store.set("two", { n: 2 });
  store.set("one", { n: 1 });
  made("other").set("three", { n: 3 });
  assert.deepEqual(store.names(), ["one", "two"]);
  assert.deepEqual(made().names(), ["one", "two"]);
  assert.deepEqual(made().get("two"), { n: 2 });
  assert.equal(made().get("three"), undefined);
  assert.deepEqual(JSON.parse(localStorage[key("two")]), { n: 2 });
  assert.deepEqual(kept, ["", "", ""]);
});

test("what is deleted is gone, here and in what is kept", () => {
  const store = made();
  store.set("one", { n: 1 });
  store.delete("one");
  assert.deepEqual([store.names(), store.get("one"), made().names()], [[], undefined, []]);
  store.set("one", { n: 2 });
  assert.deepEqual(kept, ["", ""], "what was deleted was not emptied");
  localStorage.state.shut = true;
  store.delete("one");
  assert.deepEqual(kept, ["", "", "blocked"]);
});

test("what somebody cut or changed is nothing", () => {
  for (const [name, text] of Object.entries({ cut: '{"n": ', word: '"a"', number: "4", nothing: "null", empty: "" })) localStorage[key(name)] = text;
  localStorage[key("good")] = "[1]";
  localStorage["pb:elsewhere:list:other"] = "{}";
  const store = made();
  assert.deepEqual(store.names(), ["good"]);
  localStorage[key("good")] = "cut";
  assert.deepEqual(store.fresh("good"), [1]);
});

test("what another window keeps is read when asked for", () => {
  const store = made();
  store.set("one", { n: 1 });
  localStorage[key("one")] = '{"n": 2}';
  assert.deepEqual([store.get("one"), store.fresh("one")], [{ n: 1 }, { n: 2 }]);
});

test("shut storage is told at once and keeps everything in memory", () => {
  localStorage.state.shut = true;
  const store = made();
  assert.deepEqual(kept, ["blocked"]);
  store.set("one", { n: 1 });
  assert.deepEqual([store.get("one"), store.fresh("one"), store.names()], [{ n: 1 }, { n: 1 }, ["one"]]);
  assert.deepEqual(kept, ["blocked", "blocked"]);
});

test("full storage is told, and that there is room again", () => {
  const store = made();
  localStorage.state.room = 5;
  assert.equal(store.set("one", { n: 12345 }), false);
  assert.deepEqual(store.get("one"), { n: 12345 });
  localStorage.state.room = Infinity;
  assert.equal(store.set("one", { n: 1 }), true);
  assert.deepEqual(kept, ["full", ""]);
});

test("what is set again was not emptied, nor was what a shut storage does not show", () => {
  const store = made();
  store.set("one", { n: 1 });
  store.set("one", { n: 2 });
  localStorage.state.shut = true;
  store.set("one", { n: 3 });
  assert.deepEqual(kept, ["", "", "blocked"]);
});

test("what an earlier page or another window had kept is missed when it is emptied", () => {
  made().set("one", { n: 1 });
  const store = made();
  elsewhere({ key: key("two"), newValue: '{"n": 2}' });
  kept.length = 0;
  for (const name of ["one", "two"]) {
    delete localStorage[key(name)];
    store.set(name, { n: 3 });
    assert.equal(kept.at(-1), "cleared");
  }
});

test("what was emptied under an open page is kept again, all of it", () => {
  const store = made();
  store.set("one", { n: 1 });
  store.set("two", { n: 2 });
  for (const name of Object.keys(localStorage)) delete localStorage[name];
  store.set("one", { n: 3 });
  assert.deepEqual([JSON.parse(localStorage[key("one")]), JSON.parse(localStorage[key("two")])], [{ n: 3 }, { n: 2 }]);
  assert.equal(kept.at(-1), "cleared");
  kept.length = 0;
  store.set("three", { n: 3 });
  assert.deepEqual(kept, [""], "a name that is new was not emptied");
  for (const name of Object.keys(localStorage)) delete localStorage[name];
  elsewhere({ key: null });
  assert.equal(Object.keys(localStorage).length, 3);
  assert.equal(kept.at(-1), "cleared");
});

test("what is kept again is told to be kept where all of it is", () => {
  const store = made();
  store.set("one", { n: 1 });
  store.set("long", { text: "a".repeat(80) });
  for (const name of Object.keys(localStorage)) delete localStorage[name];
  localStorage.state.room = 40;
  assert.equal(store.set("one", { n: 2 }), false);
  localStorage.state.room = Infinity;
  assert.equal(store.set("one", { n: 3 }), true);
});

test("what another window changes or deletes changes here, and is told by its name", () => {
  const store = made();
  store.set("one", { n: 1 });
  elsewhere({ key: key("two"), newValue: '{"n": 2}' });
  elsewhere({ key: key("one"), newValue: null });
  elsewhere({ key: key("three", "other"), newValue: '{"n": 3}' });
  assert.deepEqual([store.names(), store.get("two")], [["two"], { n: 2 }]);
  assert.deepEqual(told.map(({ name, detail }) => [name, detail]), [["pb-stored", "two"], ["pb-stored", "one"]]);
});
