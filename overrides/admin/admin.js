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

CMS.registerLocale(config.locale, merge(CMS.getLocale(config.locale), words));

for (const [name, shape] of Object.entries(shapes)) {
  CMS.registerCustomFormat(`servicebook-${name}`, "yml", {
    fromFile: (text) => parse(text, shape),
    toFile: (data) => write(data, shape),
  });
}
CMS.init({ config });
