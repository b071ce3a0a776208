// Importing into PostgreSQL: what is stored adds up, a second time changes nothing, and personal data that went
// in is found nowhere as it was: in no table, no event, no leaf of the log, not even as a plain digest.

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openLines } from "../../src/adapters/files/open-lines.ts";
import { readMappingFile } from "../../src/adapters/files/mapping-file.ts";
import { newKeyRing } from "../../src/adapters/identity/key-ring.ts";
import { createKeys } from "../../src/adapters/identity/keys.ts";
import { postgresStore } from "../../src/adapters/postgres/store.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { bucketOfCustomer } from "../../src/domain/id.ts";
import type { World } from "../../src/flow/ports.ts";
import { importLines, type ImportSummary } from "../../src/portfolio/import-lines.ts";
import type { Mapping } from "../../src/portfolio/mapping.ts";
import { parseMapping } from "../../src/portfolio/parse-mapping.ts";
import type { LinesFile } from "../../src/portfolio/ports.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { importWorld, keepRejects, linesFile, operator } from "../support/import-world.ts";
import {
  sampleCells,
  sampleColumns,
  sampleDocument,
  sampleMapping,
} from "../support/mapping-document.ts";
import { oneLinePerReference } from "../support/one-line-per-reference.ts";

const keys = createKeys(newKeyRing());

let database: FreshDatabase;
let world: World;
beforeAll(async () => {
  database = await freshDatabase();
  world = importWorld(postgresStore(database.db, keys));
});
afterAll(() => database.close());

describe("in a database of its own", () => {
  let own: FreshDatabase | null = null;
  afterEach(() => own?.close());

  oneLinePerReference(async () => {
    own = await freshDatabase();
    return postgresStore(own.db, keys);
  });
});

async function run(file: LinesFile, mapping: Mapping, dryRun = false): Promise<ImportSummary> {
  const importId = world.ids.fresh();
  const outcome = await importLines(world, file, mapping, {
    ...{ actor: operator, importId, dryRun, rejects: keepRejects(), identityMark: keys.mark },
  });
  if ("summary" in outcome) return outcome.summary;
  throw new Error(JSON.stringify(outcome.problems));
}

describe("the demo portfolio", () => {
  const folder = fileURLToPath(new URL("../../examples/demo/", import.meta.url));

  test("is stored once, however often it is imported", async () => {
    const read = await readMappingFile(`${folder}mapping.yaml`, parseMapping);
    if ("problems" in read) throw new Error(read.problems.map((problem) => problem.en).join("\n"));
    const file = await openLines(`${folder}lines.csv`, { format: read.mapping.format });
    const dry = await run(file, read.mapping, true);
    expect(dry).toMatchObject({ accepted: 300, rejected: 0, added: 300 });
    expect(await counts()).toEqual({ lines: 0, facts: 0, events: 0, leaves: 0 });
    const first = await run(file, read.mapping);
    expect(first).toMatchObject({ accepted: 300, rejected: 0, added: 300 });
    const stored = await counts();
    expect(stored).toEqual({ lines: 300, facts: 300, events: 300, leaves: 300 });
    const again = await run(file, read.mapping);
    expect(again).toMatchObject({ accepted: 300, added: 0, changed: 0, unchanged: 300 });
    expect(again.limitMinorByCurrency).toEqual(first.limitMinorByCurrency);
    expect(await counts()).toEqual(stored);
    const [total] = await database.db.query<{ sum: unknown }>(
      "select sum(limit_minor) as sum from credit_line",
    );
    expect(Number(total?.sum)).toBe(first.limitMinorByCurrency["CNY"]);
  });
});

async function counts(): Promise<Readonly<Record<string, number>>> {
  const [row] = await database.db.query<Record<string, unknown>>(
    `select (select count(*) from credit_line) as lines, (select count(*) from line_facts) as facts,
       (select count(*) from event) as events, (select count(*) from log_leaf) as leaves`,
  );
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]),
  );
}

