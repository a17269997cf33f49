/**
 * What the browser keeps for this site. A page never breaks for want of it: whatever cannot be kept stays in
 * memory while the page is open, and `report` is told of the trouble ("blocked", "full", "cleared", or "" when
 * all is well again).
 */
import { SITE } from "./page.js";

export class Store {
  #prefix;
  #report;
  #held = new Map();
  // What was really written: what a full storage never took was not emptied by anybody either.
  #written = new Set();

  constructor(scope, report) {
    this.#prefix = `pb:${SITE}:${scope}:`;
    this.#report = report;
    if (!usable()) report("blocked");
    for (const key of storedKeys(this.#prefix)) this.#hold(key, parse(read(key)));
    addEventListener("storage", (event) => this.#heed(event));
  }

  /** The names kept under this scope. */
  names() {
    return [...this.#held.keys()].map((key) => key.slice(this.#prefix.length)).sort();
  }

  /** The value under a name, or undefined. */
  get(name) {
    return this.#held.get(this.#prefix + name);
  }

  /** The value under a name as it is kept now, whichever window kept it, or undefined. */
  fresh(name) {
    return parse(read(this.#prefix + name)) ?? this.get(name);
  }

  /** Keep a value under a name; tells whether it was written. */
  set(name, value) {
    const key = this.#prefix + name;
    const cleared = this.#written.has(key) && usable() && read(key) === null;
    this.#held.set(key, value);
    return cleared ? this.#rewrite() : this.#write(key, value);
  }

  delete(name) {
    this.#forget(this.#prefix + name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      this.#report("blocked");
    }
  }

  /** Have what is in the storage. */
  #hold(key, value) {
    this.#held.set(key, value);
    this.#written.add(key);
  }

  #forget(key) {
    this.#held.delete(key);
    this.#written.delete(key);
  }

  #write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      this.#written.add(key);
      this.#report("");
      return true;
    } catch {
      this.#report(usable() ? "full" : "blocked");
      return false;
    }
  }

  /** Somebody emptied the browser's storage under an open page: keep again what the page shows. */
  #rewrite() {
    const written = [...this.#held].map(([key, value]) => this.#write(key, value));
    this.#report("cleared");
    return written.every(Boolean);
  }

  /** Another window changed something. */
  #heed(event) {
    if (event.key === null) this.#rewrite();
    else if (event.key.startsWith(this.#prefix)) {
      const value = parse(event.newValue);
      if (value === undefined) this.#forget(event.key);
      else this.#hold(event.key, value);
      dispatchEvent(new CustomEvent("pb-stored", { detail: event.key.slice(this.#prefix.length) }));
    }
  }
}

/** Tells whether the browser lets us read at all; with a full storage it still does. */
function usable() {
  try {
    localStorage.getItem("pb");
    return true;
  } catch {
    return false;
  }
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function storedKeys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix) && parse(read(key)) !== undefined);
  } catch {
    return [];
  }
}

/** What was kept may have been cut or changed by somebody else's hand. */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
