/* Reads files as the forms do, changes them and writes them back: [{shape, text, set: [[path, value]…]}…] on standard input. */
import { readFileSync } from "node:fs";

const [, , admin] = process.argv;
const { parse, write } = await import(`file://${admin}/yaml.js`);
const shapes = JSON.parse(readFileSync(`${admin}/shapes.json`, "utf8"));

function put(data, path, value) {
  const [name, ...rest] = path;
  if (rest.length) put(data[name], rest, value);
  else if (name === "+") data.push(value);
  else if (value === null && Array.isArray(data)) data.splice(name, 1);
  else if (value === null) delete data[name];
  else data[name] = value;
}

function save({ shape, text, set = [] }) {
  /* What a form holds goes through its own kind of map, which keeps no more than JSON does. */
  const data = JSON.parse(JSON.stringify(parse(text, shapes[shape])));
  for (const [path, value] of set) put(data, path, value);
  return write(data, shapes[shape]);
}

const saved = JSON.parse(readFileSync(0, "utf8")).map((file) => {
  const began = performance.now();
  try {
    const written = save(file);
    const took = performance.now() - began;
    return took < 2000 ? written : { error: `${Math.round(took)} ms` };
  } catch (error) {
    return { error: error.stack };
  }
});
console.log(JSON.stringify(saved));
