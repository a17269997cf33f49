/* Asks the search of a built site in a terminal: the scripts and the index are those that a browser would load.
 *
 * Takes a folder that has the site's scripts as modules, and `question.json`: the path of the site's `search/`
 * (`index`), the `queries`, and how many results to tell of each (`most`). Writes `answers.json` there.
 * Where `wanted` names pages of the index for each query, tells too how near any of them came (`aim`).
 */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

// How many of their pairs of letters two words share that are likely one.
const LIKE = 0.6;
const folder = process.argv[2];
const { index, queries, most, wanted } = JSON.parse(await readFile(`${folder}/question.json`, "utf-8"));
const load = (name) => import(pathToFileURL(`${folder}/${name}`));
const read = async (address) => JSON.parse(await readFile(`${index}/${address}`, "utf-8"));
const [{ Index }, query, rules, { excerptOf }] = await Promise.all(
  ["search-index.js", "search-query.js", "search-language.js", "search-excerpt.js"].map(load),
);
const language = await read("contents.json");
const finder = new query.Finder(new Index(language, read), language, rules);

async function told(result) {
  const page = await finder.index.page(result.id);
  const { section, pieces } = excerptOf(result, page);
  const words = [...result.hits].sort((one, other) => other.share - one.share).map((hit) => hit.words[0]);
  const sentence = pieces.map(({ text }) => text).join("");
  return { url: page.url, title: page.title, kind: page.kind, section, sentence, words, urgent: result.pressing > 1 };
}

/** Returns all words of a page of the index. */
async function wordsOf(id) {
  const { title, words, synonyms, sections } = await finder.index.page(id);
  const texts = sections.flatMap(([, heading, said]) => [heading, ...said]);
  return query.wordsOf([title, ...words, ...synonyms, ...texts].join(" ")).filter((word) => !/\d/.test(word));
}

/** Returns the pairs of letters in a word. */
function pairsOf(word) {
  return new Set([...word].slice(1).map((letter, place) => word[place] + letter));
}

/** Tells whether two words have most of their pairs of letters in common, though too many slips lie between them. */
function isLike(one, other) {
  const [pairs, others] = [pairsOf(one), pairsOf(other)];
  return [...pairs].filter((pair) => others.has(pair)).length * 2 >= LIKE * (pairs.size + others.size);
}

/** Returns the place of the first of some pages, how much of a query it has, and what became of each of its words. */
async function aimedAt(pages, { results, terms }) {
  const isWanted = ({ id }) => pages.includes(id);
  const words = [...new Set((await Promise.all(pages.map(wordsOf))).flat())];
  const own = new query.Vocabulary(words.join(" "), finder.speech);
  const isSlip = (said) => own.variants(said).length > 0 || words.some((word) => isLike(said, word));
  const became = ({ said, variants, found }) => {
    const held = pages.some((page) => found.has(page));
    const known = variants.some(({ word, corrected }) => word === said || !corrected);
    return { said, held, taken: !known && variants.length > 0, slip: !held && !known && isSlip(said), spread: found.size / finder.total };
  };
  return { place: results.findIndex(isWanted) + 1, covered: results.find(isWanted)?.covered ?? 0, terms: terms.map(became) };
}

const answers = [];
for (const [place, one] of queries.entries()) {
  const answer = await finder.find(one);
  const { results, corrected, vague } = answer;
  const aim = wanted.length ? await aimedAt(wanted[place], answer) : null;
  answers.push({ corrected, vague, results: await Promise.all(results.slice(0, most).map(told)), aim });
}
await writeFile(`${folder}/answers.json`, JSON.stringify(answers));
