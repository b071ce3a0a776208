// A portfolio that somebody names must have lines: a mistyped one would look like one in which nothing happens.

import { reachesPortfolio, type Scope } from "./actor.ts";
import { refuse, type Refusal } from "./refusal.ts";

/** Names of portfolios that have lines, in order; with a name that one alone, and nothing where it has none. */
export type PortfolioNames = (named: string | null) => Promise<readonly string[]>;

/**
 * Refuses as `invalid` a portfolio that has no line or lies outside the scope, and names those that it could be.
 * Null is every portfolio. A borrower is told nothing of portfolios: to him it is an empty list.
 */
export async function portfolioRefusal(
  portfolios: PortfolioNames,
  portfolio: string | null | undefined,
  scope: Scope,
): Promise<Refusal | null> {
  if (portfolio === null || portfolio === undefined || scope.kind === "own") return null;
  const found = reachesPortfolio(scope, portfolio) ? await portfolios(portfolio) : [];
  if (found.length > 0) return null;
  const known = (await portfolios(null)).filter((one) => reachesPortfolio(scope, one));
  return refuse(
    "invalid",
    {
      en: `Portfolio: found ${portfolio}, expected ${known.length === 0 ? "none, there are no lines" : `one of ${known.join(", ")}`}`,
      zh: `组合：为 ${portfolio}，${known.length === 0 ? "尚无任何授信，请勿填写" : `应为以下之一：${known.join("、")}`}`,
    },
    "/portfolio",
  );
}
