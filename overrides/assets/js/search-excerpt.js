/* From a result to what is shown of it: the sentence that matches, and the section that it stands in. */

const LONGEST = 36;
const SENTENCE_END = /[.!?…:]["»”)]*$/;

/**
 * Returns the page's meta data, the address of the section that matches best, its heading, and the sentence
 * as pieces of text, each with whether it matched; `passage` is its beginning as it stands on the page.
 */
export async function excerptOf(result) {
  const marks = new Map();
  let page;
  for (const hit of result.hits) {
    page = await hit.data();
    for (const place of page.locations) marks.set(place, Math.max(marks.get(place) ?? 0, hit.share));
  }
  const words = page.content.split(/\s+/);
  const sentence = bestSentence(sentencesOf(words, page.anchors), marks);
  const section = page.anchors.filter(({ location }) => location <= sentence.start).at(-1);
  const [path, anchor] = page.meta.url.split("#");
  const target = anchor ?? section?.id;
  return {
    meta: page.meta,
    address: target ? `${path}#${target}` : path,
    section: section?.text ?? "",
    pieces: piecesOf(words, sentence, marks),
    passage: words.slice(sentence.start, Math.min(sentence.end, sentence.start + LONGEST)).join(" "),
  };
}

/** Cuts a page's words into sentences; headings, which Pagefind keeps among them, are none. */
function sentencesOf(words, anchors) {
  const headings = new Map(anchors.map(({ location, text }) => [location, text.split(/\s+/).length]));
  const sentences = [];
  let start = 0;
  for (let place = 0; place < words.length; place++) {
    if (headings.has(place)) {
      if (place > start) sentences.push({ start, end: place });
      place += headings.get(place) - 1;
      start = place + 1;
    } else if (SENTENCE_END.test(words[place]) || place === words.length - 1) {
      sentences.push({ start, end: place + 1 });
      start = place + 1;
    }
  }
  return sentences.length ? sentences : [{ start: 0, end: words.length }];
}

function bestSentence(sentences, marks) {
  let best = sentences[0];
  let most = 0;
  for (const sentence of sentences) {
    let weight = 0;
    for (const [place, share] of marks) if (place >= sentence.start && place < sentence.end) weight += share;
    if (weight > most) [best, most] = [sentence, weight];
  }
  return best;
}

function piecesOf(words, { start, end }, marks) {
  const first = [...marks.keys()].filter((place) => place >= start && place < end).sort((a, b) => a - b)[0] ?? start;
  const from = end - start > LONGEST ? Math.max(start, Math.min(first - 8, end - LONGEST)) : start;
  const to = Math.min(end, from + LONGEST);
  const pieces = [];
  const add = (text, matched) => {
    if (pieces.at(-1)?.matched === matched) pieces.at(-1).text += text;
    else pieces.push({ text, matched });
  };
  if (from > start) add("… ", false);
  for (let place = from; place < to; place++) {
    const [, before, word, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u.exec(words[place]);
    if (before) add(before, false);
    if (word) add(word, marks.has(place));
    add(`${after} `, false);
  }
  if (to < end) add("…", false);
  return pieces;
}
