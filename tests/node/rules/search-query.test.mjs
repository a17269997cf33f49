/* From what somebody typed to ranked results: codes, words that say nothing, slips, forms, order. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { Finder, Vocabulary, codesIn, fold, joinedIn, phrasesOf, termsOf } = await import(
  `file://${process.env.SCRIPTS}/search-query.js`
);
const [ES, EN, PT, PLAIN] = await Promise.all(
  ["es", "en", "pt", "plain"].map((name) => import(`file://${process.env.SCRIPTS}/languages/${name}.js`)),
);

test("text is folded to small letters without accents", () => {
  assert.equal(fold("ATENCIÓN al Niño, pingüino"), "atencion al nino, pinguino");
  assert.equal(fold("Œuvres, un nœud"), "oeuvres, un noeud");
  assert.equal(fold("o\ufb01cina de tra\ufb03co"), "oficina de traffico"); // as copied from a PDF
  assert.equal(fold("C++ y C#, 5+ y 24/7"), "cplusplus y csharp, 5+ y 24/7");
});

const CODES = new Set(["12z", "ext7z", "int12z", "v2x1x3z", "extz", "a1bz"]);
for (const [query, named, rest] of [
  ["EXT-07", ["ext7z"], " "],
  ["ext 7", ["ext7z"], " "],
  ["ext007", ["ext7z"], " "],
  ["EXT–7", ["ext7z"], " "],
  ["EXT-07.saludo", ["ext7z"], " .saludo"],
  ["estándar EXT-07", ["ext7z"], "estandar  "],
  ["ext/7, INT_12", ["ext7z", "int12z"], " ,  "],
  ["qué pide ext 7 de noche", ["ext7z"], "que pide   de noche"],
  ["v2.1.3", ["v2x1x3z"], " "],
  ["v2.1", [], "v2.1"],
  ["v213", [], "v213"],
  ["ext, 7", ["extz"], " , 7"], // a comma parts
  ["ext", ["extz"], " "], // the longest code that there is
  ["ext 7 ext-07", ["ext7z"], "   "], // each once: the second stands right beside the first
  ["a1b", ["a1bz"], " "],
  ["INT-12", ["int12z"], " "], // no part of a code is another
  ["12 INT-12", ["12z", "int12z"], "   "],
  ["24 horas", [], "24 horas"],
  ["ext 70", ["extz"], "  70"],
  ["", [], ""],
]) {
  test(`codes in «${query}»`, () => assert.deepEqual(codesIn(query, CODES), { named, rest }));
}

const STOP = new Set(["que", "hago", "con", "una", "la", "el", "no", "se"]);
for (const [query, terms] of [
  ["¿Qué hago con una QUEJA?", ["queja"]],
  ["queja queja Quejá", ["queja"]],
  ["ir a la sal", ["sal"]], // two letters tell nothing, three do
  ["qué hago", ["que", "hago"]], // all of them where none tells
  ["wi-fi", ["wi", "fi"]],
  ["  ", []],
]) {
  test(`terms of «${query}»`, () => assert.deepEqual(termsOf(query, STOP), terms));
}

test("phrases are found as whole words, each as one word", () => {
  assert.deepEqual(phrasesOf("¿Por qué NO se  puede?", ["no se puede", "se puede", "por que n", "que no"]), ["nosepuede", "sepuede", "queno"]);
});

test("two words, or the parts of one, are joined where the playbook has them so, and not into a form of the first", () => {
  const known = new Set(["wifi", "autoservicio", "email", "llamara"]);
  const joined = (query) => joinedIn(query, known, ES);
  assert.deepEqual(joined("wi-fi"), ["wifi"]);
  assert.deepEqual(joined("el wi fi, el Wi‑Fi"), ["wifi"]);
  assert.deepEqual(joined("auto servicio por e-mail"), ["email", "autoservicio"]);
  assert.deepEqual(joined("fi wi"), []);
  assert.deepEqual(joined("cómo llamar a alguien"), []);
});

/** Words as the index writes them: the letters shared with the one before, and the rest. */
function coded(words) {
  let last = "";
  return words
    .map((word) => {
      let shared = 0;
      while (shared < last.length && last[shared] === word[shared]) shared++;
      last = word;
      return `${shared || ""}${word.slice(shared)}`;
    })
    .join(" ");
}

