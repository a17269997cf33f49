/** Files that are made here and saved by the reader. */

/** Lets the reader save a file. */
export function save(file) {
  const link = document.createElement("a");
  link.download = file.name;
  link.href = URL.createObjectURL(file);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Rows of cells as a table of CSV, apart by what the spreadsheets of a component's language expect. The mark at its
 * start tells them that the text is UTF-8.
 */
export function csvOf(rows, { dataset: { pbSeparator = "," } }) {
  return `\uFEFF${rows.map((cells) => cells.map(cell).join(pbSeparator)).join("\r\n")}\r\n`;
}

/** A cell of CSV; what a spreadsheet would take for a formula is kept as text. */
function cell(value) {
  const text = String(value);
  return `"${(/^[=+\-@＝＋－＠\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
