// One reference is one line of the installation, because the core system knows an account by its reference alone:
// two lines under one reference would both cut the same account. Before rows are registered their references are
// claimed, and a row whose reference belongs to another line is told who holds it.

import { reachesPortfolio, type Actor } from "../domain/actor.ts";
import { ingest } from "../flow/ingest.ts";
import type { LineReference, References } from "../flow/ports.ts";
import { rowProblem, type RowProblem } from "./row-problem.ts";

/** Who asks: `dryRun` only looks. */
export type Claimant = Readonly<{ actor: Actor; dryRun: boolean }>;

/**
 * Claims the references of lines in one portfolio.
 * @returns by reference, the holders of those that belong to another line
 *
 * A claim is not undone when its registration is refused or fails afterwards: a line id is derived from customer,
 * portfolio and reference, so the same row claims for the same line again next time, and undoing it could free the
 * reference of a line that somebody else has registered in between. Who may not register lines there claims nothing
 * and is told nothing: each of the registrations will be refused.
 */
export async function claimReferences(
  references: References,
  lines: readonly LineReference[],
  { actor, dryRun }: Claimant,
): Promise<ReadonlyMap<string, LineReference>> {
  const portfolio = lines[0]?.portfolio ?? null;
  if (!mayRegister(actor, portfolio)) return new Map();
  const held = dryRun
    ? await references.holders(lines.map(({ reference }) => reference))
    : await references.claim(lines);
  return new Map(held.map((holder) => [holder.reference, holder]));
}

function mayRegister({ roles, scope }: Actor, portfolio: string | null): boolean {
  const allowed = ingest.commands["RegisterLine"]!.roles;
  return roles.some((role) => allowed.includes(role)) && reachesPortfolio(scope, portfolio);
}

/** What is wrong with a row whose reference `holder` has. A portfolio out of the actor's reach stays unnamed. */
export function elsewhereProblem(
  line: number,
  column: string,
  holder: LineReference,
  { actor }: Claimant,
): RowProblem {
  const { reference, portfolio, customerReference } = holder;
  const expected = reachesPortfolio(actor.scope, portfolio)
    ? {
        en: `a reference of its own; line ${reference} of customer ${customerReference} in portfolio ${portfolio} has it`,
        zh: `未被占用的编号；该编号属于组合 ${portfolio} 中客户 ${customerReference} 的授信 ${reference}`,
      }
    : {
        en: "a reference of its own; a line in another portfolio has it",
        zh: "未被占用的编号；该编号属于其他组合中的授信",
      };
  return rowProblem(line, column, "line-elsewhere", reference, expected);
}