const WORDS = [
  "abrir", "atender", "caja", "cajas", "cliente", "cobrar", "cocina", "despedida", "devolucion", "enojado", "estandar", "exigir",
  "garantia", "gritar", "hablar", "huesped", "pagar", "personal", "promesa", "prometer", "queja", "quejas", "reembolso",
  "reservacion", "sala", "saludo", "servicio", "sonrisa", "telefono", "turno", "venta", "ventana", "vino", "zapato", "zorro",
];
const vocabulary = new Vocabulary(coded(WORDS), ES);
const variants = (term, joined) => vocabulary.variants(term, joined).map(({ word, weight, corrected }) => [word, weight, Boolean(corrected)]);

test("the words come back as they were put in", () => assert.deepEqual(vocabulary.words, WORDS));

for (const [term, expected] of [
  ["queja", [["queja", 1, false]]], // known
  ["telefono", [["telefono", 1, false]]],
  ["sa", [["sa", 1, false]]], // too short to be taken for another
  ["24h", [["24h", 1, false]]], // a number is itself
  // Another form: the same stem.
  ["cobro", [["cobrar", 0.95, false]]],
  ["cobraron", [["cobrar", 0.95, false]]],
  ["saludando", [["saludo", 0.95, false]]],
  ["gritan", [["gritar", 0.95, false]]],
  ["vendo", []], // two letters away, in a short word
  ["enojada", [["enojado", 0.95, false]]],
  ["atiende", [["atender", 0.95, false]]],
  ["exijo", [["exigir", 0.85, true]]],
  ["prometieron", [["prometer", 0.95, false]]],
  ["prometerles", [["prometer", 0.95, false]]],
  // It sounds like one.
  ["kliente", [["cliente", 0.85, true]]],
  ["zervicio", [["servicio", 0.85, true]]],
  ["benta", [["venta", 0.85, true]]],
  ["sapato", [["zapato", 0.85, true]]],
  ["guesped", [["huesped", 0.75, true]]],
  ["kobraron", [["cobrar", 0.85, true]]],
  // A slip of the finger, two in a long word; in a short one, or at the start, one.
  ["telefomo", [["telefono", 0.85, true]]], // it begins alike for most of its length
  ["teelfono", [["telefono", 0.85, true]]],
  ["reservcin", [["reservacion", 0.55, true]]],
  ["reemvolzo", [["reembolso", 0.85, true]]],
  ["sonrsia", [["sonrisa", 0.85, true]]],
  ["tirno", [["turno", 0.75, true]]],
  ["rurno", [["turno", 0.75, true]]],
  ["tirmo", []],
  ["xyz", []],
  // It has hardly begun, or has begun.
  ["tel", [["telefono", 0.6, false]]],
  ["tele", [["telefono", 1, false]]],
  ["quej", [["queja", 0.95, false], ["quejas", 0.95, false], ["queja", 1, false]]],
  ["prom", [["promesa", 1, false], ["prometer", 1, false]]],
  ["ven", [["venta", 0.6, false], ["ventana", 0.6, false]]], // one of each stem
  // Forms that begin alike.
  ["personalidad", [["personal", 0.85, true]]],
]) {
  test(`«${term}» is looked up as`, () => assert.deepEqual(variants(term), expected));
}

/** What a word is taken for where the playbook has so few. */
const amid = (words, term, rules = ES) => new Vocabulary(coded(words), rules).variants(term).map(({ word, weight, corrected }) => [word, weight, Boolean(corrected)]);

for (const [typed, word] of [
  ["ospital", "hospital"],
  ["conprar", "comprar"],
  ["zobrina", "sobrina"],
  ["serbilleta", "cervilleta"],
  ["assistir", "asistir"],
  ["tasi", "taxi"],
  ["kiosco", "quiosco"],
  ["kaja", "caja"],
  ["kuorum", "quorum"],
  ["wapo", "guapo"],
  ["baca", "vaca"],
  ["yave", "llave"],
  ["jitarra", "guitarra"],
  ["jente", "gente"],
  ["aroz", "arroz"],
]) {
  test(`«${typed}» sounds like «${word}»`, () => assert.deepEqual(amid([word], typed), [[word, 0.85, true]]));
}

