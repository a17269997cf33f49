/** Starts the editors' forms: a reader and writer of YAML for each kind of file, then the program itself. */
import { parse, write } from "./yaml.js";

const CMS = window.CMS;
const read = async (name) => (await fetch(name)).json();
const names = ["config.json", "shapes.json", "words.json"];
const [config, shapes, words] = await Promise.all(names.map(read));

/** Lays `words` over what the program says in this language. */
function merge(said, words) {
  const merged = Object.entries(words).map(([key, value]) => [
    key,
    typeof value === "object" ? merge(said[key] ?? {}, value) : value,
  ]);
  return { ...said, ...Object.fromEntries(merged) };
}

CMS.registerLocale(config.locale, merge(CMS.getLocale(config.locale) ?? CMS.getLocale("en"), words));

for (const [name, shape] of Object.entries(shapes)) {
  CMS.registerCustomFormat(`servicebook-${name}`, "yml", {
    fromFile: (text) => parse(text, shape),
    toFile: (data) => write(data, shape),
  });
}

/* What only the whole entry tells of a text: that its id is no longer the file's, or stands in another line already. */
const repeats = new WeakMap();

/** Returns what stands more than once in one list under the names that tell its lines apart. */
function repeatsIn(value) {
  const found = new Set();
  if (Array.isArray(value)) {
    for (const name of ["id", "key"]) {
      const all = value.map((one) => one?.[name]?.trim?.()).filter(Boolean);
      all.filter((one, i) => all.indexOf(one) < i).forEach((one) => found.add(`${name} ${one}`));
    }
  }
  const inner = value && typeof value === "object" ? Object.values(value) : [];
  return new Set([...found, ...inner.flatMap((one) => [...repeatsIn(one)])]);
}

const { control: Line, preview } = CMS.getWidget("string");
class CheckedLine extends Line {
  isValid = () => {
    const { field, value, entry, parentIds } = this.props;
    const [name, text] = [field.get("name"), value?.trim?.() ?? ""];
    const refuse = (rule, said) => ({ error: { type: "CUSTOM", parentIds, message: words.servicebook[rule].replaceAll("{value}", () => said) } });
    const data = entry?.get("data");
    if (!text || !data?.toJS) return { error: false };
    const [folder, file] = partsOf(entry.get("path") ?? "");
    const isOwn = name === "id" && kindOf.has(folder) && !parentIds?.length && !entry.get("newRecord");
    if (isOwn && file !== text) return refuse("id", file);
    if (!repeats.has(data)) repeats.set(data, repeatsIn(data.toJS()));
    return repeats.get(data).has(`${name} ${text}`) ? refuse("taken", text) : { error: false };
  };
}
CMS.registerWidget("string", CheckedLine, preview);

/* A field of numbers of the browser's own drops the comma where its language writes a point: «1,5» became 15. This one
   shows what was typed and reads both; thousands set apart by a comma it refuses, since they look like a fraction. */
const THOUSANDS = /^[-+]?[1-9]\d{0,2}(,\d{3})+$/;

/** Returns the number that a text says, the text itself if it says none, or nothing. */
function numberIn(text, isWhole) {
  const typed = text.trim();
  const form = isWhole ? /^[-+]?\d+$/ : /^[-+]?(\d+([.,]\d*)?|[.,]\d+)$/;
  return typed && form.test(typed) && !THOUSANDS.test(typed) ? Number(typed.replace(",", ".")) : typed;
}

const { control: NumberControl, preview: NumberPreview } = CMS.getWidget("number");
class TypedNumber extends NumberControl {
  state = {};
  isWithin = this.isValid;
  isValid = () => {
    const { value, parentIds, field } = this.props;
    if (typeof value !== "string" || !value) return this.isWithin();
    const rule = field.get("value_type") === "int" ? "whole" : "number";
    return { error: { type: "CUSTOM", parentIds, message: words.servicebook[rule].replaceAll("{value}", () => value) } };
  };
  handleChange = ({ target }) => {
    this.setState({ typed: target.value });
    this.props.onChange(numberIn(target.value, this.props.field.get("value_type") === "int"));
  };
  render() {
    const { value, field, forID: id, classNameWrapper: className, setActiveStyle: onFocus, setInactiveStyle: onBlur } = this.props;
    const { typed } = this.state;
    const isWhole = field.get("value_type") === "int";
    // What is shown is what was typed, as long as it says what the form holds.
    const shown = typed !== undefined && numberIn(typed, isWhole) === (value ?? "") ? typed : String(value ?? "");
    const inputMode = isWhole ? "numeric" : "decimal";
    return window.h("input", { type: "text", inputMode, id, className, onFocus, onBlur, value: shown, onChange: this.handleChange });
  }
}
CMS.registerWidget("number", TypedNumber, NumberPreview);