/** Values that stand nowhere else in the world. */
const person = {
  name: "凤栖梧Canary",
  phone: "+86 139-7311-4620",
  email: "Canary.Quokka@Example.ORG",
  address: "桐花路 7319 号 Zyzzyva 大厦",
  document: "11010119900307731X",
} as const;

describe("personal data", () => {
  const line = sampleDocument() as { identity: object };
  const identity = Object.fromEntries(
    Object.keys(person).map((field) => [field, { column: field.toUpperCase() }]),
  );
  const mapping = sampleMapping({ identity: { ...line.identity, ...identity } });
  const more = ["EMAIL", "ADDRESS", "DOCUMENT"];
  const columns = [...sampleColumns, ...more];
  const customerId = () => world.ids.derive(bucketOfCustomer("C-canary"), "customer", "C-canary");

  let changed = 0;
  beforeAll(async () => {
    const change = { CUST: "C-canary", LINE: "L-canary", NAME: person.name, PHONE: person.phone };
    const cells = [...sampleCells(change), person.email, person.address, person.document];
    await run(linesFile(columns, [cells]), mapping);
    const moved = [
      ...sampleCells({ ...change, OVERDUE: "12" }),
      person.email,
      person.address,
      person.document,
    ];
    changed = (await run(linesFile(columns, [moved]), mapping)).changed;
  });

  test("stands in no table: not as text, not as bytes, not as a digest without a key", async () => {
    expect(changed).toBe(1);
    const everything = await everyRow();
    expect(everything).toContain("C-canary");
    expect(everything).toContain("LineUpdated");
    for (const trace of tracesOf(person)) expect(everything.includes(trace), trace).toBe(false);
  });

  test("comes back with the keys, and is found by its blind index however it is written", async () => {
    const rows = await database.db.query<{ field: string; ciphertext: Buffer; blind: Buffer }>(
      "select field, ciphertext, blind_index as blind from customer_identity where customer_id = $1 order by field",
      [customerId()],
    );
    const [stored] = await database.db.query<{ wrapped: Buffer; keyId: string }>(
      `select wrapped_key as wrapped, key_id as "keyId" from customer_key where customer_id = $1`,
      [customerId()],
    );
    const rowKey = keys.unwrap(stored!.wrapped, stored!.keyId);
    const opened = rows.map(({ field, ciphertext }) => [
      field,
      keys.decryptField(rowKey, "customer_identity", field, customerId(), ciphertext),
    ]);
    expect(Object.fromEntries(opened)).toEqual(person);
    const phone = rows.find(({ field }) => field === "phone")!;
    expect(phone.blind.equals(keys.blindIndex("phone", "8613973114620"))).toBe(true);
    const stranger = createKeys(newKeyRing());
    expect(() => stranger.unwrap(stored!.wrapped, stored!.keyId)).toThrow(/does not open it/);
  });
});

/** All rows of all tables as one text; bytes as hexadecimal digits. */
async function everyRow(): Promise<string> {
  const tables = await database.db.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  expect(tables.length).toBeGreaterThan(15);
  let text = "";
  for (const { name } of tables) {
    const rows = await database.db.query<{ row: string }>(`select t::text as row from "${name}" t`);
    text += rows.map(({ row }) => row).join("\n");
  }
  return text;
}

function hex(text: string): string {
  return Buffer.from(text, "utf8").toString("hex");
}

/** Every form in which a value must not be found: itself, its parts, its bytes, plain digests of it. */
function tracesOf(values: Readonly<Record<string, string>>): readonly string[] {
  const own = Object.values(values);
  const parts = [
    "凤栖梧",
    "Quokka",
    "quokka",
    "Zyzzyva",
    "桐花路",
    "7311-4620",
    "13973114620",
    "199003077",
  ];
  const whole = [
    ...own,
    ...own.map((value) => value.toLowerCase()),
    "8613973114620",
    canonicalJson(values),
  ];
  const digests = whole.flatMap((value) =>
    ["sha256", "sha1", "md5"].flatMap((algorithm) => {
      const digest = createHash(algorithm).update(value).digest();
      return [digest.toString("hex"), digest.toString("base64")];
    }),
  );
  return [...own, ...parts, ...own.map(hex), ...parts.map(hex), ...digests];
}
