/* From what somebody typed to ranked results.
 *
 * The index has words without their accents, each as it stands; a word is looked up in all of its forms. Words
 * that say nothing are left out, unless they say something together («no se puede»); a word that the playbook
 * does not have is taken for the nearest that it has; and every word is looked up by itself, so that one word too
 * many never hides the answer. What depends on the language comes in as its module (`languages/`), called `speech` here.
 */

// Letters and numbers of a code, and what may stand between them: «EXT-07», «ext 7», «V2.1.3».
const PIECE = /\p{L}+|\p{N}+/gu;
const JOINT = /^[\s.\-\u2010-\u2015_/]*$/;
const HYPHENS = /[\-\u2010-\u2015]/;
// What stands behind a letter and makes it a word, and how that is written in letters: «C++», «C#».
const SIGNS = { "++": "plusplus", "#": "sharp" };
const SIGNED = /(\p{L})(\+\+|#)/gu;
// Those that a PDF brings along, and the one that French has and its keyboards lack.
const LIGATURES = /[\ufb00-\ufb06œŒ]/g;
const SHORTEST = 3;
// How many words of the playbook stand in for one that it does not have.
const AT_MOST = 3;
// How many letters each of two words has that may be written as one.
const APART = 4;
// How much a hit counts on another form of the word, on one that is less surely a form of it, on one that only begins
// alike, on a word that was taken for another, by the slips between them, and on one that has hardly begun.
const FORM = 0.95;
const FAR_FORM = 0.8;
const ALIKE = 0.5;
const CORRECTED = [0.85, 0.75, 0.55];
const BEGUN = 0.6;
// How far away a word is that only sounds like the one that was typed.
const SOUND = 0.3;
// A rare word tells more than a common one, less than its rarity says; so does a page with all of the words.
const RARITY = 0.5;
// How well a page says a word is measured by the one that says it best, so that «jefe» in a title hides the other words less.
const BEST = 0.5;
const COVERAGE = 0.75;
// Words side by side in the query and in an entry's own words count as a page that is twice as good.
const SIDE_BY_SIDE = 1;
// Where one sentence ends.
const SENTENCE = /[.;:?!]\s/g;
// In the rest of what it says, as a page that is a third as good again.
const IN_TEXT = 0.3;
// Whom or where a thing happens to tells less than the thing: «un paciente enojado» is about who is angry.
const SECTOR = 0.5;
// What says again what others ask, as a list or a scenario does, counts for less than where it is asked.
const ASIDE = 0.6;
const WEIGHED = 13;
// Of one word alone, no more are weighed than are shown.
const SHOWN = 8;
// What is needed at once counts this much more where one of its own words is said whole in the query.
const URGENT = 4;
// And this much where the query says the danger that it is about.
const DANGER = 12;
// Pages that hold less than this part of the best one's score are not worth the reader's time.
const FAINT = 0.05;
// A page that has less than this part of what the query says is nothing like it, though it may be the nearest.
const VAGUE = 1 / 3;

/** Returns text in small letters without accents, ligatures or signs that make words: «oﬁcina», «C++» as «cplusplus». */
export function fold(text) {
  const letters = text.replace(LIGATURES, (sign) => (/œ/i.test(sign) ? "oe" : sign.normalize("NFKD"))).normalize("NFD").replace(/\p{M}/gu, "");
  return letters.replace(SIGNED, (_, letter, sign) => letter + SIGNS[sign]).toLowerCase();
}

/**
 * Returns the codes of entries that a query names, as the index has them (`ext7z`), in their order, and the query
 * without them. `codes` are those of the playbook, so that «24 horas» or «en 15 minutos» names none.
 */
export function codesIn(query, codes) {
  const pieces = [...fold(query).matchAll(PIECE)].map(({ 0: text, index }) => ({ text, index, end: index + text.length }));
  const text = fold(query);
  const found = [];
  let rest = "";
  let kept = 0;
  for (let from = 0; from < pieces.length; from++) {
    let to = from;
    let last = -1;
    for (; to < pieces.length && (to === from || JOINT.test(text.slice(pieces[to - 1].end, pieces[to].index))); to++) {
      if (codes.has(codeOf(pieces.slice(from, to + 1)))) last = to;
    }
    if (last < 0) continue;
    found.push(codeOf(pieces.slice(from, last + 1)));
    rest += `${text.slice(kept, pieces[from].index)} `;
    kept = pieces[last].end;
    from = last;
  }
  return { named: [...new Set(found)], rest: rest + text.slice(kept) };
}

/** Returns the pieces of a code as one word: without zeros in front, two numbers parted by an x, a z at the end. */
function codeOf(pieces) {
  const word = pieces.reduce((code, { text }) => {
    const piece = text.replace(/^0+(?=\p{N})/u, "");
    return code + (/\p{N}$/u.test(code) && /^\p{N}/u.test(piece) ? "x" : "") + piece;
  }, "");
  return `${word}z`;
}

/** Returns all words of a text, folded. */
export function wordsOf(text) {
  return fold(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** Returns the words of a query that are worth looking up; all of them if none is. A letter alone begins too much. */
export function termsOf(query, stopWords) {
  const words = wordsOf(query).filter((word) => word.length > 1 || /\d/.test(word));
  const telling = words.filter((word) => word.length >= SHORTEST && !stopWords.has(word));
  return [...new Set(telling.length ? telling : words)];
}

/** Returns the phrases in a query that the playbook has as one word: `nosepuede`. */
export function phrasesOf(query, phrases) {
  const words = ` ${wordsOf(query).join(" ")} `;
  return phrases.filter((phrase) => words.includes(` ${phrase} `)).map((phrase) => phrase.replaceAll(" ", ""));
}

/**
 * Returns what two words, or the parts of one with a hyphen, are when written as one, where the playbook has it so and it says
 * something else than the first: «llamar a» is no «llamara».
 */
export function joinedIn(query, known, speech) {
  const words = fold(query).split(/[^\p{L}\p{N}\-\u2010-\u2015]+/u).filter(Boolean);
  const whole = words.filter((word) => HYPHENS.test(word)).map((word) => word.split(HYPHENS).join(""));
  const pairs = words.slice(1).map((word, place) => [words[place] + word, words[place]]);
  const others = pairs.filter(([word, first]) => !isForm(word, first, speech)).map(([word]) => word);
  return [...new Set([...whole, ...others])].filter((word) => known.has(word));
}

/** Returns the parts of words with a hyphen that the playbook has whole: «post» and «venta» say something else. */
export function partsIn(query, known) {
  const words = fold(query).split(/[^\p{L}\p{N}\-\u2010-\u2015]+/u).map((word) => word.split(HYPHENS));
  return new Set(words.filter((parts) => parts.length > 1 && known.has(parts.join(""))).flat());
}

/**
 * Returns the words of a text that has them in order, each as the number of letters shared with the one before and the
 * rest, with a point between where that begins with a digit.
 */
function decoded(text) {
  let last = "";
  return text.split(" ").map((coded) => {
    const [, shared, rest] = /^(\d*)\.?(.*)$/.exec(coded);
    last = last.slice(0, Number(shared)) + rest;
    return last;
  });
}

/** The words that the playbook has, to tell a word from a slip of the finger. */
export class Vocabulary {
  /** `text` holds the words as `decoded` takes them. */
  constructor(text, speech) {
    this.speech = speech;
    this.words = decoded(text);
    this.known = new Set(this.words);
  }

  /** Returns the stems of every word, in their order; made at the first need. */
  get #stems() {
    this.stems ??= this.words.map(this.speech.stemsOf);
    return this.stems;
  }

  /** Returns how every word sounds, and the stem of that, in their order. */
  get #sounds() {
    this.sounds ??= this.words.map((word) => this.#soundsOf(word));
    return this.sounds;
  }

  /** Returns how a word sounds, and the stem of it: «kobraron» is a form of «cobrar». */
  #soundsOf(word) {
    const sound = this.speech.soundOf(word);
    return [sound, this.speech.stemsOf(sound)[1]];
  }

  /**
   * Returns what to look up for a term, each with how much it counts: the term itself if it is known or begins a
   * word, else its neighbours. `corrected` tells that a neighbour is another word, not another form.
   */
  variants(term, joined = []) {
    // A part of a word that stands here as one is no word by itself: «fi» in «wi-fi».
    if (!this.known.has(term) && joined.some((word) => word.startsWith(term) || word.endsWith(term))) return [];
    if (/\d/.test(term) || term.length < SHORTEST || this.known.has(term)) return [{ word: term, weight: 1 }];
    const near = this.#near(term);
    const begun = this.#begunBy(term).map((word) => ({ word, weight: term.length > SHORTEST ? 1 : BEGUN }));
    if (!begun.length) return near;
    const forms = near.filter(({ corrected }) => !corrected);
    if (term.length > SHORTEST || forms.length) return [...forms, ...begun];
    return near.length ? near : begun;
  }

  /** Returns the two words that one which the playbook lacks is written of: «handover» where it says «hand over». */
  partsOf(term) {
    for (let at = APART; at <= term.length - APART; at++) {
      const parts = [term.slice(0, at), term.slice(at)];
      if (parts.every((part) => this.known.has(part))) return parts;
    }
    return [];
  }

  /** Returns the forms of a word that the playbook has, each with how much it counts, the nearest first. */
  formsOf(word) {
    const found = new Map([[word, 1]]);
    if (word.length < SHORTEST || !this.known.has(word)) return [{ word, weight: 1 }];
    const [short, shortest] = this.speech.stemsOf(word);
    this.words.forEach((other) => {
      // Those of one letter alone: the stems of all take a phone longer than a search.
      if (other[0] !== word[0] || other === word || this.speech.stopWords.has(other)) return;
      const own = this.speech.stemsOf(other);
      if (short.length >= SHORTEST && own[0] === short) found.set(other, FORM);
      else if (shortest.length > SHORTEST && own[1] === shortest) found.set(other, FAR_FORM);
      else if (startShared(word, other)) found.set(other, ALIKE);
    });
    return [...found].map(([form, weight]) => ({ word: form, weight })).sort((one, other) => other.weight - one.weight);
  }

  /** Returns words that a term begins, one of each stem. */
  #begunBy(term) {
    const words = new Map();
    this.words.forEach((word, place) => {
      if (word.startsWith(term) && !words.has(this.#stems[place][1])) words.set(this.#stems[place][1], word);
    });
    return [...words.values()].slice(0, AT_MOST);
  }

  #near(term) {
    const [sounds, stems] = [this.#soundsOf(term), this.speech.stemsOf(term)];
    let best = Infinity;
    let found = [];
    this.words.forEach((word, place) => {
      const away = this.#away(term, word, stems, this.#stems[place], sounds, this.#sounds[place]);
      if (away < best) [best, found] = [away, []];
      if (away === best && away < Infinity) found.push(word);
    });
    const corrected = best === SOUND || best >= 0.5;
    const weight = corrected ? CORRECTED[Math.floor(best)] : FORM;
    return found.slice(0, AT_MOST).map((word) => ({ word, weight, corrected }));
  }

  /** Returns how far a word is from a term that is not in the list: the same stem, sound, start, or slips. */
  #away(term, word, [short, shortest], own, [sound, soundStem], [itsSound, itsSoundStem]) {
    const alike = word[0] === term[0];
    if (alike && short.length > SHORTEST && own.includes(short)) return 0.1;
    if (alike && shortest.length > SHORTEST && own.includes(shortest)) return 0.2;
    if (sound.length >= SHORTEST && itsSound === sound) return SOUND;
    if (alike && short.length === SHORTEST && own.includes(short)) return 0.4;
    if (soundStem.length > SHORTEST && itsSoundStem === soundStem) return 0.5;
    if (alike && isSwapped(term, word)) return 0.6;
    if (startShared(term, word)) return 0.75;
    const reach = term.length < 4 ? 0 : term.length < 8 || word[0] !== term[0] ? 1 : 2;
    const heard = sound.length > SHORTEST ? distance(sound, itsSound, reach) + 0.25 : Infinity;
    const slips = Math.min(distance(term, word, reach), heard);
    if (slips >= reach + 0.5) return Infinity;
    return alike ? slips : slips + 0.5;
  }
}

/** Tells whether two words differ by two letters side by side that changed places, the slip of whoever types in a hurry. */
function isSwapped(one, other) {
  const at = [...one].findIndex((letter, place) => letter !== other[place]);
  return at >= 0 && other === one.slice(0, at) + one.slice(at + 1, at + 2) + one[at] + one.slice(at + 2);
}

/** Tells whether two words are likely forms of one: they begin alike for most of their length. */
function startShared(one, other) {
  const shared = Math.max(5, Math.ceil(Math.max(one.length, other.length) * 0.6));
  return one.slice(0, shared) === other.slice(0, shared);
}

/** Returns how many letters are wrong, missing, too many or swapped; anything above `most` as `most + 1`. */
function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    let least = row;
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1;
      now[column] = Math.min(now[column - 1] + 1, last[column] + 1, last[column - 1] + same);
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (row > 1 && column > 1 && swapped) now[column] = Math.min(now[column], before[column - 2] + 1);
      least = Math.min(least, now[column]);
    }
    if (least > most) return most + 1;
    [before, last] = [last, now];
  }
  return last[other.length];
}

