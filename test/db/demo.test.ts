// `tidemark demo seed` on a real database: what is stored is what the generator says, in two databases alike, whatever
// the keys; doing it again adds nothing, and no other demo may join it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { demoMonthEnds, demoMonths } from "../../src/portfolio/demo-calendar.ts";
import { demoFacts } from "../../src/portfolio/demo-facts.ts";
import { demoLife } from "../../src/portfolio/demo-life.ts";
import { demoLine } from "../../src/portfolio/demo-line.ts";
import { tidemark, tidemarkJson, type Environment } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const lines = 60;
const seed = 5;
const words = ["demo", "seed", "--lines", String(lines), "--seed", String(seed)] as const;

const databases: FreshDatabase[] = [];
const environments: Environment[] = [];
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-demo-"));
  for (const name of ["one", "other"]) {
    const database = await freshDatabase();
    databases.push(database);
    environments.push({
      DATABASE_URL: database.url,
      TIDEMARK_DATA: join(folder, name),
      TIDEMARK_LOG: "silent",
      TIDEMARK_TIME_ZONE: "Asia/Shanghai",
      TIDEMARK_CURRENCY: "CNY",
    });
  }
});

afterAll(async () => {
  for (const database of databases) await database.close();
  rmSync(folder, { recursive: true, force: true });
});

type Seeded = Readonly<{ added: boolean; linesStored: number; records: number; diskBytes: number }>;

/** Every table without what must differ: keys, ciphertexts and the commitments made under them. */
const tables = {
  lines: "select * from credit_line order by bucket, id",
  customers: "select * from customer order by bucket, id",
  links: "select * from customer_link order by bucket, customer_id, kind, linked_id",
  facts: "select * from line_facts order by bucket, line_id, as_of, known_at, seq",
  signals: "select * from signal order by bucket, source, id",
  events: "select * from event order by bucket, seq",
  identities: "select bucket, customer_id, field from customer_identity order by 1, 2, 3",
};

async function contents({
  db,
}: FreshDatabase): Promise<Readonly<Record<string, readonly object[]>>> {
  const found: Record<string, readonly object[]> = {};
  for (const [name, text] of Object.entries(tables)) found[name] = await db.query<object>(text);
  return found;
}

test("a dry run says how much it would be and stores nothing", async () => {
  const dry = await tidemarkJson<object>(environments[0]!, ...words, "--dry-run");
  expect(dry).toMatchObject({ lines, seed, dryRun: true });
  expect((await contents(databases[0]!))["lines"]).toEqual([]);
});

test(
  "the history is stored, and the installation says that it is invented",
  { timeout: 120_000 },
  async () => {
    const seeded = await tidemarkJson<Seeded>(environments[0]!, ...words);
    expect(seeded).toMatchObject({ added: true, linesStored: lines, asOf: "2026-06-30" });
    expect(seeded.records).toBeGreaterThan(lines * demoMonths);
    expect(seeded.diskBytes).toBeGreaterThan(1_000_000);
    const { db } = databases[0]!;
    const [installation] = await db.query("select demo, test_clock from installation");
    expect(installation).toMatchObject({ demo: { lines, seed, stage: "done" } });
  },
);

test("each month end has the facts of the generator", async () => {
  const { db } = databases[0]!;
  for (let number = 0; number < lines; number += 1) {
    const line = demoLine(seed, number);
    const life = demoLife(line);
    const stored = await db.query<Readonly<{ asOf: string; facts: string }>>(
      `select f.as_of as "asOf", f.facts from line_facts f
        join credit_line l on l.bucket = f.bucket and l.id = f.line_id
        where l.reference = $1 order by f.as_of`,
      [line.reference],
    );
    const expected = [];
    for (let month = line.firstMonth; month <= demoMonths; month += 1) {
      const facts = canonicalJson(demoFacts(line, life, month));
      expected.push({ asOf: demoMonthEnds[month], facts });
    }
    expect(stored, line.reference).toEqual(expected);
  }
});

test("ties lie with the customers that have them", async () => {
  const { db } = databases[0]!;
  const oneSided = await db.query(
    `select a.customer_id from customer_link a where not exists
      (select 1 from customer_link b where b.customer_id = a.linked_id and b.linked_id = a.customer_id)`,
  );
  const [counts] = await db.query<Readonly<{ ties: number; kinds: number }>>(
    `select count(*)::int as ties, count(distinct kind)::int as kinds from customer_link k
      join customer c on c.bucket = k.bucket and c.id = k.customer_id`,
  );
  expect(oneSided).toEqual([]);
  expect(counts!.ties).toBeGreaterThan(0);
  expect(counts!.kinds).toBeGreaterThan(1);
});

test("another database gets the same rows", { timeout: 120_000 }, async () => {
  await tidemarkJson<Seeded>(environments[1]!, ...words);
  expect(await contents(databases[1]!)).toEqual(await contents(databases[0]!));
});

test("again adds nothing, and another demo is refused", async () => {
  const before = await contents(databases[0]!);
  const again = await tidemarkJson<Seeded>(environments[0]!, ...words);
  expect(again).toMatchObject({ added: false, records: 0, linesStored: lines });
  expect(await contents(databases[0]!)).toEqual(before);
  const other = await tidemark(environments[0]!, ["demo", "seed", "--lines", "61"]);
  expect(other.code).not.toBe(0);
  expect(other.err).toContain(`holds the demo of ${lines} lines and seed ${seed}`);
});

test("demo live plays the same events of a run once, and prints them instead", async () => {
  const [environment] = environments as [Environment];
  const printed = await tidemark(environment, [
    ...["demo", "live", "--events", "40", "--run", "3", "--print"],
  ]);
  const events = printed.out.trimEnd().split("\n");
  expect(events).toHaveLength(40);
  expect(JSON.parse(events[0]!)).toMatchObject({ id: "3-0", source: "/demo/live" });
  const live = ["demo", "live", "--events", "40", "--run", "3", "--rate", "1000"] as const;
  const dry = await tidemarkJson(environment, ...live, "--dry-run");
  expect(dry).toMatchObject({ events: 40, recorded: 40, duplicates: 0, dryRun: true });
  const played = await tidemarkJson(environment, ...live);
  expect(played).toMatchObject({ run: 3, events: 40, recorded: 40, duplicates: 0, rejected: 0 });
  const again = await tidemarkJson(environment, ...live);
  expect(again).toMatchObject({ recorded: 0, duplicates: 40, rejected: 0 });
});

test("demo live asks for a demo portfolio and for how many events are printed", async () => {
  const [environment] = environments as [Environment];
  const endless = await tidemark(environment, ["demo", "live", "--print"]);
  expect([endless.code, endless.err]).toEqual([64, expect.stringContaining("--events")]);
  const empty = await freshDatabase();
  databases.push(empty);
  const nothing = { ...environment, DATABASE_URL: empty.url, TIDEMARK_DATA: join(folder, "empty") };
  const refused = await tidemark(nothing, ["demo", "live", "--events", "1"]);
  expect([refused.code, refused.err]).toEqual([78, expect.stringContaining("demo seed")]);
});
