/* What the search knows of a language that has no module of its own here: nothing. A word is its own stem and sounds
 * as it is written; words that begin alike for most of their length are taken for its forms in any language.
 *
 * The build gives a site the module of its playbook's language as `search-language.js`. Each has these four, for
 * words without accents in small letters:
 *   stemsOf(word)  two stems: without plurals, genders and infinitives; without all endings of verbs, too
 *   soundOf(word)  what is confused in writing made the same
 *   LINKS          the small words that part two others without changing what they say: «abrir (la) tienda»
 *   NOT            the words that say that something is not so
 */

export const stemsOf = (word) => [word, word];
export const soundOf = (word) => word;
export const LINKS = /(?!)/;
export const NOT = /(?!)/;

// What tells that somebody does it to themselves, and not to another thing: «se cortó» is no «cortó».
export const SELF = /^$/;
