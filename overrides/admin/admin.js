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
