// Every table of the console: a real table with a caption, headings that sort, figures to the right, and a region that
// scrolls by keyboard when it is wider than the screen.
import type { ReactNode } from "react";
import { useText } from "../app/text.ts";

export type Column<Row> = Readonly<{
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** figures stand to the right */
  figures?: boolean;
  /** name by which the server sorts */
  sort?: string;
}>;

type Sorting = Readonly<{ by: string; onSort: (by: string) => void }>;

type DataTableProps<Row> = Readonly<{
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sorting?: Sorting;
  /** the row that is looked at */
  current?: string | null;
  onPick?: (row: Row) => void;
}>;

export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { caption, columns, rows, keyOf, sorting, current, onPick } = props;
  return (
    <div className="table-region" role="region" aria-label={caption} tabIndex={0}>
      <table className="table">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.key} column={column} {...(sorting ? { sorting } : {})} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            const here = key === current;
            return (
              <tr
                key={key}
                data-key={key}
                {...(here ? { "aria-current": "true" as const, className: "here" } : {})}
                {...(onPick === undefined ? {} : { onClick: () => onPick(row) })}
              >
                {columns.map((column) => (
                  <td key={column.key} className={column.figures === true ? "right" : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

type HeadingProps<Row> = Readonly<{ column: Column<Row>; sorting?: Sorting }>;

function Heading<Row>({ column, sorting }: HeadingProps<Row>): ReactNode {
  const t = useText();
  const className = column.figures === true ? "right" : undefined;
  if (column.sort === undefined || sorting === undefined) {
    return (
      <th scope="col" className={className}>
        {column.title}
      </th>
    );
  }
  const { sort } = column;
  const up = sorting.by === sort;
  const down = sorting.by === `-${sort}`;
  const next = down ? sort : up ? "" : `-${sort}`;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={up ? "ascending" : down ? "descending" : "none"}
    >
      <button
        type="button"
        className="sort"
        title={t("act.sort")}
        onClick={() => sorting.onSort(next)}
      >
        {column.title} <span aria-hidden="true">{up ? "↑" : down ? "↓" : "↕"}</span>
      </button>
    </th>
  );
}
