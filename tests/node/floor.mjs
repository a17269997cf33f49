/* Prints, of the files named, those that esbuild has to rewrite for the oldest browsers that the site is made for. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [packages, target, ...files] = process.argv.slice(2);
const { transformSync } = createRequire(`${packages}/`)("esbuild");
// All of these browsers know \\p{L} in a pattern; esbuild counts the letters that Unicode has added since.
const supported = { "regexp-unicode-property-escapes": true };

const problems = {};
for (const file of files) {
  const loader = file.endsWith(".css") ? "css" : "js";
  const form = (options) => transformSync(readFileSync(file, "utf8"), { loader, supported, logLevel: "silent", ...options }).code;
  try {
    const [old, now] = [form({ target: target.split(",") }), form({ target: "esnext" })].map((text) => text.split("\n"));
    const changed = old.filter((line) => !now.includes(line));
    if (changed.length) problems[file] = changed.slice(0, 3);
  } catch (error) {
    problems[file] = [String(error)];
  }
}
console.log(JSON.stringify(problems));
