// The option --portfolio of commands that work on one portfolio or on all: a name that no line has is refused with the
// known ones.

import type { Command } from "commander";
import { portfolioRefusal } from "../domain/known-portfolio.ts";
import { printRefusal, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withSession, type Session } from "./session.ts";

/** Adds --portfolio. */
export function addPortfolio(program: Program, command: Command): void {
  command.option(
    "--portfolio <name>",
    program.text({ en: "one portfolio (all)", zh: "指定组合（缺省为全部）" }),
  );
}

/** Runs `work` on the portfolio that the options name, null for all of them. */
export function withPortfolio(
  frame: Frame,
  options: Readonly<Record<string, unknown>>,
  work: (session: Session, portfolio: string | null) => Promise<number>,
): Promise<number> {
  return withSession(frame, async (session) => {
    const portfolio = typeof options["portfolio"] === "string" ? options["portfolio"] : null;
    const { portfolios } = session.tidemark.world.store.reads;
    const unknown = await portfolioRefusal(portfolios, portfolio, session.actor.scope);
    return unknown === null ? work(session, portfolio) : printRefusal(frame, unknown);
  });
}
