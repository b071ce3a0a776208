// Compares two exports of tables: what each line owes, and the newest facts of each. Prints how many lines differ.
// `node compare.mjs FOLDER FOLDER`
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";

/** The rows of one table of an export. */
function rowsOf(folder, table) {
  const file = readdirSync(folder).find((name) => name.startsWith(`${table}.`));
  return Papa.parse(readFileSync(join(folder, file), "utf8"), {
    header: true,
    skipEmptyLines: true,
  }).data;
}

/** By line: its balance, and the values of its newest facts. */
function booksOf(folder) {
  const books = new Map();
  for (const line of rowsOf(folder, "credit_line")) {
    const { drawn_minor, pending_minor, balance_as_of, movements, limit_minor, status } = line;
    books.set(line.id, {
      drawn_minor,
      pending_minor,
      balance_as_of,
      movements,
      limit_minor,
      status,
    });
  }
  const newest = new Map();
  for (const row of rowsOf(folder, "line_facts")) {
    const place = [row.as_of, row.known_at, row.seq.padStart(16, "0")].join(" ");
    if (place >= (newest.get(row.line_id)?.place ?? "")) newest.set(row.line_id, { place, row });
  }
  for (const [id, { row }] of newest)
    Object.assign(books.get(id), { as_of: row.as_of, facts: row.facts });
  return books;
}

const [calm, rough] = process.argv.slice(2).map(booksOf);
const all = new Set([...calm.keys(), ...rough.keys()]);
const differ = [...all].filter(
  (id) => JSON.stringify(calm.get(id)) !== JSON.stringify(rough.get(id)),
);
for (const id of differ.slice(0, 3)) console.error(id, calm.get(id), rough.get(id));
console.log(differ.length);