/** Returns the place of a result among the pages that were named; those that were not come after all of them. */
function placeIn(named, { id }) {
  const place = named.indexOf(id);
  return place < 0 ? named.length : place;
}

/** What says a danger whole comes before all else, whatever the words around it find. */
function byDanger(one, other) {
  return (other.pressing === DANGER) - (one.pressing === DANGER) || byScore(one, other);
}

function byScore(one, other) {
  return other.score - one.score || (one.id < other.id ? -1 : 1);
}

/** Returns what the hits of a page come to. */
function scoreOf(hits) {
  let [sum, covered] = [0, 0];
  for (const hit of hits) {
    sum += hit.share * (hit.score / hit.best ** BEST);
    covered += hit.share;
  }
  return sum * covered ** COVERAGE;
}

/** Returns a function that answers as another does, and remembers: a page says few words, and most of them often. */
function remembering(answer) {
  const known = new Map();
  return (word) => {
    if (!known.has(word)) known.set(word, answer(word));
    return known.get(word);
  };
}

/** Returns how much more an urgent page counts for a query. */
function pressureOf(query, { title, words, dangers }, speech) {
  const said = wordsOf(query);
  if (dangers.some((danger) => saysDanger(said, danger, speech))) return DANGER;
  return [title, ...words].some((phrase) => saysWhole(said, phrase, speech)) ? URGENT : 1;
}

