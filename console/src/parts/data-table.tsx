// Rows under headings that sort, figures to the right.
import type { ReactNode } from "react";
import { useText } from "../app/text.ts";
import { TableFrame } from "./table-frame.tsx";

export type Column<Row> = Readonly<{
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** figures stand to the right */
  figures?: boolean;
  /** name by which the server sorts */
  sort?: string;
  /** buttons stand here and no value */
  acts?: boolean;
}>;

type Sorting = Readonly<{ by: string; onSort: (by: string) => void }>;

type DataTableProps<Row> = Readonly<{
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  sorting?: Sorting;
  /** true: the server has more rows, and a button beside the list exports them */
  partly?: boolean;
  /** the row that is looked at */
  current?: string | null;
  onPick?: (row: Row) => void;
}>;

export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { caption, columns, rows, keyOf, sorting, partly = false, current, onPick } = props;
  return (
    <TableFrame caption={caption} partly={partly}>
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
                <td key={column.key} {...lookOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </TableFrame>
  );
}

/** Of a heading and of its cells. */
function lookOf<Row>({ figures = false, acts = false }: Column<Row>) {
  return {
    ...(figures ? { className: "right" } : {}),
    ...(acts ? { "data-acts": "" } : {}),
  };
}

type HeadingProps<Row> = Readonly<{ column: Column<Row>; sorting?: Sorting }>;

function Heading<Row>({ column, sorting }: HeadingProps<Row>): ReactNode {
  const t = useText();
  const look = lookOf(column);
  if (column.sort === undefined || sorting === undefined) {
    return (
      <th scope="col" {...look}>
        {column.title}
      </th>
    );
  }
  const { sort } = column;
  const up = sorting.by === sort;
  const down = sorting.by === `-${sort}`;
  const next = down ? sort : up ? "" : `-${sort}`;
  return (
    <th scope="col" {...look} aria-sort={up ? "ascending" : down ? "descending" : "none"}>
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
