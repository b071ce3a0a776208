// Importing a file through the write path: what is counted, what is refused, and that the same file read again
// changes nothing.

import { describe, expect, test } from "vitest";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import type { Actor } from "../../src/domain/actor.ts";
import { bucketOfCustomer } from "../../src/domain/id.ts";
import type { Store, World } from "../../src/flow/ports.ts";
import {
  importLines,
  type ImportOptions,
  type ImportOutcome,
  type ImportProgress,
  type ImportSummary,
} from "../../src/portfolio/import-lines.ts";
import type { FactRule } from "../../src/portfolio/mapping.ts";
import type { LinesFile } from "../../src/portfolio/ports.ts";
import {
  importWorld,
  keepRejects,
  linesFile,
  operator,
  type KeptRejects,
} from "../support/import-world.ts";
import { sampleCells, sampleColumns, sampleMapping } from "../support/mapping-document.ts";
import { oneLinePerReference } from "../support/one-line-per-reference.ts";

oneLinePerReference(async () => memoryStore());

type Change = Readonly<Record<string, string>>;

const fileOf = (...rows: readonly Change[]): LinesFile =>
  linesFile(
    sampleColumns,
    rows.map((row) => sampleCells(row)),
  );

/** Rows of `count` customers with a line each. */
function manyRows(count: number): readonly Change[] {
  return Array.from({ length: count }, (_, at) => ({ CUST: `C-${at}`, LINE: `L-${at}` }));
}

type Run = Readonly<{ summary: ImportSummary; rejects: KeptRejects }>;

async function run(
  world: World,
  file: LinesFile,
  options: Partial<ImportOptions> = {},
): Promise<Run> {
  const rejects = keepRejects();
  const outcome = await importLines(world, file, sampleMapping(), {
    ...{ actor: operator, importId: world.ids.fresh(), dryRun: false, rejects },
    ...options,
  });
  return { summary: summaryOf(outcome), rejects };
}

function summaryOf(outcome: ImportOutcome): ImportSummary {
  if ("summary" in outcome) return outcome.summary;
  throw new Error(JSON.stringify(outcome.problems));
}

const derivedLast = (one: FactRule, other: FactRule): number =>
  Number(one.source.from !== "column") - Number(other.source.from !== "column");

const reasons = ({ rejects }: Run): readonly string[] =>
  rejects.problems.map(({ line, column, reason }) => `${line} ${column} ${reason}`);