/** Tells whether words say all that a phrase does: one word in any form, several together. */
function saysWhole(said, phrase, speech) {
  const words = wordsOf(phrase);
  const telling = termsOf(phrase, speech.stopWords).filter((word) => !speech.stopWords.has(word));
  if (!telling.length) return false;
  if (words.length > 1) return saysTogether(said, words, telling, speech);
  // What is left of a short word tells little: «mamá» is no «mamón».
  const isShort = speech.stemsOf(words[0])[1].length <= SHORTEST;
  return said.some((word) => word === words[0] || (!isShort && isForm(word, words[0], speech)));
}

/**
 * Tells whether words say a danger: where several of its words tell something, all of them in any form, and its «no»;
 * else as it stands, but for articles: «llamas» is no «llamada», «no respira» no «respira».
 */
function saysDanger(said, danger, speech) {
  const words = wordsOf(danger);
  const telling = termsOf(danger, speech.stopWords);
  if (telling.length > 1) return saysTogether(said, words, telling, speech);
  return words.length > 0 && inOrder(said, words, (word, other) => word === other, (word) => speech.LINKS.test(word));
}

/** Tells whether two words are forms of one. */
function isForm(one, other, speech) {
  return speech.stemsOf(one)[1] === speech.stemsOf(other)[1] || startShared(one, other);
}

