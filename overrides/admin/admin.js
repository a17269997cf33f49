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

/* The program names files in lower case, and a file is named as its id is: here are the folders of ids in capitals. */
const inCapitals = config.collections
  .filter(({ fields = [] }) => fields.some(({ name, pattern }) => name === "id" && pattern[0].startsWith("^[A-Z]")))
  .map(({ folder }) => folder);

function nameOf(path) {
  const [, folder, name] = path.match(/^(.*)\/([^/]*)\.yml$/) ?? [];
  return inCapitals.includes(folder) ? `${folder}/${name.toUpperCase()}.yml` : path;
}

const host = CMS.getBackend(config.backend.name);
const { init } = host;
host.init = (...given) => {
  const backend = init(...given);
  const { getEntry, persistEntry } = backend;
  backend.getEntry = (path) => getEntry.call(backend, nameOf(path));
  backend.persistEntry = (entry, options) => {
    const dataFiles = entry.dataFiles.map((file) => ({ ...file, path: nameOf(file.path) }));
    return persistEntry.call(backend, { ...entry, dataFiles }, options);
  };
  return backend;
};
CMS.init({ config });
