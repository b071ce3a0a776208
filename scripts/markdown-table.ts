// Markdown tables as the formatter leaves them: every column as wide as its widest cell, Chinese characters counted as
// two. Generated documents stay equal to their formatted form, so that generating again changes nothing.

/** A table of plain cells; every row has as many cells as the heading. Ends with a line break. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = heading.map((_, column) =>
    Math.max(3, ...cells.map((row) => displayWidth(row[column] ?? ""))),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => padded(cell, widths[column] ?? 3)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  const [first = [], ...others] = cells;
  return `${[line(first), rule, ...others.map(line)].join("\n")}\n`;
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - displayWidth(cell)));
}

const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]/gu;

/** Columns that a text takes in a fixed-width font. */
export function displayWidth(text: string): number {
  return [...text].length + (text.match(wide)?.length ?? 0);
}
