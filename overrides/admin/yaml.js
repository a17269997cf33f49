/**
 * The content files as the forms hold them, and back.
 *
 * A map with keys of its own becomes a list of pairs, and a file that is a list a map with one field, because a
 * form knows neither. A file that was read is written back with what the form changed and nothing else: comments, fields
 * that the form does not know and values that it cannot show (`diez` for a number) stay as they were. What is new is written in
 * the one form that `servicebook fmt` gives.
 */
import { COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE, getScalarValue, parseEvents } from "./js-yaml.mjs";
import { block, entry, flow, keyText } from "./lines.js";

const LIST = "entries";
/* The text of the file travels with the form's data, since the program gives back the data alone. */
const SOURCE = "source_text";
const NOTHING = ["", "~", "null"];
const withLines = (text) => text.replace(/\r\n?/g, "\n");
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;

/** Returns a file's text as the form's data. */
export function parse(text, shape) {
  const value = toForm(tree(text), shape) ?? {};
  return shape.form === "list" ? { [LIST]: value, [SOURCE]: text } : { ...value, [SOURCE]: text };
}

/** Returns the text of a file from the form's data. */
export function write(data, shape) {
  const { [SOURCE]: source, ...rest } = data;
  const wanted = fromForm(shape.form === "list" ? rest[LIST] : rest, shape);
  const written = source && edited(source, wanted, shape);
  const all = source ? whole(tree(source), shape, wanted) : wanted;
  return written || `${[...shape.head, ...block(all, shape, 0)].join("\n")}\n`;
}

/* --- from the text ---------------------------------------------------------------------------------------- */

/** Returns the nodes of a text: scalars with their value, lists and maps with theirs, each with where it stands. */
function tree(source) {
  const text = withLines(source);
  const events = parseEvents(text).filter(({ type }) => type !== EVENT_ID.DOCUMENT);
  let place = 0;
  function node() {
    const event = events[place++];
    if (!event) return { kind: "scalar", value: "", bare: true, start: 0, end: 0 };
    if (event.type === EVENT_ID.SCALAR) {
      const bare = event.style === SCALAR_STYLE.PLAIN;
      /* Quotes are part of the text, but not of what the event calls the value. */
      const quote = [SCALAR_STYLE.SINGLE_QUOTED, SCALAR_STYLE.DOUBLE_QUOTED].includes(event.style) ? 1 : 0;
      const [start, end] = [event.valueStart - quote, event.valueEnd + quote];
      return { kind: "scalar", value: valueOf(text, event), bare, start, end };
    }
    const flow = event.style === COLLECTION_STYLE.FLOW;
    const kind = event.type === EVENT_ID.MAPPING ? "map" : "list";
    const children = [];
    while (events[place].type !== EVENT_ID.POP) children.push(kind === "map" ? [node(), node()] : node());
    place += 1;
    const last = children.flat().at(-1);
    let end = last ? last.end : event.start;
    if (flow) end = text.indexOf(kind === "map" ? "}" : "]", end) + 1;
    return { kind, flow, children, start: event.start, end };
  }
  return node();
}

/* An escaped line end and the empty lines after it: js-yaml takes these for indentation, the standard for line ends. */
const ESCAPED_END = /(?<slashes>\\+)\n(?<empty>(?:[ \t]*\n)+)/g;

