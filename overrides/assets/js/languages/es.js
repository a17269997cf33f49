/* What the search knows of Spanish; what each of these is, `plain.js` says. */

const ENDINGS = [
  /^(.{3,}?)(?:[aei]r|[aeo][ns]?|[ns])$/,
  /^(.{3,}?)(?:[ai]e?ndo|[aei]ron|a[bd][ao][ns]?|i[ad][aons]{0,2}|amos|emos|imos|[aei]r|[aeo][ns]?|[ns])$/,
];

export function stemsOf(word) {
  const plain = word
    .replace(/^(.*?(?:[aei]r|ndo|.{4}[ae]))(?:[mst]e|les?|l[ao]s?|nos)$/, "$1")
    .replace(/ie/g, "e")
    .replace(/([qg]?)ue/g, (all, before) => (before ? all : "o"))
    .replace(/qu(?=[ei])|z/g, "c")
    .replace(/gu(?=[ei])/g, "g");
  return ENDINGS.map((ending) => plain.replace(ending, "$1").replace(/i(?=[dgrtv]+$)/, "e"));
}

export function soundOf(word) {
  return word
    .replace(/ch/g, "C")
    .replace(/h/g, "")
    .replace(/m(?=[bpv])/g, "n")
    .replace(/[zx]|c(?=[ei])|s+/g, "s")
    .replace(/qu(?=[ei])|c|q/g, "k")
    .replace(/gu(?=[ao])/g, "w")
    .replace(/v/g, "b")
    .replace(/ll/g, "y")
    .replace(/gu(?=[ei])|g/g, "j")
    .replace(/(.)\1/g, "$1");
}

// «no me gustó» and «no le gustó» are one thing said by two people; so are «abrir tienda» and «abrir la tienda».
export const LINKS = /^(?:me|te|se|nos|l[aeo]s?|el|una?s?|unos)$/;

// What turns a danger round: «recuerda su nombre» is none.
export const NOT = /^(?:no|ni|sin|nunca)$/;

// «mi compañero se cortó» and «mi compañero cortó la llamada» are two things.
export const SELF = /^se$/;
