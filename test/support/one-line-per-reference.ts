// The law that one reference is one line of the installation, as imports see it; run over each store, because the
// customers and portfolios of rivals lie in different buckets and only the store can hold it.

import { describe, expect, test } from "vitest";
import { bucketOfCustomer, type Id } from "../../src/domain/id.ts";
import type { Store, World } from "../../src/flow/ports.ts";
import {
  importLines,
  type ImportOptions,
  type ImportSummary,
} from "../../src/portfolio/import-lines.ts";
import type { Actor } from "../../src/domain/actor.ts";
import { importWorld, keepRejects, linesFile, operator, type KeptRejects } from "./import-world.ts";
import { sampleCells, sampleColumns, sampleMapping } from "./mapping-document.ts";
import { wanted } from "./store-contract/rows.ts";

type Change = Readonly<Record<string, string>>;
type Run = Readonly<{ summary: ImportSummary; rejects: KeptRejects }>;

async function run(
  world: World,
  rows: readonly Change[],
  options: Partial<ImportOptions> & Readonly<{ portfolio?: string }> = {},
): Promise<Run> {
  const { portfolio = "cards", ...rest } = options;
  const rejects = keepRejects();
  const cells = rows.map((row) => sampleCells(row));
  const outcome = await importLines(
    world,
    linesFile(sampleColumns, cells),
    sampleMapping({ portfolio }),
    {
      ...{ actor: operator, importId: world.ids.fresh(), dryRun: false, rejects },
      ...rest,
    },
  );
  if ("summary" in outcome) return { summary: outcome.summary, rejects };
  throw new Error(JSON.stringify(outcome.problems));
}

const lineIdOf = (world: World, customer: string, portfolio: string, reference: string): Id =>
  world.ids.derive(bucketOfCustomer(customer), "line", portfolio, reference);

/** Lines of the store under a reference, as `customer in portfolio`. */
async function linesUnder({ store }: World, reference: string): Promise<readonly string[]> {
  const { rows } = await store.reads.lines({ after: null, limit: 10 }, { reference });
  return rows.map((line) => `${line.customerReference} in ${line.portfolio}`);
}

/** Everything that a registration would have left, loaded as a transaction loads it. */
async function tracesOf(world: World, customer: string, portfolio: string, reference: string) {
  const lineId = lineIdOf(world, customer, portfolio, reference);
  const bucket = bucketOfCustomer(customer);
  const customers = [world.ids.derive(bucket, "customer", customer)];
  const lines = [lineId];
  const { nextSeq, state } = await world.store.transaction(bucket, true, async (transaction) => ({
    nextSeq: transaction.nextSeq,
    state: await transaction.load(wanted({ lines, factsOf: lines, customers })),
  }));
  const { lines: found, customers: people, facts } = state;
  const events = (await world.store.reads.timeline(lineId)).length;
  return { nextSeq, events, lines: found.size, customers: people.size, facts: facts.size };
}

const nothing = { events: 0, lines: 0, customers: 0, facts: 0 };