for (const [form, word] of [
  ["cuenta", "contar"],
  ["cuelguen", "colgar"],
  ["piense", "pensar"],
  ["busquen", "buscar"],
  ["empiece", "empezar"],
  ["paguen", "pagar"],
  ["despidan", "despedir"],
  ["sirvan", "servir"],
  ["llamandome", "llamar"],
  ["llamarles", "llamar"],
  ["pedirlo", "pedir"],
  ["cerraban", "cerrar"],
  ["cerramos", "cerrar"],
  ["prefirieron", "preferir"],
  ["vendidas", "vender"],
  ["caros", "caro"],
]) {
  test(`«${form}» is a form of «${word}»`, () => assert.deepEqual(amid([word], form), [[word, 0.95, false]]));
}

test("what is nearest stands in alone: the stem, then the sound, then a short stem, the start, slips", () => {
  assert.deepEqual(amid(["caso", "caza"], "casa"), [["caza", 0.85, true]]);
  assert.deepEqual(amid(["cerrar"], "zerrar"), [["cerrar", 0.85, true]]);
  assert.deepEqual(amid(["balcon", "val"], "bal"), [["val", 0.85, true]]); // of three letters it may be whole
  assert.deepEqual(amid(["ay"], "hay"), []); // two sounds tell nothing
  assert.deepEqual(amid(["turno"], "tunxo"), []); // two slips, no swap
  assert.deepEqual(amid(["turno"], "tuxro"), []);
  assert.deepEqual(amid(["turno"], "trunxo"), []); // a swap and one too many
  assert.deepEqual(amid(["recall", "reclamo"], "recalmo"), [["reclamo", 0.85, true]]); // a swap before the start
  assert.deepEqual(amid(["recalar", "reclama"], "recalmo"), [["recalar", 0.85, true]]); // a swap and another letter
  assert.deepEqual(amid(["turno"], "turon"), [["turno", 0.85, true]]);
  assert.deepEqual(amid(["turno"], "utrno"), [["turno", 0.75, true]]); // a swap at the start
  assert.deepEqual(amid(["banco", "cargo", "largo", "marco"], "xarco"), [["marco", 0.75, true]]);
  assert.deepEqual(amid(["lado", "lago", "laso", "lavo"], "lafo").length, 3);
});

const FORMS = {
  en: [EN, [
    ["complaints", "complaint"], ["complaining", "complain"], ["enquiries", "enquiry"], ["boxes", "box"], ["queues", "queue"],
    ["greeted", "greet"], ["greeting", "greet"], ["stopped", "stop"], ["apologised", "apologise"], ["apologising", "apologise"],
    ["replied", "reply"], ["politely", "polite"], ["shipments", "ship"], ["agreements", "agree"], ["cancellation", "cancel"], ["waiter", "waiting"],
  ]],
  pt: [PT, [
    ["reclamacoes", "reclamacao"], ["clientes", "cliente"], ["atendendo", "atender"], ["atenderam", "atender"], ["pagou", "pagar"],
    ["atendemos", "atender"], ["abriu", "abrir"], ["irritada", "irritado"], ["finais", "final"], ["moveis", "movel"], ["ordens", "ordem"],
    ["vezes", "vez"], ["senhores", "senhor"], ["fique", "ficar"], ["gritava", "gritar"],
  ]],
};
for (const [language, [rules, pairs]] of Object.entries(FORMS)) {
  for (const [form, word] of pairs) {
    test(`«${form}» is a form of «${word}» in ${language}`, () => assert.deepEqual(amid([word], form, rules), [[word, 0.95, false]]));
  }
}