/**
 * Tells whether words say those of a phrase in their order, with none between them that tells something else: «se cortó
 * la llamada con mi compañero» does not say «cortó compañero». Small words are needed at the end, or around one alone.
 */
function saysTogether(said, words, telling, speech) {
  const isDenied = (all) => all.some((word) => speech.NOT.test(word));
  if (isDenied(words) && !isDenied(said)) return false;
  const last = words.findLastIndex((word) => telling.includes(word));
  const isAsked = (word, place) => place > last || telling.includes(word) || (place > 0 && speech.SELF.test(word));
  const asked = telling.length > 1 ? words.filter(isAsked) : words;
  const isOne = (word, other) => {
    if (speech.LINKS.test(other) && !speech.SELF.test(other)) return speech.LINKS.test(word);
    return speech.stopWords.has(other) ? word === other : isForm(word, other, speech);
  };
  const isBeside = (word) => speech.LINKS.test(word) || (telling.length > 1 && speech.stopWords.has(word));
  if (inOrder(said, asked, isOne, isBeside)) return true;
  // To whom it is done is said with either order: «me tocó un cliente», «un cliente me tocó».
  if (telling.length !== 2 || asked.length !== 2) return false;
  const isOther = (word, other) => (other ? isOne(word, other) : speech.LINKS.test(word));
  return inOrder(said, [asked[1], "", asked[0]], isOther, isBeside);
}

