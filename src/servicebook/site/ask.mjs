/* Asks the search of a built site in a terminal: the scripts and the index are those that a browser would load.
 *
 * Takes a folder that has the site's scripts and Pagefind's as modules, and `question.json`: the path of the site's
 * `pagefind/` (`index`), the `queries`, and how many results to tell of each (`most`). Writes `answers.json` there.
 */
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = process.argv[2];
const { index, queries, most } = JSON.parse(await readFile(`${folder}/question.json`, "utf-8"));
globalThis.fetch = async (address) => new Response(await readFile(fileURLToPath(`${address}`.split("?")[0])));
const load = (name) => import(pathToFileURL(`${folder}/${name}`));
const [pagefind, query, rules, { excerptOf }] = await Promise.all(
  ["pagefind.js", "search-query.js", "search-language.js", "search-excerpt.js"].map(load),
);
const language = JSON.parse(await readFile(`${index}/language.json`, "utf-8"));
const instance = pagefind.createInstance({ basePath: `${pathToFileURL(index)}/`, noWorker: true });
await instance.options({ ranking: query.RANKING });
const finder = new query.Finder(instance, language, rules);

async function told(result) {
  const { meta, section, pieces } = await excerptOf(result);
  const words = [...result.hits].sort((one, other) => other.share - one.share).map(({ word }) => word);
  const sentence = pieces.map(({ text }) => text).join("");
  return { url: meta.url, title: meta.title ?? meta.name, kind: meta.kind, section, sentence, words, urgent: result.pressing > 1 };
}

const answers = [];
for (const one of queries) {
  const { results, corrected, vague } = await finder.find(one);
  answers.push({ corrected, vague, results: await Promise.all(results.slice(0, most).map(told)) });
}
await writeFile(`${folder}/answers.json`, JSON.stringify(answers));