/** Declares the tests; `open` gives each a store without rows. */
export function oneLinePerReference(open: () => Promise<Store>): void {
  describe("one reference is one line", () => {
    test.each([
      ["another customer", { customer: "C-2", portfolio: "cards" }],
      ["another portfolio", { customer: "C-1", portfolio: "loans" }],
      ["another customer in another portfolio", { customer: "C-2", portfolio: "loans" }],
    ])("a later import of it under %s is refused and leaves nothing", async (_, other) => {
      const world = importWorld(await open());
      await run(world, [{ CUST: "C-1", LINE: "L-1" }]);
      const before = await tracesOf(world, other.customer, other.portfolio, "L-1");
      const rows = [
        { CUST: other.customer, LINE: "L-1" },
        { CUST: other.customer, LINE: "L-2" },
      ];
      const { summary, rejects } = await run(world, rows, { portfolio: other.portfolio });
      expect(summary).toMatchObject({ rows: 2, accepted: 1, rejected: 1, added: 1 });
      expect(summary.limitMinorByCurrency).toEqual({ CNY: 1_000_000 });
      expect(rejects.problems).toEqual([
        {
          ...{ line: 2, column: "LINE", reason: "line-elsewhere", found: "L-1" },
          expected: {
            en: "a reference of its own; line L-1 of customer C-1 in portfolio cards has it",
            zh: "未被占用的编号；该编号属于组合 cards 中客户 C-1 的授信 L-1",
          },
          why: { en: "The reference belongs to another line", zh: "该编号已属于另一条授信" },
        },
      ]);
      expect(await linesUnder(world, "L-1")).toEqual(["C-1 in cards"]);
      expect(await linesUnder(world, "L-2")).toEqual([`${other.customer} in ${other.portfolio}`]);
      // The good row is one event in the bucket of the refused one, and the only one.
      const after = await tracesOf(world, other.customer, other.portfolio, "L-1");
      expect(after).toMatchObject({ events: 0, lines: 0, facts: 0, nextSeq: before.nextSeq + 1 });
    });

    test("a refused row alone writes nothing at all to its bucket", async () => {
      const world = importWorld(await open());
      await run(world, [{ CUST: "C-1", LINE: "L-1" }]);
      const before = await tracesOf(world, "C-2", "cards", "L-1");
      const { summary } = await run(world, [{ CUST: "C-2", LINE: "L-1" }]);
      expect(summary).toMatchObject({ accepted: 0, rejected: 1, limitMinorByCurrency: {} });
      expect(before).toMatchObject(nothing);
      expect(await tracesOf(world, "C-2", "cards", "L-1")).toEqual(before);
    });

    test("a dry run tells the same, and claims nothing", async () => {
      const world = importWorld(await open());
      await run(world, [{ CUST: "C-1", LINE: "L-1" }]);
      const rows = [
        { CUST: "C-2", LINE: "L-1" },
        { CUST: "C-2", LINE: "L-2" },
      ];
      const dry = await run(world, rows, { dryRun: true });
      expect(dry.summary).toMatchObject({ accepted: 1, rejected: 1, added: 1 });
      expect(dry.rejects.problems).toMatchObject([{ line: 2, reason: "line-elsewhere" }]);
      const { summary } = await run(world, [{ CUST: "C-3", LINE: "L-2" }]);
      expect(summary).toMatchObject({ accepted: 1, rejected: 0 });
    });

    test("who may not register lines there claims nothing and is told nothing", async () => {
      const world = importWorld(await open());
      await run(world, [{ CUST: "C-1", LINE: "L-1" }]);
      const strangers: readonly Actor[] = [
        { id: "auditor-1", roles: ["auditor"], scope: { kind: "all" } },
        {
          ...{ id: "operator-2", roles: ["operator"] },
          scope: { kind: "portfolios", portfolios: ["loans"] },
        },
      ];
      for (const actor of strangers) {
        const rows = [
          { CUST: "C-2", LINE: "L-1" },
          { CUST: "C-2", LINE: "L-9" },
        ];
        const { rejects } = await run(world, rows, { actor });
        expect(JSON.stringify(rejects.problems)).not.toMatch(/line-elsewhere|C-1/);
      }
      expect(await world.store.references.holders(["L-9"])).toEqual([]);
    });

    test("a holder in a portfolio out of reach stays unnamed", async () => {
      const world = importWorld(await open());
      await run(world, [{ CUST: "C-1", LINE: "L-1" }]);
      const actor: Actor = {
        ...{ id: "operator-2", roles: ["operator"] },
        scope: { kind: "portfolios", portfolios: ["loans"] },
      };
      const rows = [{ CUST: "C-2", LINE: "L-1" }];
      const { rejects } = await run(world, rows, { actor, portfolio: "loans" });
      expect(rejects.problems).toMatchObject([
        {
          reason: "line-elsewhere",
          expected: { en: "a reference of its own; a line in another portfolio has it" },
        },
      ]);
      expect(JSON.stringify(rejects.problems)).not.toMatch(/C-1|cards/);
    });

    test("a claim whose registration failed is the same row's when it is imported again", async () => {
      const store = await open();
      const rows = [{ CUST: "C-1", LINE: "L-1" }];
      const failing: Store = {
        ...store,
        transaction: async () => {
          throw new Error("connection lost");
        },
      };
      await expect(run(importWorld(failing), rows)).rejects.toThrow("connection lost");
      const world = importWorld(store);
      expect(await linesUnder(world, "L-1")).toEqual([]);
      expect((await run(world, rows)).summary).toMatchObject({ accepted: 1, added: 1 });
    });

    test("imports of the same references at the same moment make each of them one line", async () => {
      const world = importWorld(await open());
      const count = 60;
      const rowsOf = (prefix: string): readonly Change[] =>
        Array.from({ length: count }, (_, at) => ({
          CUST: `${prefix}-${at % 9}`,
          LINE: `L-${at}`,
        }));
      const bare = (rows: readonly Change[]): readonly Change[] =>
        rows.map((row) => ({ ...row, NAME: "", PHONE: "" }));
      const done = await Promise.all([
        run(world, bare(rowsOf("A"))),
        run(world, bare(rowsOf("B").toReversed())),
        run(world, bare(rowsOf("A")), { portfolio: "loans" }),
      ]);
      const sum = (of: (summary: ImportSummary) => number): number =>
        done.reduce((total, { summary }) => total + of(summary), 0);
      expect(sum(({ added }) => added)).toBe(count);
      expect(sum(({ rejected }) => rejected)).toBe(2 * count);
      for (const { rejects } of done) {
        for (const { reason } of rejects.problems) expect(reason).toBe("line-elsewhere");
      }
      const { rows } = await world.store.reads.lines({ after: null, limit: 500 }, {});
      expect(new Set(rows.map(({ reference }) => reference)).size).toBe(count);
      expect(rows).toHaveLength(count);
    });

    test("the same file imported twice at the same moment is no conflict", async () => {
      const world = importWorld(await open());
      const rows = Array.from({ length: 30 }, (_, at) => ({ CUST: `C-${at}`, LINE: `L-${at}` }));
      const done = await Promise.all([run(world, rows), run(world, rows)]);
      for (const { summary } of done) expect(summary).toMatchObject({ accepted: 30, rejected: 0 });
      expect(done.reduce((total, { summary }) => total + summary.added, 0)).toBe(30);
    });
  });
}
