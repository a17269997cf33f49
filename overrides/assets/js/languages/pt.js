/* What the search knows of Portuguese; what each of these is, `plain.js` says. */

const ENDINGS = [
  /^(.{3,}?)(?:[aei]r|[aeo]s?|[iu]s|[eio]u)$/,
  /^(.{3,}?)(?:[aei]ndo|[aei]ram|[aei]mos|a[dv][ao]s?|avam|i[ad][ao]?s?|iam|ou|[eo]u|iu|ei|[ae]m|[aei]r(?:em)?|[aeo]s?|[iu]s)$/,
];

export function stemsOf(word) {
  const plain = word
    .replace(/(?:oes|aes|aos)$/, "ao")
    .replace(/([aeou])is$/, "$1l")
    .replace(/ns$/, "m")
    .replace(/([rz])es$/, "$1")
    .replace(/qu(?=[ei])|z/g, "c")
    .replace(/gu(?=[ei])/g, "g");
  return ENDINGS.map((ending) => (plain.endsWith("ao") ? plain : plain.replace(ending, "$1")));
}

export function soundOf(word) {
  return word
    .replace(/ch/g, "x")
    .replace(/lh/g, "li")
    .replace(/nh/g, "ni")
    .replace(/h/g, "")
    .replace(/[mn](?=[bpdtcgfv])/g, "n")
    .replace(/s?c(?=[ei])|z|s+/g, "s")
    .replace(/qu(?=[ei])|c|q/g, "k")
    .replace(/g(?=[ei])/g, "j")
    .replace(/gu(?=[ei])/g, "g")
    .replace(/l$/, "u")
    .replace(/y/g, "i")
    .replace(/(.)\1/g, "$1");
}

// «abrir a loja» and «abrir loja», «me atenda» and «nos atenda» are one thing.
export const LINKS = /^(?:me|te|se|nos|lhes?|[oa]s?|uma?s?|uns|meus?|minhas?|seus?|suas?)$/;

// What turns a danger round: «lembra o nome» is none.
export const NOT = /^(?:nao|nem|sem|nunca)$/;

// «o colega se cortou» and «o colega cortou a ligação» are two things.
export const SELF = /^se$/;
