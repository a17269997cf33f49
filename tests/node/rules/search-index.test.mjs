/* The files of the search: which is asked for, and what it says. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { Index } = await import(`file://${process.env.SCRIPTS}/search-index.js`);

const FILES = {
  "words/one.json": { caja: [0, 40, 3, 8], constructor: [2, 1] },
  "words/two.json": { queja: [1, 16] },
  "pages/p1.json": { url: "a/" },
};
const CONTENTS = { files: [["caja", "one"], ["q", "two"]], pages: "p0 p1 p2 p3" };

/** An index over these files, and the addresses that were asked for. */
function made() {
  const asked = [];
  const read = async (address) => {
    asked.push(address);
    if (!FILES[address]) throw new TypeError(address);
    return FILES[address];
  };
  return { index: new Index(CONTENTS, read), asked };
}

test("the pages of a word are counted from the one before, each with its weight", async () => {
  const { index } = made();
  assert.deepEqual(await index.pagesWith("caja"), [[0, 40], [3, 8]]);
  assert.deepEqual(await index.pagesWith("queja"), [[1, 16]]);
  assert.equal(index.pages.length, 4);
});

test("a word that no file has is on no page, whatever it is called", async () => {
  const { index, asked } = made();
  for (const word of ["abrir", "cajas", "zorro", "toString", "__proto__"]) assert.deepEqual(await index.pagesWith(word), [], word);
  assert.deepEqual(await index.pagesWith("constructor"), [[2, 1]]);
  assert.deepEqual(asked, ["words/one.json", "words/two.json"]);
});

test("a file is asked for once; one that did not come is told", async () => {
  const { index, asked } = made();
  assert.deepEqual([await index.page(1), await index.page(1)], [{ url: "a/" }, { url: "a/" }]);
  await Promise.all(["caja", "caja", "constructor"].map((word) => index.pagesWith(word)));
  assert.deepEqual(asked, ["pages/p1.json", "words/one.json"]);
  await assert.rejects(index.page(2), TypeError);
});
