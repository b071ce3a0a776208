// The main job on the demo portfolio, from file to executed cuts, through whatever store it is given: import, sweep,
// review, notice, thirty days, execution, reconciliation and replay.

import { expect } from "vitest";
import { openLines } from "../../src/adapters/files/open-lines.ts";
import { readMappingFile } from "../../src/adapters/files/mapping-file.ts";
import { readStrategyFile } from "../../src/adapters/files/strategy-file.ts";
import type { Actor, Role } from "../../src/domain/actor.ts";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import type { CoreAccount } from "../../src/flow/core-ports.ts";
import type { Page } from "../../src/flow/ports.ts";
import { replayDecision } from "../../src/flow/replay.ts";
import { addStrategy, approveStrategy } from "../../src/flow/strategy-life.ts";
import { transact } from "../../src/flow/transact.ts";
import { importLines, type ImportSummary } from "../../src/portfolio/import-lines.ts";
import { parseMapping } from "../../src/portfolio/parse-mapping.ts";
import type { Sweep } from "../../src/portfolio/ports.ts";
import { reconcile, type Reconciliation } from "../../src/portfolio/reconcile.ts";
import { openSweep, runSweep } from "../../src/portfolio/sweep.ts";
import { repositoryRoot } from "./documents.ts";
import { keepRejects } from "./import-world.ts";
import { worldBegins, type TestWorld } from "./world.ts";

export function person(id: string, ...roles: readonly Role[]): Actor {
  return { id, roles, scope: { kind: "all" } };
}

const operator = person("ops", "operator");

/** Imports the demo portfolio and opens its accounts at the core system. */
export async function importDemo({ world, openAccounts }: TestWorld): Promise<ImportSummary> {
  const mapping = await readMappingFile(
    `${repositoryRoot}/examples/demo/mapping.yaml`,
    parseMapping,
  );
  if ("problems" in mapping) throw new Error(mapping.problems.map(({ en }) => en).join("\n"));
  const { mapping: read } = mapping;
  const file = await openLines(`${repositoryRoot}/examples/demo/lines.csv`, {
    format: read.format,
  });
  const outcome = await importLines(world, file, read, {
    actor: operator,
    importId: world.ids.fresh(),
    identityMark: (text) => text,
    dryRun: false,
    rejects: keepRejects(),
  });
  if ("problems" in outcome) throw new Error("The demo file does not fit its mapping");
  openAccounts((await everyLine(world)).map(accountOf));
  return outcome.summary;
}

async function everyLine(world: TestWorld["world"]): Promise<readonly CreditLine[]> {
  return every((after) => world.store.reads.lines({ after, limit: 100 }, {}));
}

/** All rows of a list, page by page. */
export async function every<Row>(
  read: (after: string | null) => Promise<Page<Row>>,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<Row> = await read(after);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    after = page.next;
  }
}

function accountOf(line: CreditLine): CoreAccount {
  const { reference: lineReference, limitMinor, drawnMinor, pendingMinor, currency } = line;
  const status = line.status === "exited" ? "closed" : line.status;
  return { lineReference, limitMinor, drawnMinor, pendingMinor, currency, status };
}

/** Adds the consumer strategy as one person and approves it as another. */
export async function activateStrategy({ world }: TestWorld): Promise<string> {
  const file = `${repositoryRoot}/strategies/consumer-cn/strategy.yaml`;
  const { strategy } = await readStrategyFile(file);
  const added = await addStrategy(world, strategy, person("ann", "analyst"));
  if (isRefusal(added) || "problems" in added) throw new Error("The strategy was not taken");
  const { id, version, hash } = added.strategy;
  const approved = await approveStrategy(world, id, version, person("app", "approver"), hash);
  if (isRefusal(approved)) throw new Error(approved.detail.en);
  return id;
}

/** Sweeps everything as of the world's first day. */
export async function sweepAll(given: TestWorld, strategyId: string): Promise<Sweep> {
  const { world, portfolio } = given;
  const asOf = world.clock.dateOf(worldBegins);
  const request = { strategyId, asOf, portfolio: null, dailyCapMinor: null, actor: operator };
  const sweep = await openSweep(world, portfolio, request);
  if (isRefusal(sweep)) throw new Error(sweep.detail.en);
  return runSweep(world, portfolio, sweep.id, {
    owner: "test",
    stop: () => false,
    onProgress: () => undefined,
    pause: async () => undefined,
  });
}

/** Approves every open review case as somebody who is trained for all of them. */
export async function approveOpen({ world }: TestWorld, by: Actor): Promise<number> {
  const { reviews } = world.store.reads;
  const open = await every((after) => reviews({ after, limit: 100 }, { state: "open" }));
  let approved = 0;
  for (const { id: subject, ver: expectedVer, skills } of open) {
    const command = { id: world.ids.fresh(), kind: "Approve", subject, expectedVer, body: {} };
    const [result] = await transact(world, bucketOfId(subject), [
      { ...command, actor: { ...by, desk: { skills, authority: null } }, cause: command.id },
    ]);
    if (result !== undefined && "events" in result) approved += 1;
  }
  return approved;
}

const thirtyDaysMs = 30 * 86_400_000;

/** Thirty days on the test clock, with everything that falls due. */
export async function thirtyDays({ world, clock }: TestWorld): Promise<void> {
  await advanceClock(world, clock, addMilliseconds(worldBegins, thirtyDaysMs), {
    owner: "test",
    stop: () => false,
    pause: async () => undefined,
    onStep: () => undefined,
  });
}

export type WholeLife = Readonly<{
  imported: ImportSummary;
  sweep: Sweep;
  approvals: number;
  executed: number;
  reconciliation: Reconciliation;
}>;

/** The whole job once; fails where a decision does not replay to the same bytes. */
export async function liveThrough(given: TestWorld): Promise<WholeLife> {
  const imported = await importDemo(given);
  const strategy = await activateStrategy(given);
  const sweep = await sweepAll(given, strategy);
  const approvals =
    (await approveOpen(given, person("rev1", "reviewer"))) +
    (await approveOpen(given, person("rev2", "reviewer"))) +
    (await approveOpen(given, person("law", "legal")));
  await thirtyDays(given);
  const { decisions } = given.world.store.reads;
  const made = await every((after) => decisions({ after, limit: 100 }, { causeId: sweep.id }));
  for (const { id } of made) {
    expect(await replayDecision(given.world, id)).toMatchObject({ decisionId: id, equal: true });
  }
  const reconciliation = await reconcile(given.world, null);
  const executed = made.filter(({ state }) => state === "executed").length;
  return { imported, sweep, approvals, executed, reconciliation };
}
