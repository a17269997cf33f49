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
