/* From a result to what is shown of it: the sentence with most of the query, where it stands, and where it is cut. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { excerptOf } = await import(`file://${process.env.SCRIPTS}/search-excerpt.js`);

/** A hit on a page, at the places of its words. */
function hit(content, locations, { share = 1, anchors = [], url = "/a/" } = {}) {
  return { share, data: async () => ({ content, locations, anchors, meta: { url } }) };
}

const excerpt = (...hits) => excerptOf({ hits });
const marked = ({ pieces }) => pieces.map(({ text, matched }) => (matched ? `[${text}]` : text)).join("");

test("the sentence that holds most of the query is shown, its words marked", async () => {
  const found = await excerpt(hit("Saluda. Mira al cliente y sonríe. Sonríe.", [5, 2]));
  assert.equal(marked(found), "Mira [al] cliente y [sonríe]. ");
  assert.deepEqual([found.address, found.section, found.passage], ["/a/", "", "Mira al cliente y sonríe."]);
});

test("of sentences that hold as much, the first is shown; a rarer word weighs more", async () => {
  const text = "Uno dos. Tres dos. Dos cuatro.";
  assert.equal((await excerpt(hit(text, [1, 3]))).passage, "Uno dos.");
  assert.equal((await excerpt(hit(text, [1, 3], { share: 0.2 }), hit(text, [5], { share: 0.7 }))).passage, "Dos cuatro.");
  assert.equal((await excerpt(hit(text, [3], { share: 0.5 }), hit(text, [3], { share: 0.2 }), hit(text, [1], { share: 0.4 }))).passage, "Tres dos.");
  assert.equal((await excerpt(hit(text, []))).passage, "Uno dos.");
});

test("sentences end at points, questions, colons and what closes them, and at the end", async () => {
  for (const end of [".", "!", "?", "…", ":", '."', ".»", "?)"]) assert.equal((await excerpt(hit(`Uno dos${end} Tres`, [2]))).passage, "Tres", end);
  assert.equal((await excerpt(hit("Uno, dos; tres", [2]))).passage, "Uno, dos; tres");
});

test("headings are no sentences, and name the section", async () => {
  const anchors = [{ location: 2, text: "Qué hacer", id: "hacer" }, { location: 6, text: "Fin", id: "fin" }];
  const text = "Antes dicho Qué hacer Saluda ahora Fin Mira bien.";
  const found = await excerpt(hit(text, [5], { anchors }));
  assert.deepEqual([found.passage, found.section, found.address], ["Saluda ahora", "Qué hacer", "/a/#hacer"]);
  assert.deepEqual([(await excerpt(hit(text, [8], { anchors }))).section, (await excerpt(hit(text, [0], { anchors }))).address], ["Fin", "/a/"]);
  assert.equal((await excerpt(hit(text, [0], { anchors }))).passage, "Antes dicho");
  assert.equal((await excerpt(hit("Título Saluda", [0], { anchors: [{ location: 0, text: "Título", id: "t" }] }))).address, "/a/#t");
  assert.equal((await excerpt(hit(text, [5], { anchors, url: "/a/#term" }))).address, "/a/#term");
});

test("a page of headings alone shows its words", async () => {
  const found = await excerpt(hit("Qué hacer", [0], { anchors: [{ location: 0, text: "Qué hacer", id: "h" }] }));
  assert.deepEqual([found.passage, found.section], ["Qué hacer", "Qué hacer"]);
});

const numbered = (count) => Array.from({ length: count }, (_, i) => `w${i}`).join(" ");

test("a long sentence is cut around its first match", async () => {
  assert.equal(marked(await excerpt(hit(numbered(36), [0]))).includes("…"), false);
  const start = marked(await excerpt(hit(numbered(37), [3])));
  assert.ok(start.startsWith("w0 ") && start.endsWith("w35 …"), start);
  const middle = marked(await excerpt(hit(numbered(100), [60, 50])));
  assert.ok(middle.startsWith("… w42 ") && middle.endsWith("w77 …") && middle.includes("[w50] "), middle);
  const end = marked(await excerpt(hit(numbered(100), [98])));
  assert.ok(end.startsWith("… w64 ") && end.endsWith("[w98] w99 "), end);
  const after = marked(await excerpt(hit(`Uno. ${numbered(100)}. Dos tres.`, [0, 61, 63, 102])));
  assert.ok(after.startsWith("… w52 "), after);
  assert.equal((await excerpt(hit(numbered(100), [60]))).passage, numbered(36));
});

test("marks stand on words alone, what matches in a row is one piece by itself", async () => {
  const found = await excerpt(hit("«Saluda» (siempre) a todos.", [0, 1]));
  assert.equal(marked(found), "«[Saluda]» ([siempre]) a todos. ");
});
