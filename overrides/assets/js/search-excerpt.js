/* From a result to what is shown of it: the sentence that matches, and the section that it stands in. */

import { wordsOf } from "./search-query.js";

const LONGEST = 36;
const SENTENCE_END = /[.!?…:]["»”)]*$/;

/**
 * Returns the address of the section that matches best on a page, its heading, and the sentence as pieces of text, each
 * with whether it matched; `passage` is its beginning as it stands on the page. `hits` are those of a result, `page` is
 * what the index keeps of it.
 */
export function excerptOf({ hits }, page) {
  const marks = new Map();
  for (const { words, share } of hits) for (const word of words) marks.set(word, Math.max(marks.get(word) ?? 0, share));
  const { section, words } = bestSentence(page, marks);
  const [anchor, title] = section;
  const [path, own] = page.url.split("#");
  const target = own ?? anchor;
  return {
    address: target ? `${path}#${target}` : path,
    section: title,
    pieces: piecesOf(words),
    passage: words.slice(0, LONGEST).map(({ text }) => text).join(" "),
  };
}

/** Returns the sentence of a page that has most of what is marked, as words with their marks, and its section. */
function bestSentence({ title, sections }, marks) {
  let best = { section: ["", ""], words: marked([title], marks), weight: -1 };
  for (const section of sections) {
    for (const words of section[2].flatMap((text) => sentencesOf(text))) {
      const sentence = marked(words, marks);
      const weight = sentence.reduce((sum, { share }) => sum + share, 0);
      if (weight > best.weight) best = { section, words: sentence, weight };
    }
  }
  return best;
}

/** Cuts a text into sentences, and those into words. */
function sentencesOf(text) {
  const sentences = [[]];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    sentences.at(-1).push(word);
    if (SENTENCE_END.test(word)) sentences.push([]);
  }
  return sentences.filter((words) => words.length);
}

/** Returns words as they stand in a text, each with how much of the query it says. */
function marked(words, marks) {
  return words.map((text) => {
    const said = wordsOf(text);
    return { text, share: Math.max(0, ...[...said, said.join("")].map((word) => marks.get(word) ?? 0)) };
  });
}

function piecesOf(words) {
  const first = Math.max(0, words.findIndex(({ share }) => share));
  const from = words.length > LONGEST ? Math.max(0, Math.min(first - 8, words.length - LONGEST)) : 0;
  const to = Math.min(words.length, from + LONGEST);
  const pieces = [];
  const add = (text, matched) => {
    if (pieces.at(-1)?.matched === matched) pieces.at(-1).text += text;
    else pieces.push({ text, matched });
  };
  if (from) add("… ", false);
  for (const { text, share } of words.slice(from, to)) {
    const [, before, word, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u.exec(text);
    if (before) add(before, false);
    if (word) add(word, share > 0);
    add(`${after} `, false);
  }
  if (to < words.length) add("…", false);
  return pieces;
}