for (const [rules, typed, word] of [
  [EN, "fone", "phone"], [EN, "nite", "nighte"], [EN, "recieve", "receive"], [EN, "rist", "wrist"], [EN, "nock", "knock"],
  [EN, "colur", "colour"], [EN, "ofice", "office"], [EN, "wich", "which"], [EN, "shedule", "schedule"],
  [PT, "xave", "chave"], [PT, "ospital", "hospital"], [PT, "asucar", "acucar"], [PT, "jente", "gente"], [PT, "brasiu", "brasil"],
  [PT, "kilo", "quilo"], [PT, "canpo", "campo"], [PT, "familha", "familia"],
]) {
  test(`«${typed}» is taken for «${word}» in its language`, () => assert.equal(amid([word], typed, rules)[0]?.[0], word));
}

test("no rule of one language is applied to another", () => {
  // Without its h and with its c as k, «chest» would sound like «guest».
  assert.deepEqual(amid(["guest", "next"], "chest", EN), []);
  assert.notDeepEqual(amid(["guest", "next"], "chest", ES), []);
  assert.deepEqual(amid(["vaca"], "baca", PT).map(([, weight]) => weight), [0.75]); // b and v are no one sound
  assert.deepEqual(amid(["cobrar"], "cobro", PLAIN), []);
  assert.deepEqual(amid(["phone"], "fone", PLAIN), []);
  assert.deepEqual(amid(["telefono"], "telefonos", PLAIN), [["telefono", 0.85, true]]); // it begins alike, in any language
});

test("a word that the playbook has as two is looked up as two, unless it is a form of another", async () => {
  const one = new Finder(
    indexOf({ a: { hits: { hand: 5, over: 5 } } }),
    { words: coded(["hand", "over", "rover"]), stop_words: "the", phrases: [], codes: "", urgent: [] },
    EN,
  );
  assert.deepEqual(await found(one, "handover"), ["a"]);
  assert.deepEqual((await one.find("handover")).corrected, []);
  assert.deepEqual(new Vocabulary(coded(["hand", "over"]), EN).partsOf("handoverx"), []);
  assert.deepEqual(new Vocabulary(coded(["hand", "man"]), EN).partsOf("handman"), []); // too short to be sure of
});

test("a page is read word for word once, however often it is found", async () => {
  let read = 0;
  const stemsOf = (word) => { read++; return ES.stemsOf(word); };
  const index = indexOf({ a: { hits: { queja: 5, caja: 5 }, title: "Quejas", said: "Atender una queja en la caja." } });
  const language = { words: coded(WORDS), stop_words: "en la una", phrases: [], codes: "", urgent: [] };
  const one = new Finder(index, language, { ...ES, stemsOf });
  const [first] = (await one.find("queja en caja")).results;
  const before = read;
  const [again] = (await one.find("queja en caja")).results;
  assert.equal(read, before);
  assert.equal(again.score, first.score);
});

test("a part of a joined word is no word by itself, unless the playbook has it", () => {
  assert.deepEqual(variants("sonr", ["sonrtel"]), []);
  assert.deepEqual(variants("tel", ["sonrtel"]), []);
  assert.deepEqual(variants("sala", ["salatel"]), [["sala", 1, false]]);
  assert.notDeepEqual(variants("telef", ["sonrtel"]), []);
});

/** An index that holds pages as `id: {hits: {word: how much it weighs}}`, with what is kept of a page. */
function indexOf(pages) {
  return {
    pages: { length: 100 },
    pagesWith: async (word) => Object.entries(pages).filter(([, { hits }]) => hits[word]).map(([id, { hits }]) => [id, hits[word]]),
    page: async (id) => {
      const { hits, title = "", words = [], synonyms = [], dangers = [], kind = "", lead = [], said } = pages[id];
      // A page says what it is found by, each word in a sentence of its own.
      const sections = [["", "", lead], ["do", "", [said ?? Object.keys(hits).join(". ")]]];
      return { title, words, synonyms, dangers, kind, sections };
    },
  };
}

function finder(pages, language = {}) {
  const told = { words: coded(WORDS), stop_words: "que la el no se hace decir me esta", phrases: [], codes: "ext7z 3.8z", urgent: [] };
  return new Finder(indexOf(pages), { ...told, ...language }, ES);
}

