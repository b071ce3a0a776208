// A decision table as it stands around the row that was hit: that row lit, the nearest rows before it with the first cell
// that failed, and above them what the line had.
import type { ReactNode } from "react";
import type { ExplainedRow, ExplainedTable, MissedRow } from "../api/explanation.ts";
import { useText } from "../app/text.ts";
import { TableFrame } from "./table-frame.tsx";

type Props = Readonly<{ table: ExplainedTable }>;

export function ExplainedTableView({ table }: Props): ReactNode {
  const t = useText();
  const rows = [...table.missed, ...table.hit].toSorted(
    (left, right) => left.position - right.position,
  );
  return (
    <>
      <TableFrame caption={table.label} tight>
        <Head table={table} />
        <tbody>
          {rows.map((row, at) => (
            <Row key={row.id} row={row} table={table} after={rows[at - 1]?.position ?? 0} />
          ))}
        </tbody>
      </TableFrame>
      {table.byDefault && <p className="quiet">{t("why.byDefault")}</p>}
      <p>
        {table.outputs.map(({ name, label, value }) => (
          <span key={name} className="chip">
            {label} → <b>{value}</b>
          </span>
        ))}
      </p>
    </>
  );
}

function Head({ table }: Props): ReactNode {
  const t = useText();
  return (
    <thead>
      <tr>
        <th scope="col">{t("why.row", { count: table.rowCount })}</th>
        {table.inputs.map(({ name, label }) => (
          <th key={name} scope="col" title={name}>
            {label}
          </th>
        ))}
        {table.outputs.map(({ name, label }) => (
          <th key={name} scope="col" title={name}>
            → {label}
          </th>
        ))}
      </tr>
      <tr>
        <td>{t("why.lineHas")}</td>
        {table.inputs.map(({ name, value }) => (
          <td key={name}>
            <b>{value}</b>
          </td>
        ))}
        {table.outputs.map(({ name }) => (
          <td key={name} />
        ))}
      </tr>
    </thead>
  );
}

function told({ because: { label, value, cell } }: MissedRow): Readonly<Record<string, string>> {
  return { label, value, cell };
}

type RowProps = Props & Readonly<{ row: ExplainedRow | MissedRow; after: number }>;

function Row({ row, table, after }: RowProps): ReactNode {
  const t = useText();
  const missed = "because" in row ? row : null;
  const width = 1 + table.inputs.length + table.outputs.length;
  return (
    <>
      {row.position > after + 1 && (
        <tr className="quiet">
          <td colSpan={width}>{t("why.rowsBetween", { count: row.position - after - 1 })}</td>
        </tr>
      )}
      <tr className={missed === null ? "lit" : undefined}>
        <th scope="row">
          <span aria-hidden="true">{missed === null ? "● " : ""}</span>
          <code>{row.id}</code> {row.note}
          {missed === null && <span className="unseen">{t("why.hit")}</span>}
        </th>
        {row.cells.map((cell, column) => (
          <td
            key={table.inputs[column]?.name}
            className={column === missed?.column ? "failed" : undefined}
          >
            {cell}
            {column === missed?.column && (
              <span className="unseen">{t("why.missed", told(missed))}</span>
            )}
          </td>
        ))}
        {row.outputs.map((value, column) => (
          <td key={table.outputs[column]?.name}>{value}</td>
        ))}
      </tr>
    </>
  );
}
