/**
 * Values as the lines that `servicebook fmt` gives them. What is written is plain: texts, numbers, true and false,
 * arrays, `Map` for a map with keys of its own (an object would put keys that look like numbers first), objects for models,
 * null for nothing. What has no shape is written by what it is.
 */
import { FAILSAFE_SCHEMA, load } from "./js-yaml.mjs";

const WIDTH = 100;
/* What ends a document where it stands at the start of a line, as a key does. */
const DOCUMENT = /^(---|\.\.\.)([ \t]|$)/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
/* What a bare word means to one YAML or another that is not a text. */
const TYPED = new RegExp(
  [
    "~|null|Null|NULL|<<|=",
    "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF",
    "[-+]?0b[0-1_]+|[-+]?0[0-7_]+|0o[0-7]+|[-+]?0x[0-9a-fA-F_]+",
    "[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*",
    "[-+]?(\\.[0-9_]+|[0-9][0-9_]*(\\.[0-9_]*)?)([eE][-+]?[0-9]+)?",
    "[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)",
    "\\d{4}-\\d\\d?-\\d\\d?([Tt]|[ \\t]+)\\d\\d?:\\d\\d:\\d\\d(\\.\\d*)?([ \\t]*(Z|[-+]\\d\\d?(:\\d\\d)?))?",
  ]
    .map((part) => `(?:${part})`)
    .join("|")
    .replace(/^/, "^(?:")
    .replace(/$/, ")$"),
);
const ODD = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Returns the lines of a list, a map or a model. */
export function block(value, shape, indent) {
  if (Array.isArray(value)) return value.flatMap((one) => entry("-", one, shape?.inner, indent));
  const known = new Map(shape?.fields ?? []);
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  return pairs.flatMap(([name, one]) => {
    return entry(`${keyText(name)}:`, one, shape?.form === "map" ? shape.inner : known.get(name), indent);
  });
}

/** Returns a key as it is written. */
export const keyText = (name) => (needsQuotes(name, true, false) || DOCUMENT.test(name) ? quoted(name) : name);

/** Returns the lines of a value behind its dash or its key; a `remark` is a comment that stands on the first of them. */
export function entry(prefix, value, shape, indent, remark = "") {
  const margin = " ".repeat(indent);
  if (value === null) return [`${margin}${prefix}${remark}`];
  if (typeof value !== "object") return scalar(`${margin}${prefix} `, value, shape, indent, remark);
  const line = flow(value, shape, indent + prefix.length + 1);
  if (line) return [`${margin}${prefix} ${line}${remark}`];
  const inner = block(value, shape, indent + 2);
  if (!inner.length) return [`${margin}${prefix} {}${remark}`];
  if (prefix === "-" && !remark) return [`${margin}- ${inner[0].trimStart()}`, ...inner.slice(1)];
  return [`${margin}${prefix}${remark}`, ...inner];
}

function scalar(start, value, shape, indent, remark) {
  const text = String(value);
  const quotes = needsQuotes(text, isText(shape), false);
  const written = quotes ? quoted(text) : text;
  if ((quotes && text.includes("\n")) || length(start + written) > WIDTH) {
    const folded = text === text.trim() && fold(text, indent + 2);
    if (folded) return [`${start}>-${remark}`, ...folded];
  }
  return [start + written + remark];
}

/** Returns a list of words on one line that begins at a column, or nothing where it is of texts or too long. */
export function flow(value, shape, column) {
  if (!Array.isArray(value) || ["text", "list", "map", "model"].includes(shape?.inner?.form)) return null;
  if (value.some((one) => typeof one === "object")) return null;
  const words = value.map((one) => {
    const text = String(one);
    return needsQuotes(text, isText(shape?.inner), true) ? quoted(text) : text;
  });
  const line = `[${words.join(", ")}]`;
  return column + length(line) <= WIDTH ? line : null;
}

const isText = (shape) => ["text", "line", "choice"].includes(shape?.form ?? "line");
/* Letters as Python counts them, so that both break lines at the same place. */
const length = (text) => [...text].length;

function needsQuotes(text, asText, inFlow) {
  if (["", "~", "null"].includes(text) || text.search(ODD) >= 0 || /[\n\t]/.test(text)) return true;
  if (asText && !DATE.test(text) && TYPED.test(text)) return true;
  return !readsBack(text, inFlow);
}

function readsBack(text, inFlow) {
  try {
    const found = load(inFlow ? `k: [${text}, x]` : `k: ${text}`, { schema: FAILSAFE_SCHEMA });
    const value = inFlow ? found.k.length === 2 && found.k[0] : found.k;
    return value === text && !/^["'|>&*!%@`]/.test(text);
  } catch {
    return false;
  }
}

function quoted(text) {
  const escaped = text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n").replace(/\t/g, "\\t");
  return `"${escaped.replace(ODD, (odd) => {
    const code = odd.charCodeAt(0).toString(16).toUpperCase();
    return code.length < 3 ? `\\x${code.padStart(2, "0")}` : `\\u${code.padStart(4, "0")}`;
  })}"`;
}

function fold(text, indent) {
  if (text.search(ODD) >= 0 || text.includes("\t")) return null;
  const margin = " ".repeat(indent);
  const lines = [];
  for (const piece of text.split(/(\n+)/)) {
    if (piece.startsWith("\n")) lines.push(...Array(piece.length).fill(""));
    else if (piece !== piece.replace(/^ +| +$/g, "")) return null;
    else lines.push(...wrap(piece, WIDTH - indent).map((line) => margin + line));
  }
  return lines;
}

function wrap(text, width) {
  const lines = [""];
  for (const word of text.replace(/([^ ]) (?=[^ ])/g, "$1\0").split("\0")) {
    const last = lines.at(-1);
    const joined = last ? `${last} ${word}` : word;
    if (last && length(joined) > width) lines.push(word);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}