describe("an import", () => {
  test("adds lines, and changes nothing when it is done again", async () => {
    const world = importWorld(memoryStore());
    const file = fileOf(...manyRows(40));
    const first = await run(world, file);
    expect(first.summary).toMatchObject({
      rows: 40,
      accepted: 40,
      rejected: 0,
      added: 40,
      changed: 0,
    });
    expect(first.summary.limitMinorByCurrency).toEqual({ CNY: 40_000_000 });
    expect(first.summary.rejectsFile).toBeNull();
    expect(first.rejects.state).toBe("finished");
    const again = await run(world, file);
    expect(again.summary).toMatchObject({ accepted: 40, added: 0, changed: 0, unchanged: 40 });
    expect(again.summary.importId).not.toBe(first.summary.importId);
  });

  test("stores the line and its facts under ids that anybody can derive", async () => {
    const store = memoryStore();
    const world = importWorld(store);
    await run(world, fileOf({}));
    const bucket = bucketOfCustomer("C-1");
    const id = world.ids.derive(bucket, "line", "cards", "L-1");
    expect(await store.reads.line(id)).toMatchObject({
      bucket,
      customerId: world.ids.derive(bucket, "customer", "C-1"),
      reference: "L-1",
      portfolio: "cards",
      limitMinor: 1_000_000,
      drawnMinor: 250_000,
      status: "active",
    });
    const facts = await store.reads.facts(
      id,
      "2026-03-01" as never,
      "2026-12-31T00:00:00.000Z" as never,
    );
    expect(facts).toMatchObject({
      asOf: "2026-02-28",
      facts: { daysPastDue: 35, delinquency: "M2" },
    });
  });

  test("counts what changed, and only that", async () => {
    const world = importWorld(memoryStore());
    await run(world, fileOf(...manyRows(5)));
    const rows = manyRows(6).map((row, at) => (at === 2 ? { ...row, OVERDUE: "0" } : row));
    const { summary } = await run(world, fileOf(...rows));
    expect(summary).toMatchObject({ accepted: 6, added: 1, changed: 1, unchanged: 4 });
  });

  test("takes the same row for the same whatever the mapping looks like", async () => {
    const store = memoryStore();
    const world = importWorld(store);
    await run(world, fileOf(...manyRows(3)));
    const mapping = sampleMapping();
    const turned = { ...mapping, facts: mapping.facts.toReversed().toSorted(derivedLast) };
    const options = {
      actor: operator,
      importId: world.ids.fresh(),
      dryRun: false,
      rejects: keepRejects(),
    };
    const file = fileOf(
      ...manyRows(3).map((row) => ({ ...row, LIMIT: "10000", DRAWN: "02500.0" })),
    );
    const summary = summaryOf(await importLines(world, file, turned, options));
    expect(summary).toMatchObject({ changed: 0, unchanged: 3 });
  });

  test("sees that only personal data changed when it is given a key to tell by", async () => {
    const world = importWorld(memoryStore());
    const identityMark = (text: string): string => world.ids.sha256(`secret ${text}`);
    await run(world, fileOf({}), { identityMark });
    const moved = fileOf({ PHONE: "138-0000-0002" });
    expect((await run(world, moved, { identityMark })).summary).toMatchObject({ changed: 1 });
    expect((await run(world, moved, { identityMark })).summary).toMatchObject({ unchanged: 1 });
  });

  test("of bad rows takes the good ones and tells the rest", async () => {
    const world = importWorld(memoryStore());
    const done = await run(
      world,
      fileOf(
        {},
        { CUST: "C-2", LINE: "L-2", LIMIT: "x" },
        { CUST: "C-3", LINE: "L-3", OVERDUE: "-1", REGION: "N" },
      ),
    );
    expect(done.summary).toMatchObject({ rows: 3, accepted: 1, rejected: 2, added: 1 });
    expect(done.summary.rejectsFile).toBe("rejects.csv");
    expect(reasons(done)).toEqual([
      "3 LIMIT broken-number",
      "4 OVERDUE out-of-range",
      "4 REGION unknown-code",
    ]);
  });

  test("takes a line once for each file, however far apart", async () => {
    const world = importWorld(memoryStore());
    const rows = [...manyRows(50), { CUST: "C-7", LINE: "L-7" }, { CUST: "C-other", LINE: "L-8" }];
    const done = await run(world, fileOf(...rows), { waitingRows: 4, batchRows: 2 });
    expect(done.summary).toMatchObject({ rows: 52, accepted: 50, rejected: 2 });
    expect(reasons(done)).toEqual(["52 LINE duplicate-line", "53 LINE customer-conflict"]);
    expect(done.rejects.problems.map((problem) => problem.expected.en)).toEqual([
      "each line once; line 9 of the file has it",
      "each line once; line 10 of the file has it for another customer",
    ]);
  });

  test("takes one set of personal data for each customer, which other lines may leave out", async () => {
    const world = importWorld(memoryStore());
    const done = await run(
      world,
      fileOf(
        { LINE: "L-1" },
        { LINE: "L-2" },
        { LINE: "L-3", NAME: "", PHONE: "" },
        { LINE: "L-4", NAME: "演示二" },
      ),
    );
    expect(done.summary).toMatchObject({ accepted: 3, rejected: 1 });
    expect(reasons(done)).toEqual(["5 CUST customer-conflict"]);
    expect(JSON.stringify(done.rejects.problems)).not.toContain("演示");
  });

  test("tells rows that the store refuses", async () => {
    const world = importWorld(memoryStore());
    await run(world, fileOf({}));
    const dollars = { ...sampleMapping(), currency: { fixed: "USD" } as const };
    const rejects = keepRejects();
    const options = { actor: operator, importId: world.ids.fresh(), dryRun: false, rejects };
    const file = fileOf({}, { CUST: "C-2", LINE: "L-2" });
    const summary = summaryOf(await importLines(world, file, dollars, options));
    expect(summary).toMatchObject({
      accepted: 1,
      rejected: 1,
      limitMinorByCurrency: { USD: 1_000_000 },
    });
    expect(rejects.problems).toMatchObject([
      {
        line: 2,
        reason: "refused",
        found: "L-1",
        why: { en: "Line L-1: found USD, expected CNY" },
      },
    ]);
  });

  test("done dry, says the same and stores nothing", async () => {
    const store = memoryStore();
    const world = importWorld(store);
    const file = fileOf(...manyRows(9), { LIMIT: "?" });
    const dry = await run(world, file, { dryRun: true });
    expect(dry.summary).toMatchObject({ dryRun: true, accepted: 9, rejected: 1, added: 9 });
    expect((await store.totals(null)).lines).toBe(0);
    const wet = await run(world, file);
    expect(wet.summary).toMatchObject({ dryRun: false, accepted: 9, rejected: 1, added: 9 });
  });

  test("tells how far it is", async () => {
    const world = importWorld(memoryStore());
    const seen: ImportProgress[] = [];
    await run(world, fileOf(...manyRows(7), { LIMIT: "?" }), {
      onProgress: (one) => seen.push(one),
    });
    expect(seen.at(-1)).toEqual({ rows: 8, total: 8, stored: 7, rejected: 1 });
    const rows = seen.map((one) => one.rows);
    expect(rows).toEqual(rows.toSorted((one, other) => one - other));
  });
});