const found = async (one, query, wanted) => (await one.find(query, wanted)).results.map(({ id }) => id);

test("a page with all of the words comes before one with a part of them", async () => {
  const one = finder({ part: { hits: { queja: 10 } }, both: { hits: { queja: 8, telefono: 8 } }, none: { hits: { sala: 9 } } });
  assert.deepEqual(await found(one, "queja por teléfono"), ["both", "part"]);
});

test("a rare word tells more than a common one", async () => {
  const pages = { rare: { hits: { telefono: 5 } } };
  for (const name of "abcdefghij") pages[name] = { hits: { queja: 5 } };
  assert.equal((await found(finder(pages), "queja telefono"))[0], "rare");
});

test("of pages that are as good, the first id comes first; what is not wanted is left out", async () => {
  const one = finder({ b: { hits: { queja: 5 } }, a: { hits: { queja: 5 } }, c: { hits: { queja: 5 } } });
  assert.deepEqual(await found(one, "queja"), ["a", "b", "c"]);
  assert.deepEqual(await found(one, "queja", (id) => id !== "b"), ["a", "c"]);
});

test("pages that hold next to nothing are not shown", async () => {
  const one = finder({ best: { hits: { queja: 100 } }, faint: { hits: { queja: 4 } }, weak: { hits: { queja: 6 } } });
  assert.deepEqual(await found(one, "queja"), ["best", "weak"]);
});

test("how well a page says a word is measured by the page that says it best", async () => {
  const { results } = await finder({ a: { hits: { queja: 256 } }, b: { hits: { queja: 81 } } }).find("queja");
  const wanted = [256 / 16, 81 / 16];
  assert.ok(results.every(({ score }, place) => Math.abs(score - wanted[place]) < 1e-9), JSON.stringify(results));
});

test("a page with a part of the query counts by its part, a code and a phrase as a word", async () => {
  const near = (score, wanted) => assert.ok(Math.abs(score - wanted) < 1e-9, `${score} for ${wanted}`);
  const scores = async (query, pages, language) => (await finder(pages, language).find(query)).results.map(({ score }) => score);
  const [one] = await scores("queja telefono", { a: { hits: { queja: 16 } }, b: { hits: { telefono: 1 } } });
  near(one, 4 * 0.5 * 0.5 ** 0.75);
  near((await scores("ext 7", { a: { hits: { ext7z: 16 } } }))[0], 4);
  near((await scores("no se puede", { a: { hits: { nosepuede: 16 } } }, { phrases: ["no se puede"], stop_words: "no se puede" }))[0], 4);
  near((await scores("cobro", { a: { hits: { cobrar: 16 } } }))[0], (16 * 0.95) ** 0.5);
  // A word of ten pages among a hundred tells less than one of a single page: by the root of the logarithm.
  const pages = { rare: { hits: { telefono: 1 } } };
  for (const name of "abcdefghij") pages[name] = { hits: { queja: 1 } };
  const [rare, common] = [Math.log(101) ** 0.5, Math.log(11) ** 0.5];
  near((await scores("queja telefono", pages))[0], (rare / (rare + common)) ** 1.75);
});

test("what a code names comes first, in the order of the query, whatever the rest finds", async () => {
  const pages = {
    seven: { hits: { ext7z: 1 } },
    eight: { hits: { ext8z: 1 } },
    names: { hits: { ext7z: 0.5, queja: 50 } },
    other: { hits: { queja: 90 } },
  };
  assert.deepEqual((await found(finder(pages), "EXT-08 ext 7 queja")).slice(0, 2), ["eight", "seven"]);
  assert.deepEqual(await found(finder(pages), "queja"), ["other", "names"]);
});

test("a word that the playbook lacks is told, one that is a form of its own is not", async () => {
  const one = finder({ a: { hits: { telefono: 5, cobrar: 3 } } });
  assert.deepEqual((await one.find("telefomo cobro")).corrected, ["telefono"]);
});

test("small words that are spelled wrong say as little as they do spelled right", async () => {
  const one = finder({ a: { hits: { queja: 5 } } });
  assert.deepEqual((await one.find("que se ase desir queja")).corrected, []);
});

