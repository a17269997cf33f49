/** Whether two wordings of a row say the same: what was mended is spelling or punctuation alone. */
const MARKS = /[.,:;¿?¡!«»“”"'‘’()[\]—–…*_-]/g;
const BETWEEN_DIGITS = /(\d)[.,:](?=\d)/g;
const ACCENTS = /[\u0300\u0301\u0302\u0308]/g;
// A shorter word that differs by a letter is another word.
const LEAST_LETTERS = 4;
const KEPT = "\u0001";

/**
 * Tells whether `now` asks for the same as `then`. A word of one letter's difference is a slip, unless the old one
 * is a word that is used elsewhere (`others`, the other rows' texts) or names a number.
 */
export function sameWording(then, now, others, numbers) {
  const [old, today] = [wordsIn(then), wordsIn(now)];
  if (old.length !== today.length) return false;
  const used = new Set([...others.flatMap(wordsIn), ...numbers]);
  const isSlip = (one, other) =>
    Math.min(one.length, other.length) >= LEAST_LETTERS &&
    /^\p{L}+$/u.test(one + other) &&
    !used.has(one) &&
    !numbers.includes(other) &&
    oneLetterApart(one, other);
  return old.every((word, place) => word === today[place] || isSlip(word, today[place]));
}

function wordsIn(text) {
  const plain = text.replace(BETWEEN_DIGITS, (found, digit) => digit + KEPT + found[1].codePointAt(0));
  const bare = plain.replace(MARKS, " ").toLowerCase().normalize("NFD").replace(ACCENTS, "").normalize("NFC");
  return bare.split(/\s+/).filter(Boolean);
}

function oneLetterApart(one, other) {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  const [rest, rest2] = [one.slice(start), other.slice(start)];
  const swapped = rest[0] === rest2[1] && rest[1] === rest2[0];
  return (
    (swapped && rest.slice(2) === rest2.slice(2)) ||
    rest.slice(1) === rest2.slice(1) ||
    rest.slice(1) === rest2 ||
    rest === rest2.slice(1)
  );
}
