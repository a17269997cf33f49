/* What the search knows of English; what each of these is, `plain.js` says. */

export function stemsOf(word) {
  const short = tidied(plainOf(word));
  const long = plainOf(word)
    .replace(/^(.{3,}?)(?:ings?|ed|ers?|ors?|ly|ments?|ness|able|al)$/, "$1")
    .replace(/^(.{3,}?)(?:at|it)?ions?$/, "$1");
  return [short, tidied(long)];
}

/** Returns a word without its plural: «enquiries» as «enquiry», «boxes» as «box». */
function plainOf(word) {
  return word
    .replace(/ies$/, "y")
    .replace(/(s|x|z|ch|sh)es$/, "$1")
    .replace(/([^su])s$/, "$1");
}

/** Returns a stem as its other forms have it: «stopp» as «stop», «reply» and «repli», «arrive» and «arriv» as one. */
function tidied(stem) {
  return stem
    .replace(/([bdgklmnprt])\1$/, "$1")
    .replace(/(.{3})e$/, "$1")
    .replace(/(.{2})y$/, "$1i");
}

export function soundOf(word) {
  return word
    .replace(/^(?:kn|gn)/, "n")
    .replace(/^wr/, "r")
    .replace(/ph/g, "f")
    .replace(/gh(?=t)/g, "")
    .replace(/wh/g, "w")
    .replace(/s?c(?=[eiy])|z/g, "s")
    .replace(/ck|c(?!h)|q/g, "k")
    .replace(/our/g, "or")
    .replace(/(?:ie|ei|ee|ea)/g, "i")
    .replace(/y/g, "i")
    .replace(/(.)\1/g, "$1");
}

// «open the shop» and «open shop», «greet a guest» and «greet the guest» are one thing.
export const LINKS = /^(?:an?|the|my|your|his|her|its|our|their|me|you|him|them|us|it)$/;

// What turns a danger round: «breathing» is none.
export const NOT = /^(?:no|not|never|without|nobody|cant|dont|doesnt|isnt|wont)$/;

// English says it behind the verb, in a word that tells something: «cut himself».
export const SELF = /^$/;
