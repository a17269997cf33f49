/* Which changes of a row's words are slips that were mended, and which ask for something else. */
import assert from "node:assert/strict";
import { test } from "node:test";

const { sameWording } = await import(`file://${process.env.SCRIPTS}/wording.js`);

const NUMBERS = ["tres", "trece", "seis"];
const same = (then, now, others = []) => sameWording(then, now, others, NUMBERS);

for (const [then, now, expected, others] of [
  ["Saludé a quien llegaba", "Saludé a quien llegaba", true],
  ["¿Saludé, al llegar?", "Saludé al llegar.", true], // punctuation
  ["SALUDÉ al llegar", "salude al llegar", true], // capitals and accents
  ["Sí, dí que sí", "Si, di que si", true], // in words too short for a slip
  ["Sí".normalize("NFD"), "Sí", true], // whichever way the accent was written
  ["Saludo al niño", "Saludo al niña", true], // a word with ñ is letters all through
  ["Saludé  al\tllegar ", "Saludé al llegar", true], // spaces
  ["**Saludé** _al_ llegar", "Saludé al llegar", true], // emphasis
  ["El año pasado", "El ano pasado", false], // ñ is a letter of its own, in a short word
  ["Esperó 1.5 minutos", "Esperó 15 minutos", false], // a point between digits tells
  ["Esperó 1.5 minutos", "Esperó 1,5 minutos", false],
  ["Abrió a las 8:30", "Abrió a las 830", false],
  ["Llegó a las 8.", "Llegó a las 8", true], // one after a digit does not
  ["Atendí a tres", "Atendí a trece", false],
  ["Atendí a quien", "Atendí a quien venía", false],
  ["Atendí a quien venía", "Atendí a quien", false],
  // One letter wrong, missing, too many, swapped: in words of four letters or more.
  ["Saludo al cliente", "Saluda al cliente", true],
  ["Saludo al clinte", "Saludo al cliente", true],
  ["Saludo al cliennte", "Saludo al cliente", true],
  ["Saludo al cleinte", "Saludo al cliente", true],
  ["Saludo al elciente", "Saludo al cliente", false],
  ["Saludo al cletine", "Saludo al cliente", false],
  ["Saludo al cleintas", "Saludo al cliente", false],
  ["Saludo al clientela", "Saludo al cliente", false],
  ["Saludo al cliente", "Saludo al clientela", false],
  ["Saludo al clabente", "Saludo al clbcente", false],
  ["Saludo al clabente", "Saludo al clcaente", false],
  ["Saludo al xliente", "Saludo al cliente", true],
  ["Saludo al clientx", "Saludo al cliente", true],
  ["Cerré la caja", "Cerré la cara", true],
  ["Cerré la sal", "Cerré la sala", false],
  ["Cerré la sala", "Cerré la sal", false],
  ["Cerré la luz", "Cerré la lus", false],
  // The words changed must be slips, each of them.
  ["Saludo al clinte nuevo", "Saludo al cliente viejo", false],
  // A word that other rows use is no slip.
  ["Saludo al cliento", "Saludo al cliente", true, ["Llamo al cliente"]],
  ["Cuento las camas", "Cuento las cajas", false, ["Tiendo las camas."]],
  ["Cuento las camas", "Cuento las cajas", true, ["Cierro las cajas."]],
  ["Espero seis", "Espero sein", false], // nor is one that names a number
  ["Espero sein", "Espero seis", false],
  ["Cuarto A12B", "Cuarto A13B", false], // nor a code
  ["Cuarto 1234", "Cuarto 1235", false],
]) {
  test(`${then} → ${now}${others ? ` beside ${others}` : ""}`, () => assert.equal(same(then, now, others), expected));
}