/** Tells whether words hold others in their order, with nothing between them but what may stand there. */
function inOrder(said, asked, isOne, isBeside, from = 0, place = 0) {
  if (place === asked.length) return true;
  for (let at = from; at < said.length; at++) {
    if (isOne(said[at], asked[place]) && inOrder(said, asked, isOne, isBeside, at + 1, place + 1)) return true;
    if (place && !isBeside(said[at])) return false;
  }
  return false;
}

/**
 * Returns the pairs of words that stand side by side in a text, also where a pronoun or an article
 * parts them; of words that say nothing it takes three («hasta cuánto puedo»).
 */
function runsOf(text, speech) {
  const runs = new Set();
  for (const part of fold(text).split("·")) {
    const words = wordsOf(part);
    for (const said of [words, words.filter((word) => !speech.LINKS.test(word))]) {
      said.slice(1).forEach((word, place) => {
        const telling = [said[place], word].some((one) => !speech.stopWords.has(one));
        const together = said.slice(place, place + (telling ? 2 : 3));
        if (telling || (together.length === 3 && speech.stopWords.has(together[2]))) runs.add(together.map((one) => speech.stemsOf(one)[1]).join(" "));
      });
    }
  }
  return runs;
}

/** Looks queries up in one index. */
export class Finder {
  #looked = new Map();
  // The pairs of words of each page that was weighed: they are the same whatever is asked.
  #pairs = new Map();

  /** `index` tells the pages that have a word and what is kept of a page; `language` holds the words that it has and
   * those that say nothing; `rules` is the module of the language. */
  constructor(index, language, rules) {
    this.index = index;
    const stemsOf = remembering(rules.stemsOf);
    this.speech = { ...rules, stemsOf, stopWords: new Set(language.stop_words.split(" ")) };
    this.vocabulary = new Vocabulary(language.words, this.speech);
    this.smallWords = new Map([...this.speech.stopWords].map((word) => [rules.soundOf(word), word]));
    this.sectors = new Set((language.sector_words ?? "").split(" ").map((word) => rules.stemsOf(word)[1]));
    this.phrases = language.phrases;
    this.codes = new Set(decoded(language.codes));
    this.urgent = new Set(language.urgent);
    this.asides = new Set(language.asides);
    this.unmet = new Set(decoded(language.unmet ?? ""));
    this.total = index.pages.length;
  }

