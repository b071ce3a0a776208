// Lists of what was made about lines, decisions and notices, are narrowed by the same options: the state, one line, and
// the sweep that led to it. Nobody lists rows outside their own scope.

import { Option, type Command } from "commander";
import type { Id } from "../domain/id.ts";
import { isRefusal, type Refusal } from "../domain/refusal.ts";
import type { RowScope } from "../flow/ports.ts";
import { chosen } from "./chosen.ts";
import { addPaging } from "./page.ts";
import type { Program } from "./program.ts";
import type { Session } from "./session.ts";
import { findLine, scopeOf } from "./subject.ts";

/** Adds --state, --line, --sweep and paging. */
export function addListFilter(program: Program, list: Command, states: readonly string[]): void {
  const state = new Option("--state <state>", program.text({ en: "in one state", zh: "指定状态" }));
  list
    .addOption(state.choices(states))
    .option("--line <line>", program.text({ en: "about one line", zh: "指定授信" }))
    .option("--sweep <id>", program.text({ en: "that one sweep led to", zh: "指定扫描" }));
  addPaging(program, list);
}

/** The rows that the options name among those that the actor may see. Refused: not-found for an unknown line. */
export async function listFilter(
  session: Session,
  options: Readonly<Record<string, unknown>>,
): Promise<(RowScope & Readonly<{ lineId?: Id; causeId?: Id }>) | Refusal> {
  const { reads } = session.tidemark.world.store;
  const line = typeof options["line"] === "string" ? await findLine(reads, options["line"]) : null;
  if (isRefusal(line)) return line;
  return {
    ...scopeOf(session.actor),
    ...chosen(options, ["state"]),
    ...(line === null ? {} : { lineId: line.id }),
    ...(typeof options["sweep"] === "string" ? { causeId: options["sweep"] } : {}),
  };
}