/* The program shows of a list of entries only those that it finds, and writes those that it shows: the id of one that is
   gone went without a word as soon as its list was edited. It is shown as what it is, and goes when somebody takes it out. */
const { control: Relation, preview: RelationPreview } = CMS.getWidget("relation");
const WAIT = 300;
let most = 1_000_000;
class KeptRelation extends Relation {
  state = { initialOptions: this.held().map((value) => ({ value, label: value, data: {} })) };

  held() {
    const { value } = this.props;
    return [value?.toJS?.() ?? value ?? []].flat().filter(Boolean);
  }

  /** Asks for the entries that there are, and not for those that there were when somebody last asked. */
  async found(term) {
    const { field, query, forID } = this.props;
    const fields = field.get("search_fields").toJS();
    // For some seconds the program gives what it gave to the same question: with another number of answers it is another.
    const { payload } = await query(forID, field.get("collection"), fields, term, field.get("file"), (most += 1));
    return this.parseHitOptions(payload?.hits ?? []);
  }

  async loadInitialOptions() {
    const all = await this.found("").catch(() => undefined);
    if (!this.mounted || !all) return;
    const missing = (value) => ({ value, label: words.servicebook.gone.replaceAll("{value}", () => value), data: {} });
    const initialOptions = this.held().map((value) => all.find((one) => one.value === value) ?? missing(value));
    this.setState({ initialOptions }, () => this.forceUpdate());
  }

  loadOptions = (term, show) => {
    clearTimeout(this.asked);
    const offer = async () => {
      const found = await this.found(term).catch(() => []);
      show(found.slice(0, this.props.field.get("options_length")));
    };
    this.asked = setTimeout(offer, WAIT);
  };

  render() {
    const { type, props } = super.render();
    const said = { loadingMessage: () => words.servicebook.loading, noOptionsMessage: () => words.servicebook.none };
    return window.h(type, { ...props, ...said });
  }
}
CMS.registerWidget("relation", KeptRelation, RelationPreview);

/* The program names files after ids in its own way: in lower case, and with a dash for a point. Each is to be named as its id is. */
const kindOf = new Map(config.collections.filter(({ folder }) => folder).map(({ folder, name }) => [folder, name]));
const isInCapitals = ({ name, pattern }) => name === "id" && /^[^a-z]*[A-Z][^a-z]*$/.test(pattern[0].replace(/^\^\(\?=[^$]*\$\)/, ""));
const inCapitals = new Set(config.collections.filter(({ fields = [] }) => fields.some(isInCapitals)).map(({ folder }) => folder));
const partsOf = (path) => path.match(/^(.*)\/([^/]*)\.yml$/)?.slice(1) ?? [];
const simple = (name) => name.toLowerCase().replace(/[.-]+/g, "-");
/* What was written under another name than the program gave it, which it asks for by its own. */
const renamed = new Map();

/** Returns where the file is that the program calls by `path`. */
function placeOf(path) {
  const [folder, name] = partsOf(path);
  return renamed.get(path) ?? (inCapitals.has(folder) ? `${folder}/${name.toUpperCase()}.yml` : path);
}

/** Returns where a new file is to be: named by its id, with the number that the program puts behind one that is taken. */
async function newPlaceOf({ path, raw }, isTaken) {
  const [folder, name] = partsOf(path);
  if (!kindOf.has(folder)) return path;
  const { id } = parse(raw, shapes[kindOf.get(folder)]);
  const known = `${folder}/${id}${simple(name).slice(simple(id).length)}`;
  let place = `${known}.yml`;
  for (let times = 1; place !== path && (await isTaken(place)); times += 1) place = `${known}-${times}.yml`;
  renamed.set(path, place);
  return place;
}

const host = CMS.getBackend(config.backend.name);
const { init } = host;
host.init = (...given) => {
  const backend = init(...given);
  const { getEntry, persistEntry } = backend;
  const isTaken = (path) => getEntry.call(backend, path).then(({ data }) => Boolean(data), () => false);
  backend.getEntry = (path) => getEntry.call(backend, placeOf(path));
  backend.persistEntry = async (entry, options) => {
    const place = async (file) => (options.newEntry ? newPlaceOf(file, isTaken) : placeOf(file.path));
    const dataFiles = await Promise.all(entry.dataFiles.map(async (file) => ({ ...file, path: await place(file) })));
    return persistEntry.call(backend, { ...entry, dataFiles }, options);
  };
  return backend;
};
CMS.init({ config });