test("words side by side in a title, or the first lines, raise a page", async () => {
  const pages = (more) => ({ a: { hits: { queja: 5, telefono: 5 }, title: "Telefono y queja" }, z: { hits: { queja: 5, telefono: 5 }, ...more } });
  assert.deepEqual(await found(finder(pages({ title: "La queja la telefono" })), "queja telefono"), ["z", "a"]);
  assert.deepEqual(await found(finder(pages({ words: ["sala", "quejas telefonos"] })), "queja telefono"), ["z", "a"]);
  assert.deepEqual(await found(finder(pages({ words: ["queja", "telefono"] })), "queja telefono"), ["a", "z"]);
  const lead = { lead: ["Una queja telefono aquí"] };
  assert.deepEqual(await found(finder(pages(lead)), "queja telefono"), ["z", "a"]);
  assert.deepEqual(await found(finder(pages({ title: "Una sala queja telefono cliente" })), "caja queja telefono turno"), ["z", "a"]);
  // Of words that say nothing, it takes three.
  assert.deepEqual(await found(finder(pages({ title: "Que no se" })), "que no se queja telefono"), ["z", "a"]);
  assert.deepEqual(await found(finder(pages({ title: "Que no" })), "que no queja telefono"), ["a", "z"]);
  // Later on the page they raise it too, by less, and not across two sentences.
  const late = (text) => ({ said: text });
  assert.deepEqual(await found(finder(pages(late("Una sala aquí queja telefono"))), "queja telefono"), ["z", "a"]);
  assert.deepEqual(await found(finder(pages(late("Una sala aquí queja. Telefono"))), "queja telefono"), ["a", "z"]);
  const both = { z: { hits: { queja: 5, telefono: 5 }, title: "Queja telefono" }, a: { hits: { queja: 5, telefono: 5 }, ...late("Una sala aquí queja telefono") } };
  assert.deepEqual(await found(finder(both), "queja telefono"), ["z", "a"]);
});

test("whom or where it happens to tells less than what happens", async () => {
  const pages = { a: { hits: { cliente: 6 } }, z: { hits: { queja: 5 } } };
  assert.deepEqual(await found(finder(pages), "queja cliente"), ["a", "z"]);
  assert.deepEqual(await found(finder(pages, { sector_words: "clientes paciente" }), "queja cliente"), ["z", "a"]);
});

test("of a word with a hyphen that the playbook has whole, the parts say something else", async () => {
  const pages = { a: { hits: { auto: 50, servicio: 50 } }, z: { hits: { autoservicio: 5 } } };
  const one = () => finder(pages, { words: coded(["auto", "autoservicio", "servicio"]) });
  assert.deepEqual(await found(one(), "auto-servicio"), ["z"]);
  assert.equal((await found(one(), "auto servicio"))[0], "a");
  assert.deepEqual(await found(one(), "auto-queja servicio"), ["a"]);
});

test("what has hardly anything of the query is nothing like it, though it is the nearest", async () => {
  const pages = { a: { hits: { queja: 5 } }, b: { hits: { queja: 4 } } };
  const about = async (query, more) => (await finder(pages, more).find(query)).vague;
  assert.equal(await about("queja"), false);
  assert.equal(await about("queja xqzxqz"), false);
  assert.equal(await about("queja xqzxqz wkwkwk vbvbvb"), true);
  assert.equal(await about("ext-07 xqzxqz wkwkwk vbvbvb"), false);
  assert.equal(await about("xqzxqz"), false); // there is none
});

test("a letter alone begins too much to be looked up", async () => {
  assert.deepEqual(await found(finder({ a: { hits: { c: 5 } } }), "C"), []);
  assert.deepEqual(termsOf("fila 7 o b", STOP), ["fila"]);
  assert.deepEqual(termsOf("7", STOP), ["7"]);
});