  /**
   * Returns what a query finds, best first, and the words that stood in for unknown ones (`corrected`). A
   * result has the `id` of its page, `hits` (one for each term found in it, with its `words` there) and a `score`. `vague` tells that
   * even the best is nothing like the query. `terms` tells of each word what was looked up for it (`variants`) and on
   * which pages it was `found`.
   * `wanted` tells by its id whether a page is to be among them.
   */
  async find(query, wanted = () => true) {
    const { named, rest } = codesIn(query, this.codes);
    const meant = this.#spelled(rest);
    const joined = joinedIn(rest, this.vocabulary.known, this.speech);
    const parts = partsIn(rest, this.vocabulary.known);
    const said = termsOf(meant, this.speech.stopWords).filter((term) => !parts.has(term));
    const words = said.flatMap((term) => this.#meantBy(term, joined).map((variants) => ({ said: term, variants })));
    const together = [...phrasesOf(meant, this.phrases), ...joined, ...named];
    const asked = [...words, ...together.map((word) => ({ said: word, variants: [{ word, weight: 1 }] }))];
    const looked = await Promise.all(asked.map(({ variants }) => this.#best(variants)));
    const rarity = looked.map((hits, place) => (hits.size ? this.#tells(asked[place].variants[0].word) * Math.log(1 + this.total / hits.size) ** RARITY : 0));
    const whole = rarity.reduce((sum, one) => sum + one, 0);
    const found = new Map();
    looked.forEach((hits, place) => {
      const share = rarity[place] / whole;
      const best = Math.max(...[...hits.values()].map(({ score }) => score));
      for (const [id, hit] of hits) {
        if (!wanted(id)) continue;
        const result = found.get(id) ?? { id, covered: 0, hits: [] };
        result.covered += share;
        result.hits.push({ ...hit, share, best });
        found.set(id, result);
      }
    });
    for (const result of found.values()) result.score = scoreOf(result.hits);
    const ranked = [...found.values()].sort(byScore);
    const pressing = new Set(ranked.filter(({ id }) => this.urgent.has(id)));
    const runs = [...runsOf(meant, this.speech)];
    const weighed = new Set([...ranked.slice(0, runs.length ? WEIGHED : SHOWN), ...pressing]);
    const heard = this.#heard(meant, words);
    const raised = [...weighed].map((result) => this.#weigh(result, runs, pressing.has(result) && heard));
    const results = [...(await Promise.all(raised)).sort(byDanger), ...ranked.filter((result) => !weighed.has(result))];
    const first = await Promise.all(named.map((code) => this.#entryOf(code)));
    results.sort((one, other) => placeIn(first, one) - placeIn(first, other));
    // What is urgent comes first, however little of it the query says, and hides nothing that would have been shown beside it.
    const plain = ({ score, pressing = 1 }) => score / pressing;
    const enough = Math.max(0, ...results.map(plain)) * FAINT;
    const kept = results.filter((result) => plain(result) >= enough || result.pressing === DANGER || first.includes(result.id));
    // A word that the playbook lacks would have told as much as the rarest; a part of one that it has as one is none.
    const isLacked = ({ size }, place) => !size && (asked[place].variants.length > 0 || !joined.length);
    const lacked = looked.filter(isLacked).length * Math.log(1 + this.total) ** RARITY;
    const best = kept[0];
    const isUnlike = () => (best.covered * whole) / (whole + lacked) < VAGUE || wordsOf(heard).some((word) => this.unmet.has(word));
    const vague = Boolean(best) && best.pressing !== DANGER && !first.length && isUnlike();
    const corrected = words.flatMap(({ variants }) => variants.filter((variant) => variant.corrected)).map(({ word }) => word);
    return { results: kept, corrected, vague, terms: asked.map((term, place) => ({ ...term, found: looked[place] })) };
  }

  /**
   * Raises a result that holds words of the query side by side: it says the same thing, most of all in its title, words or
   * first lines.
   * One that is urgent is raised once more where one of its words, or its title, is said whole in what was `heard`.
   */
  async #weigh(result, runs, heard) {
    const page = await this.index.page(result.id);
    const { held, said } = this.#pairsOf(result.id, page);
    const others = runs.filter((run) => !held.has(run));
    const agreed = SIDE_BY_SIDE * (runs.length - others.length) + IN_TEXT * others.filter((run) => said.has(run)).length;
    const pressing = heard ? pressureOf(heard, page, this.speech) : 1;
    const place = this.asides.has(page.kind) ? ASIDE : 1;
    return { ...result, pressing, score: result.score * (1 + agreed) * place * pressing };
  }

  /** Returns the pairs of words that a page has in its title, words or first lines (`held`) and anywhere (`said`). */
  #pairsOf(id, { title, words, synonyms, sections }) {
    if (!this.#pairs.has(id)) {
      const lead = sections.filter(([anchor]) => !anchor).flatMap(([, , texts]) => texts);
      const held = runsOf([title, ...words, ...synonyms, ...lead].join(" · "), this.speech);
      const all = sections.flatMap(([, heading, texts]) => [heading, ...texts]).join(" · ");
      this.#pairs.set(id, { held, said: runsOf(all.replace(SENTENCE, " · "), this.speech) });
    }
    return this.#pairs.get(id);
  }

  /** Returns how much a word tells, beside how rare it is. */
  #tells(word) {
    return this.sectors.has(this.speech.stemsOf(word)[1]) ? SECTOR : 1;
  }

  /** Returns what to look up for a term: its variants or, where it is no form of a word, the two words that it is of. */
  #meantBy(term, joined) {
    const variants = this.vocabulary.variants(term, joined);
    const parts = variants.some(({ corrected }) => !corrected) ? [] : this.vocabulary.partsOf(term);
    return parts.length ? parts.map((word) => [{ word, weight: 1 }]) : [variants];
  }

  /** Returns the page of the entry that has a code: no other counts a hit on it as much. */
  async #entryOf(code) {
    const hits = [...(await this.#look(code))].map(([id, { score }]) => ({ id, score })).sort(byScore);
    return hits[0]?.id;
  }

  /** Returns a query with the small words spelled right: «ase» and «desir» say as little as «hace» and «decir». */
  #spelled(query) {
    return fold(query).replace(/[\p{L}\p{N}]+/gu, (word) =>
      this.vocabulary.known.has(word) || this.speech.stopWords.has(word) ? word : this.smallWords.get(this.speech.soundOf(word)) ?? word,
    );
  }

  /** Returns a query with the words that sound like one that the playbook has as that one: «insendio» says a danger. */
  #heard(query, words) {
    const isHeard = ({ said, variants: [first] }) => first?.corrected && this.speech.soundOf(first.word) === this.speech.soundOf(said);
    const meant = new Map(words.filter(isHeard).map(({ said, variants }) => [said, variants[0].word]));
    return query.replace(/[\p{L}\p{N}]+/gu, (word) => meant.get(word) ?? word);
  }

  /** Returns, for a term, each page's best hit among the term's variants. */
  async #best(variants) {
    const best = new Map();
    for (const { word, weight } of variants) {
      for (const [id, hit] of await this.#look(word)) {
        const score = hit.score * weight;
        if (score > (best.get(id)?.score ?? 0)) best.set(id, { ...hit, score });
      }
    }
    return best;
  }

  #look(word) {
    if (!this.#looked.has(word)) this.#looked.set(word, this.#pagesWith(word));
    return this.#looked.get(word);
  }

  /** Returns the pages that have a word in any form, each with those that it has, the nearest first, and what all weigh. */
  async #pagesWith(word) {
    const forms = this.vocabulary.formsOf(word);
    const listed = await Promise.all(forms.map((form) => this.index.pagesWith(form.word)));
    const found = new Map();
    forms.forEach((form, place) => {
      for (const [id, weight] of listed[place]) {
        const hit = found.get(id) ?? { score: 0, words: [] };
        hit.score += weight * form.weight;
        hit.words.push(form.word);
        found.set(id, hit);
      }
    });
    return found;
  }
}
