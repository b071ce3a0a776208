// Whose rows an actor may see. Lists are narrowed in the query, and every row that comes back is looked at
// again: a store that forgot a filter must not become a leak.

import { reachesPortfolio, type Scope } from "../../domain/actor.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import type { Id } from "../../domain/id.ts";
import type { Reads, RowScope } from "../../flow/ports.ts";

/** The filter that a scope is. */
export function rowScopeOf(scope: Scope): RowScope {
  switch (scope.kind) {
    case "all":
      return {};
    case "portfolios":
      return { portfolios: scope.portfolios };
    case "own":
      return { customerId: scope.customerId };
  }
}

/** What the scope reaches within one portfolio; a borrower's own rows are his whatever portfolio he names. */
export function withinPortfolio(scope: Scope, portfolio: string | undefined): Scope {
  if (portfolio === undefined || scope.kind === "own") return scope;
  return { kind: "portfolios", portfolios: reachesPortfolio(scope, portfolio) ? [portfolio] : [] };
}

/** True when the line lies in the scope. */
export function reachesLine(
  scope: Scope,
  line: Pick<CreditLine, "customerId" | "portfolio">,
): boolean {
  switch (scope.kind) {
    case "all":
      return true;
    case "portfolios":
      return scope.portfolios.includes(line.portfolio);
    case "own":
      return scope.customerId === line.customerId;
  }
}

/** A row about a line. */
export type AboutLine = Readonly<{ lineId: Id; customerId: Id }>;

/** The rows that the scope reaches, in order. Reads lines only where the scope asks for their portfolio. */
export async function reached<Row extends AboutLine>(
  reads: Pick<Reads, "line">,
  scope: Scope,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (scope.kind === "all") return rows;
  if (scope.kind === "own") return rows.filter((row) => row.customerId === scope.customerId);
  const lines = await linesOf(reads, rows);
  return rows.filter((row) => {
    const line = lines.get(row.lineId);
    return line !== undefined && reachesLine(scope, line);
  });
}

/** The lines of some rows, each read once. */
export async function linesOf(
  reads: Pick<Reads, "line">,
  rows: readonly AboutLine[],
): Promise<ReadonlyMap<Id, CreditLine>> {
  const ids = [...new Set(rows.map((row) => row.lineId))];
  const lines = await Promise.all(ids.map((id) => reads.line(id)));
  return new Map(lines.filter((line) => line !== null).map((line) => [line.id, line]));
}