test("what is urgent is raised where one of its words is said whole, not where a part is", async () => {
  const pages = {
    calm: { hits: { hablar: 20, gritar: 20 }, title: "Hablar" },
    urgent: { hits: { hablar: 5, gritar: 5 }, title: "Sala", words: ["el cliente grita", "huesped"] },
  };
  const one = () => finder(pages, { urgent: ["urgent"] });
  assert.deepEqual(await found(one(), "gritar hablar"), ["calm", "urgent"]);
  assert.deepEqual(await found(one(), "el cliente esta gritando hablar"), ["urgent", "calm"]);
  assert.deepEqual(await found(finder(pages), "el cliente esta gritando hablar"), ["calm", "urgent"]);
});

test("what is urgent comes first and hides nothing", async () => {
  const pages = {
    urgent: { hits: { gritar: 10 }, title: "Sala", words: ["el cliente grita"] },
    calm: { hits: { gritar: 5 }, title: "Hablar" },
  };
  assert.deepEqual(await found(finder(pages), "el cliente grita"), ["urgent", "calm"]);
  assert.deepEqual(await found(finder(pages, { urgent: ["urgent"] }), "el cliente grita"), ["urgent", "calm"]);
});

test("a danger that is said comes before all else, however faint; one that is denied does not", async () => {
  const pages = {
    other: { hits: { hablar: 100, cocina: 100 }, title: "Hablar" },
    urgent: { hits: { cocina: 0.1, personal: 0.0001 }, title: "Sala", dangers: ["no habla el personal", "cocina"] },
  };
  const one = () => finder(pages, { urgent: ["urgent"] });
  assert.deepEqual(await found(one(), "hablar en la cocina"), ["urgent", "other"]);
  assert.deepEqual(await found(one(), "no habla el personal"), ["urgent", "other"]);
  assert.deepEqual(await found(one(), "el personal habla"), ["other"]);
});

test("a danger of several words is said in their order, and with nothing else between them", async () => {
  const pages = (dangers) => ({ other: { hits: { sala: 100 }, title: "Sala" }, urgent: { hits: { sala: 0.1 }, title: "Otra", dangers: [dangers] } });
  const first = async (query, dangers) => (await found(finder(pages(dangers), { urgent: ["urgent"] }), `sala ${query}`))[0];
  assert.equal(await first("cortaron la mano", "cortó mano"), "urgent");
  assert.equal(await first("se cortó la llamada con la mano", "cortó mano"), "other");
  assert.equal(await first("a mano cortó", "cortó mano"), "other");
  // Unless it is said to whom.
  assert.equal(await first("la mano se cortó", "cortó mano"), "urgent");
  assert.equal(await first("la mano se la llevó y cortó", "cortó mano"), "other");
  assert.equal(await first("el pie de la mano se cortó", "cortó mano pie"), "other");
  assert.equal(await first("corta; se cortó la mano", "cortó mano"), "urgent"); // the first is not the one
  // What somebody does to themselves is another thing than what they do.
  assert.equal(await first("mi hermano se cortó", "hermano se cortó"), "urgent");
  assert.equal(await first("mi hermano cortó", "hermano se cortó"), "other");
  // The small words at its end are said, and those of one that has a telling word alone.
  assert.equal(await first("sale decir la verdad", "sale verdad decir"), "other");
  assert.equal(await first("sale la verdad; decir", "sale verdad decir"), "urgent");
  assert.equal(await first("se hace una navaja", "hace navaja"), "urgent");
  assert.equal(await first("una navaja", "hace navaja"), "other");
});

test("an urgent page's own words are said as they stand, one alone in any form that is long enough to be one", async () => {
  const pages = (words) => ({ other: { hits: { sala: 10 }, title: "Sala" }, urgent: { hits: { sala: 5 }, title: "Otra", words: [words] } });
  const first = async (query, words) => (await found(finder(pages(words), { urgent: ["urgent"] }), `sala ${query}`))[0];
  assert.equal(await first("me gritaron", "grita"), "urgent");
  assert.equal(await first("la mama", "mamón"), "other");
  assert.equal(await first("el mamón", "mamón"), "urgent");
  assert.equal(await first("le grita", "me grita"), "urgent");
  assert.equal(await first("hay que gritar", "me grita"), "other");
});