describe("a jurisdiction without compliance packs", () => {
  test("given by a column refuses its row, and the others are taken", async () => {
    const world = importWorld(memoryStore());
    const values = { E: "cn", W: "atlantis" };
    const mapping = sampleMapping({ jurisdiction: { column: "REGION", values } });
    const rejects = keepRejects();
    const options = { actor: operator, importId: world.ids.fresh(), dryRun: false, rejects };
    const file = fileOf({}, { CUST: "C-2", LINE: "L-2", REGION: "W" });
    const summary = summaryOf(await importLines(world, file, mapping, options));
    expect(summary).toMatchObject({ accepted: 1, rejected: 1, added: 1 });
    const known = world.jurisdictions;
    expect(known).toContain("cn");
    expect(rejects.problems).toEqual([
      {
        ...{ line: 3, column: "REGION", reason: "unknown-jurisdiction", found: "atlantis" },
        expected: { en: `one of ${known.join(", ")}`, zh: `以下之一：${known.join("、")}` },
        why: { en: "The jurisdiction has no compliance pack", zh: "该法域没有合规规则包" },
      },
    ]);
  });

  test("given by the mapping is a problem of the file, and no row is tried", async () => {
    const store = memoryStore();
    const world = importWorld(store);
    const mapping = sampleMapping({ jurisdiction: "atlantis" });
    const rejects = keepRejects();
    const options = { actor: operator, importId: world.ids.fresh(), dryRun: false, rejects };
    expect(await importLines(world, fileOf({}), mapping, options)).toMatchObject({
      problems: [
        { line: 1, column: "jurisdiction", reason: "unknown-jurisdiction", found: "atlantis" },
      ],
    });
    expect((await store.totals(null)).lines).toBe(0);
  });
});

describe("an import that cannot be", () => {
  test("names every problem of the header and tries no row", async () => {
    const world = importWorld(memoryStore());
    const file = linesFile([...sampleColumns.slice(1), "SALARY"], []);
    const rejects = keepRejects();
    const options = { actor: operator, importId: world.ids.fresh(), dryRun: false, rejects };
    const outcome = await importLines(world, file, sampleMapping(), options);
    expect(
      "problems" in outcome && outcome.problems.map(({ column, reason }) => `${column} ${reason}`),
    ).toEqual(["SALARY unlisted-column", "CUST missing-column"]);
    expect(rejects.state).toBe("open");
  });

  test("stops at the first row when the actor may not do it", async () => {
    const world = importWorld(memoryStore());
    const auditor: Actor = { id: "auditor-1", roles: ["auditor"], scope: { kind: "all" } };
    const { summary } = await run(world, fileOf(...manyRows(300)), {
      actor: auditor,
      waitingRows: 10,
    });
    expect(summary.stoppedBy?.refused).toBe("forbidden");
    expect(summary).toMatchObject({ accepted: 0, rejected: 0, added: 0 });
    expect(summary.rows).toBeLessThan(300);
  });

  test("throws what the store throws, leaves no rejects, and goes on when it is done again", async () => {
    const store = memoryStore();
    let left = 3;
    const failing: Store = {
      ...store,
      transaction: (bucket, dryRun, work) => {
        left -= 1;
        if (left < 0) throw new Error("connection lost");
        return store.transaction(bucket, dryRun, work);
      },
    };
    const file = fileOf({ LIMIT: "?" }, ...manyRows(30));
    const rejects = keepRejects();
    await expect(run(importWorld(failing), file, { rejects })).rejects.toThrow("connection lost");
    expect(rejects.state).toBe("abandoned");
    const { summary } = await run(importWorld(store), file);
    expect(summary).toMatchObject({ accepted: 30, rejected: 1 });
    expect(summary.added + summary.unchanged).toBe(30);
    expect(summary.unchanged).toBeGreaterThan(0);
  });
});