function valueOf(text, event) {
  if (event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return getScalarValue(text, event);
  const written = text.slice(event.valueStart - 1, event.valueEnd + 1);
  const spelt = written.replace(ESCAPED_END, (all, slashes, empty) => {
    const lines = empty.split("\n").length - 1;
    return slashes.length % 2 ? `${slashes}n${"\\n".repeat(lines - 1)}\\\n` : all;
  });
  if (spelt === written) return getScalarValue(text, event);
  return getScalarValue(spelt, parseEvents(spelt).find(({ type }) => type === EVENT_ID.SCALAR));
}

const isNothing = (node) => node.kind === "scalar" && node.bare && NOTHING.includes(node.value);

function toForm(node, shape) {
  if (isNothing(node)) return undefined;
  if (node.kind === "list") return node.children.map((one) => toForm(one, shape?.inner));
  if (node.kind === "map") {
    const pairs = node.children.map(([key, value]) => [key.value, value]);
    if (shape?.form === "map") {
      const inner = shape.inner;
      return pairs.map(([key, value]) =>
        inner.form === "model" ? { key, ...toForm(value, inner) } : { key, value: toForm(value, inner) },
      );
    }
    const known = new Map(shape?.fields ?? []);
    return Object.fromEntries(pairs.map(([name, value]) => [name, toForm(value, known.get(name))]));
  }
  const { value } = node;
  if (shape?.form === "flag" && ["true", "false"].includes(value)) return value === "true";
  if (["number", "integer"].includes(shape?.form) && NUMBER.test(value) && Number.isFinite(Number(value))) return Number(value);
  return value;
}

/** Returns what is to be written, without what was left empty; undefined for nothing at all. */
function fromForm(value, shape) {
  if (value === null || value === undefined || value === "") return undefined;
  if (shape.form === "list" && Array.isArray(value)) {
    const kept = value.map((one) => fromForm(one, shape.inner)).filter((one) => one !== undefined);
    return kept.length ? kept : undefined;
  }
  if (shape.form === "map" && Array.isArray(value)) {
    const pairs = value.map(({ key, ...rest }) => ({ key: key?.trim(), ...rest })).filter(({ key }) => key);
    return new Map(
      pairs.map(({ key, ...rest }) => [key, fromForm(shape.inner.form === "model" ? rest : rest.value, shape.inner)]),
    );
  }
  if (shape.form === "model" && typeof value === "object") {
    const kept = shape.fields.map(([name, inner]) => [name, fromForm(value[name], inner)]);
    const found = Object.fromEntries(kept.filter(([, one]) => one !== undefined));
    return Object.keys(found).length ? found : undefined;
  }
  return typeof value === "string" ? withLines(value).trim() || undefined : value;
}

/** What a node says as far as a form can tell; undefined for what it takes for nothing, and so takes nothing from. */
const said = (node, shape) => fromForm(toForm(node, shape), shape);
const same = (one, other) => JSON.stringify(one, asPairs) === JSON.stringify(other, asPairs);
const asPairs = (_, value) => (value instanceof Map ? [...value] : value);

/** Returns what is `wanted` with what the form does not know of a file: for one that is written anew as a whole. */
function whole(node, shape, wanted) {
  if (same(said(node, shape), wanted)) return plain(node);
  if (shape.form === "model" && node.kind === "map") {
    const held = new Map(node.children.map(([key, value]) => [key.value, value]));
    const isThere = ([name, inner]) => wanted[name] !== undefined || (held.has(name) && said(held.get(name), inner) === undefined);
    const known = shape.fields.filter(isThere);
    const pairs = known.map(([name, inner]) => [name, held.has(name) ? whole(held.get(name), inner, wanted[name]) : wanted[name]]);
    const names = new Set(shape.fields.map(([name]) => name));
    const strange = [...held].filter(([name]) => !names.has(name)).map(([name, value]) => [name, plain(value)]);
    return new Map([...pairs, ...strange]);
  }
  if (shape.form === "map" && node.kind === "map") {
    const held = new Map(node.children.map(([key, value]) => [key.value, value]));
    return new Map([...wanted].map(([key, one]) => [key, held.has(key) ? whole(held.get(key), shape.inner, one) : one]));
  }
  if (shape.form === "list" && node.kind === "list" && node.children.length === wanted.length) {
    return wanted.map((one, i) => whole(node.children[i], shape.inner, one));
  }
  return wanted;
}

/** Returns what a node says as it stands there, known or not; null for nothing. */
function plain(node) {
  if (node.kind === "list") return node.children.map(plain);
  if (node.kind === "map") return new Map(node.children.map(([key, value]) => [key.value, plain(value)]));
  return isNothing(node) ? null : node.value;
}

/* --- back into the text ----------------------------------------------------------------------------------- */

/**
 * Returns a text with the differences between what it says and what is `wanted`; nothing where that cannot be done.
 * First comes what changed within each part, where that part stands, and then what came, went and moved: so a part that
 * was changed and moved at once takes its comments and its unknown fields along.
 */
function edited(source, wanted, shape) {
  const text = withLines(source);
  const inner = inPlace(tree(text), shape, wanted);
  return changed(same(inner, wanted) ? text : (changed(text, inner, shape) ?? text), wanted, shape);
}

function changed(text, wanted, shape) {
  const page = new Page(text);
  const root = tree(text);
  if (same(said(root, shape), wanted)) return page.text();
  if (root.kind === "scalar" || root.flow) return null;
  page.change({ start: 0, head: "", prefix: "" }, root, shape, wanted);
  const written = page.text();
  return same(said(tree(written), shape), wanted) ? written : null;
}

/** Returns what a node is to say while all its parts are still there, and at their places. */
function inPlace(node, shape, wanted) {
  const held = said(node, shape);
  if (held === undefined || wanted === undefined) return held;
  if (node.kind === "scalar" || node.flow) return wanted;
  if (shape.form === "model" && node.kind === "map") {
    const parts = new Map(node.children.map(([key, value]) => [key.value, value]));
    const there = shape.fields.filter(([name]) => held[name] !== undefined);
    return Object.fromEntries(there.map(([name, inner]) => [name, inPlace(parts.get(name), inner, wanted[name])]));
  }
  if (shape.form === "map" && node.kind === "map") {
    const names = node.children.map(([key]) => key.value);
    const renamed = [...wanted].filter(([name]) => !names.includes(name));
    return new Map(
      node.children.map(([{ value: name }, child]) => {
        const value = said(child, shape.inner);
        if (wanted.has(name)) return [name, inPlace(child, shape.inner, wanted.get(name)) ?? wanted.get(name)];
        const place = renamed.findIndex(([, one]) => same(one, value));
        return [place < 0 ? name : renamed.splice(place, 1)[0][0], value];
      }),
    );
  }
  if (shape.form === "list" && node.kind === "list" && Array.isArray(wanted)) {
    const partners = pairUp(node.children.map((child) => said(child, shape.inner)), wanted, shape.inner);
    const parts = node.children.map((child, i) => inPlace(child, shape.inner, wanted[partners[i]]));
    return parts.filter((one) => one !== undefined);
  }
  return wanted;
}

/** Returns for each element held which of those wanted it became, by its place; none for one that went. */
function pairUp(held, wanted, shape) {
  const free = new Set(wanted.keys());
  const partners = held.map(() => undefined);
  const pair = (fits) => {
    held.forEach((one, i) => {
      if (partners[i] !== undefined) return;
      partners[i] = [...free].find((place) => fits(one, wanted[place], i, place));
      free.delete(partners[i]);
    });
  };
  pair(same);
  const key = shape.fields?.find(([name]) => name === "id")?.[0] ?? shape.fields?.[0]?.[0];
  if (key) pair((one, other) => one?.[key] !== undefined && same(one[key], other?.[key]));
  else pair((one, other) => typeof one === "string" && typeof other === "string" && isLike(one, other));
  if (held.length === wanted.length) pair((_one, _other, i, place) => i === place);
  return partners;
}

/** Tells whether most of a text is still there, at both its ends. */
function isLike(one, other) {
  const most = Math.min(one.length, other.length);
  let begun = 0;
  while (begun < most && one[begun] === other[begun]) begun += 1;
  let ended = 0;
  while (ended < most - begun && one.at(-1 - ended) === other.at(-1 - ended)) ended += 1;
  return 2 * (begun + ended) > Math.max(one.length, other.length);
}

/** The lines of a text, and those that are to stand in the place of some of them. */
class Page {
  constructor(text) {
    this.source = text;
    // A last line that does not end is a text of another kind where it belongs to a block.
    this.end = text.endsWith("\n") ? "\n" : "";
    this.lines = text.replace(/\n$/, "").split("\n");
    this.edits = [];
  }

  text() {
    const lines = [...this.lines];
    for (const { from, to, by } of [...this.edits].sort((a, b) => b.from - a.from || b.to - a.to)) {
      lines.splice(from, to - from, ...by);
    }
    return lines.join("\n") + this.end;
  }

  lineAt(place) {
    return this.source.slice(0, place).split("\n").length - 1;
  }

  /** Returns the number of the line after the last one of a node; blank lines and comments below it are not its own. */
  endOf(node) {
    return this.lineAt(node.start + this.source.slice(node.start, Math.max(node.end, node.start)).trimEnd().length) + 1;
  }

  columnOf(place) {
    return place - (this.source.lastIndexOf("\n", place - 1) + 1);
  }

  /** Returns the comment behind a value that takes one line, or behind the mark of one that takes several. */
  remarkOf(node, line) {
    const inOneLine = this.lineAt(node.end) === line;
    const rest = inOneLine ? this.source.slice(node.end) : this.lines[line];
    const found = inOneLine ? rest.split("\n")[0].match(/^(\s+#.*)$/) : rest.match(/(?:[>|][-+0-9]*|:|-)(\s+#.*)$/);
    return found?.[1] ?? "";
  }

  /** Makes the node behind a key or a dash say what is `wanted`. */
  change(owner, node, shape, wanted) {
    if (same(said(node, shape), wanted)) return;
    const isBlock = node.kind !== "scalar" && !node.flow && wanted !== undefined;
    if (isBlock && shape.form === "model" && node.kind === "map") this.changeModel(owner, node, shape, wanted);
    else if (isBlock && shape.form === "list" && node.kind === "list" && !this.comesToFit(owner, node, shape, wanted)) this.changeChildren(node, shape, wanted, node.children);
    else if (isBlock && shape.form === "map" && node.kind === "map") {
      this.changeChildren(node, shape, [...wanted], node.children.map(([key, value]) => ({ ...value, key })));
    } else this.replace(owner, node, shape, wanted);
  }

  /** Tells whether a list is to stand on one line from now on: it fits, and no comment among its elements would be lost. */
  comesToFit({ start, head, prefix }, node, shape, wanted) {
    if (!flow(wanted, shape, head.length + prefix.length + 1)) return false;
    const first = (child) => this.lineAt(this.source.lastIndexOf("-", child.start));
    const taken = node.children.reduce((lines, child) => lines + this.endOf(child) - first(child), 0);
    const isBare = taken === this.endOf(node) - this.lineAt(start) - 1;
    return isBare && node.children.every((child) => !this.remarkOf(child, first(child)));
  }

  replace({ start, head, prefix }, node, shape, wanted) {
    const line = this.lineAt(start);
    const written = entry(prefix, wanted, shape, head.length, this.remarkOf(node, line));
    written[0] = head + written[0].slice(head.length);
    this.edits.push({ from: line, to: Math.max(this.endOf(node), line + 1), by: written });
  }

  /** Gives a key another name, and leaves what stands behind and under it. */
  rename(key, name) {
    const line = this.lineAt(key.start);
    const [before, after] = [this.lines[line].slice(0, this.columnOf(key.start)), this.lines[line].slice(this.columnOf(key.end))];
    this.edits.push({ from: line, to: line + 1, by: [before + keyText(name) + after] });
  }

  changeModel(owner, node, shape, wanted) {
    const indent = this.columnOf(node.start);
    const pairs = new Map(node.children.map(([key, value]) => [key.value, { key, value }]));
    const present = new Map(shape.fields.map(([name], order) => [name, order]));
    for (const [name, inner] of shape.fields) {
      const pair = pairs.get(name);
      const value = wanted[name];
      if (!pair && value !== undefined) this.insert(node, name, inner, value, indent, present);
      if (!pair) continue;
      const head = this.lines[this.lineAt(pair.key.start)].slice(0, this.columnOf(pair.key.start));
      if (value !== undefined) this.change({ start: pair.key.start, head, prefix: `${keyText(name)}:` }, pair.value, inner, value);
      else if (said(pair.value, inner) !== undefined) this.remove(owner, pair, head);
    }
  }

  /** Puts a field behind the last one that comes before it; the first of all has none, so it goes behind the first line. */
  insert(node, name, shape, value, indent, order) {
    const before = node.children.filter(([key]) => order.get(key.value) < order.get(name)).at(-1);
    const line = before ? Math.max(this.endOf(before[1]), this.lineAt(before[0].start) + 1) : this.lineAt(node.start);
    this.edits.push({ from: line, to: line, by: entry(`${keyText(name)}:`, value, shape, indent) });
  }

  remove(owner, { key, value }, head) {
    const from = this.lineAt(key.start);
    const to = Math.max(this.endOf(value), from + 1);
    /* The first field of a list's element stands behind its dash, which the next one takes over. */
    const dash = head.trim() ? this.lines[to]?.replace(/^ +/, (margin) => head.slice(0, margin.length)) : null;
    this.edits.push(dash ? { from, to: to + 1, by: [dash] } : { from, to, by: [] });
  }

  /** Puts a list's or a map's elements into the order wanted; those that stay keep their lines and their comments. */
  changeChildren(node, shape, wanted, children) {
    const indent = this.columnOf(node.start);
    const inner = shape.inner;
    const isMap = shape.form === "map";
    const keyOf = (one) => (isMap ? one[0] : undefined);
    const valueOf = (one) => (isMap ? one[1] : one);
    const held = children.map((child) => said(child, inner));
    const starts = children.map((child) => this.lineAt(child.key ? child.key.start : child.start));
    const free = new Set(children.keys());
    const take = (fits) => {
      const found = [...free].find(fits);
      free.delete(found);
      return found;
    };
    const places = wanted.map((one) => take((i) => (!isMap || children[i].key.value === keyOf(one)) && same(held[i], valueOf(one))));
    if (wanted.length === children.length && places.every((place, i) => place === undefined || place === i)) {
      /* Same elements at the same places: only what changed in some of them is written. */
      const isRenamed = (one, i) => isMap && children[i].key.value !== keyOf(one);
      const moved = wanted.some((one, i) => isRenamed(one, i) && !same(held[i], valueOf(one)));
      if (!moved) {
        wanted.forEach((one, i) => {
          const child = children[i];
          if (isRenamed(one, i)) return void this.rename(child.key, keyOf(one));
          const prefix = isMap ? `${keyText(keyOf(one))}:` : "-";
          const owner = { start: isMap ? child.key.start : this.source.lastIndexOf("-", child.start), head: " ".repeat(indent), prefix };
          this.change(owner, child, inner, valueOf(one));
        });
        return;
      }
    }
    const ends = children.map((child, i) => Math.max(this.endOf(child), starts[i] + 1));
    const lines = wanted.flatMap((one, i) => {
      const place = places[i];
      if (place !== undefined) return this.lines.slice(place ? ends[place - 1] : starts[0], ends[place]);
      return entry(isMap ? `${keyText(keyOf(one))}:` : "-", valueOf(one), inner, indent);
    });
    this.edits.push({ from: starts[0], to: ends.at(-1), by: lines });
  }
}
