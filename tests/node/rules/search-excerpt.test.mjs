/* From a result to what is shown of it: the sentence with most of the query, where it stands, and where it is cut. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { excerptOf } = await import(`file://${process.env.SCRIPTS}/search-excerpt.js`);

/** What is shown of a page that says a text, for hits on words, each with how much of the query it is. */
function excerpt(said, hits, { url = "/a/" } = {}) {
  const sections = typeof said === "string" ? [["", "", [said]]] : said;
  const found = Object.entries(hits).map(([words, share]) => ({ words: words.split(" "), share }));
  return excerptOf({ hits: found }, { url, title: "Título", sections });
}

const marked = ({ pieces }) => pieces.map(({ text, matched }) => (matched ? `[${text}]` : text)).join("");

test("the sentence that holds most of the query is shown, its words marked in any form that was found", () => {
  const found = excerpt("Saluda. Mira al cliente y sonríe. Sonríe.", { "al cliente": 0.5, sonrie: 0.5 });
  assert.equal(marked(found), "Mira [al] [cliente] y [sonríe]. ");
  assert.deepEqual([found.address, found.section, found.passage], ["/a/", "", "Mira al cliente y sonríe."]);
  assert.equal(marked(excerpt("Da el Wi-Fi (gratis).", { wifi: 1 })), "Da el [Wi-Fi] (gratis). ");
  assert.equal(marked(excerpt("Da el Wi-Fi.", { fi: 1 })), "Da el [Wi-Fi]. ");
});

test("of sentences that hold as much, the first is shown; a rarer word weighs more", () => {
  const text = "Uno dos. Tres dos. Dos cuatro.";
  assert.equal(excerpt(text, { dos: 1 }).passage, "Uno dos.");
  assert.equal(excerpt(text, { uno: 0.2, cuatro: 0.7 }).passage, "Dos cuatro.");
  assert.equal(excerpt(text, { "uno cuatro": 0.2, cuatro: 0.3, tres: 0.25 }).passage, "Dos cuatro.");
  assert.equal(excerpt(text, {}).passage, "Uno dos.");
});

test("sentences end at points, questions, colons and what closes them, and at the end", () => {
  for (const end of [".", "!", "?", "…", ":", '."', ".»", "?)"]) assert.equal(excerpt(`Uno dos${end} Tres`, { tres: 1 }).passage, "Tres", end);
  assert.equal(excerpt("Uno, dos; tres", { tres: 1 }).passage, "Uno, dos; tres");
});

test("headings are no sentences, and name the section", () => {
  const sections = [["", "", ["Antes dicho"]], ["hacer", "Qué hacer", ["Saluda", "Ahora"]], ["fin", "Fin", ["Mira bien."]]];
  const found = excerpt(sections, { saluda: 1 });
  assert.deepEqual([found.passage, found.section, found.address], ["Saluda", "Qué hacer", "/a/#hacer"]);
  assert.deepEqual([excerpt(sections, { bien: 1 }).section, excerpt(sections, { antes: 1 }).address], ["Fin", "/a/"]);
  assert.equal(excerpt(sections, { hacer: 1 }).passage, "Antes dicho");
  assert.equal(excerpt(sections, { saluda: 1 }, { url: "/a/#term" }).address, "/a/#term");
});

test("a page that says nothing shows its title", () => {
  const found = excerpt([["h", "Qué hacer", []]], { titulo: 1 });
  assert.deepEqual([marked(found), found.section, found.address], ["[Título] ", "", "/a/"]);
});

const numbered = (count) => Array.from({ length: count }, (_, i) => `w${i}`).join(" ");

test("a long sentence is cut around its first match", () => {
  assert.equal(marked(excerpt(numbered(36), { w0: 1 })).includes("…"), false);
  const start = marked(excerpt(numbered(37), { w3: 1 }));
  assert.ok(start.startsWith("w0 ") && start.endsWith("w35 …"), start);
  const middle = marked(excerpt(numbered(100), { w60: 0.5, w50: 0.5 }));
  assert.ok(middle.startsWith("… w42 ") && middle.endsWith("w77 …") && middle.includes("[w50] "), middle);
  const end = marked(excerpt(numbered(100), { w98: 1 }));
  assert.ok(end.startsWith("… w64 ") && end.endsWith("[w98] w99 "), end);
  assert.equal(excerpt(numbered(100), { w60: 1 }).passage, numbered(36));
});

test("marks stand on words alone, what matches in a row is one piece by itself", () => {
  assert.equal(marked(excerpt("«Saluda» (siempre) a todos.", { "saluda siempre": 1 })), "«[Saluda]» ([siempre]) a todos. ");
});
