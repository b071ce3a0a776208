// The column of an amount, which looks the same in every table.
import type { Money } from "../api/reads.ts";
import { Link } from "react-router";
import { Amount } from "./amount.tsx";
import type { Column } from "./data-table.tsx";

type MoneyColumn<Row> = Readonly<{
  key: string;
  title: string;
  /** several amounts: one for each currency */
  of: (row: Row) => Money | readonly Money[] | null | undefined;
  /** name by which the server sorts */
  sort?: string;
  /** without the minor units, where only the size matters */
  whole?: boolean;
  /** address of the rows behind the amount */
  path?: (row: Row) => string;
}>;

export function moneyColumn<Row>(column: MoneyColumn<Row>): Column<Row> {
  const { key, title, of, sort, whole = false, path } = column;
  return {
    ...{ key, title, figures: true },
    ...(sort === undefined ? {} : { sort }),
    cell: (row) => {
      const money = of(row);
      const told = Array.isArray(money) ? (
        money.map((one: Money) => <Amount key={one.currency} money={one} whole={whole} />)
      ) : (
        <Amount money={money as Money | null} whole={whole} />
      );
      return path === undefined ? told : <Link to={path(row)}>{told}</Link>;
    },
  };
}