test("a word is found in all of its forms, and not where it only begins another", async () => {
  const words = coded(["cobrado", "cobraron", "cobrar", "cobre", "gas", "gasta"]);
  const pages = { a: { hits: { cobraron: 8, cobrar: 4 } }, b: { hits: { cobrar: 8 } }, c: { hits: { gasta: 9 } }, z: { hits: { gas: 5 } } };
  const one = finder(pages, { words });
  const { results } = await one.find("cobrar");
  assert.deepEqual(results.map(({ id, hits }) => [id, hits[0].words]), [["a", ["cobrar", "cobraron"]], ["b", ["cobrar"]]]);
  assert.deepEqual(await found(one, "gas"), ["z"]);
});

test("a form counts for less than the word itself, one that is less surely a form for less still", async () => {
  const forms = (word, ...words) => new Vocabulary(coded([word, ...words].sort()), { ...ES, stopWords: new Set(["cobre"]) }).formsOf(word);
  assert.deepEqual(forms("cobrar", "cobro", "cobraron", "cobre", "comer"), [
    { word: "cobrar", weight: 1 },
    { word: "cobro", weight: 0.95 },
    { word: "cobraron", weight: 0.8 },
  ]);
  assert.deepEqual(forms("voz", "voces"), [{ word: "voz", weight: 1 }, { word: "voces", weight: 0.95 }]);
  assert.deepEqual(new Vocabulary("gas", ES).formsOf("otro"), [{ word: "otro", weight: 1 }]);
  // In a language of which nothing is known, and in any, what begins alike.
  const plain = new Vocabulary(coded(["client", "clientes", "clin", "clinique"]), { ...PLAIN, stopWords: new Set() });
  assert.deepEqual(plain.formsOf("client"), [{ word: "client", weight: 1 }, { word: "clientes", weight: 0.5 }]);
});

test("what says again what others ask counts for less, if its kind is one of those", async () => {
  const pages = { a: { hits: { queja: 6 }, kind: "list" }, z: { hits: { queja: 5 }, kind: "standard" } };
  assert.deepEqual(await found(finder(pages), "queja"), ["a", "z"]);
  assert.deepEqual(await found(finder(pages, { asides: ["list"] }), "queja"), ["z", "a"]);
  assert.deepEqual(await found(finder(pages, { asides: ["standard"] }), "queja"), ["a", "z"]);
});

test("a danger is heard however it is spelled, if it sounds the same", async () => {
  const pages = {
    other: { hits: { telefono: 100, gritar: 100 }, title: "Hablar" },
    urgent: { hits: { gritar: 1 }, title: "Sala", dangers: ["gritar"] },
  };
  const one = () => finder(pages, { urgent: ["urgent"] });
  assert.deepEqual(await found(one(), "telefono gritar"), ["urgent", "other"]);
  assert.deepEqual(await found(one(), "telefono gritarr"), ["urgent", "other"]);
  assert.deepEqual(await found(one(), "telefono fritar"), ["other"]); // it may be another word
});

test("a danger that no page is about is told, whatever else is found", async () => {
  const about = async (query, unmet) => (await finder({ a: { hits: { queja: 5, sala: 5 } } }, unmet && { unmet: coded(unmet) }).find(query)).vague;
  assert.equal(await about("queja en la sala", ["sala"]), true);
  assert.equal(await about("queja", ["sala"]), false);
  assert.equal(await about("queja en la sala"), false);
});

test("each term is looked up once", async () => {
  let count = 0;
  const one = finder({ a: { hits: { queja: 1 } } });
  const { pagesWith } = one.index;
  one.index.pagesWith = (word) => {
    count++;
    return pagesWith(word);
  };
  await one.find("queja");
  await one.find("queja");
  assert.equal(count, 2); // «quejas», too
});

test("nothing is found where nothing is", async () => {
  const none = { results: [], corrected: [], vague: false };
  const terms = [{ said: "queja", variants: [{ word: "queja", weight: 1 }], found: new Map() }];
  assert.deepEqual(await finder({}).find("queja"), { ...none, terms });
  assert.deepEqual(await finder({}).find(""), { ...none, terms: [] });
});
