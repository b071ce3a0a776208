// A table as it stands on the page, made cells of a file: where the eye is given a short form (part of an id, a day in its
// own writing, an amount with a symbol) the file has the value itself. Headings say the currency where there is one.
import type { Cells } from "./csv-file.ts";

/** Groups of digits are for the eye. */
const grouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const money = /^([A-Z]{3}) (-?\d+(?:\.\d+)?)$/;

/** The heading and the rows of a table, without the columns in which one acts. */
export function takenTable(table: HTMLTableElement): Cells {
  const rows = [...table.rows].map((row) =>
    [...row.cells].filter((cell) => cell.dataset["acts"] === undefined).map(toldIn),
  );
  return plainFigures(rows);
}

/** What an element says: its value where it carries one, else its text without marks that only the eye reads. */
function toldIn(element: HTMLElement): string {
  const { value } = element.dataset;
  if (value !== undefined) return value;
  if (element instanceof HTMLTimeElement) return element.dateTime;
  const parts = [...element.childNodes].map((node) => {
    if (node instanceof HTMLElement) return node.ariaHidden === "true" ? "" : ` ${toldIn(node)} `;
    return node instanceof Text ? node.data : "";
  });
  return parts.join("").replaceAll(/\s+/g, " ").trim();
}

/** Figures as a spreadsheet reads them: no groups of digits, and the currency in the heading where a column has but one. */
export function plainFigures([head = [], ...rows]: Cells): Cells {
  const currencies = head.map((_, at) => {
    const filled = rows.map((row) => row[at] ?? "").filter((cell) => cell !== "" && cell !== "–");
    const found = new Set(filled.map((cell) => money.exec(cell)?.[1]));
    const [one] = found;
    return found.size === 1 ? one : undefined;
  });
  return [
    head.map((title, at) =>
      currencies[at] === undefined ? title : `${title} (${currencies[at]})`,
    ),
    ...rows.map((row) =>
      row.map((cell, at) => {
        if (currencies[at] !== undefined) return money.exec(cell)?.[2] ?? cell;
        return grouped.test(cell) ? cell.replaceAll(",", "") : cell;
      }),
    ),
  ];
}
