// The PostgreSQL store keeps the contract of every store, and what only a real database can break: rows written past
// the lock, personal data in clear, keys that were destroyed, names that do not fit.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { plainKeys } from "../../src/adapters/memory/plain-keys.ts";
import {
  bucketTables,
  distributeTables,
  referenceTables,
} from "../../src/adapters/postgres/citus.ts";
import { postgresStore } from "../../src/adapters/postgres/store.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { storeContract } from "../support/store-contract.ts";
import {
  changesOf,
  creditLine,
  customerRow,
  event,
  idOf,
  register,
  wanted,
  write,
  type TestedStore,
} from "../support/store-contract/rows.ts";

let database: FreshDatabase;
let tables: readonly string[];
let store: TestedStore;

beforeAll(async () => {
  database = await freshDatabase();
  const rows = await database.db.query<Readonly<{ name: string }>>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migration'
     order by tablename`,
  );
  tables = rows.map(({ name }) => name);
});

afterAll(() => database.close());

async function openStore(): Promise<TestedStore> {
  const { db } = database;
  await db.execute(`truncate ${tables.filter((name) => name !== "bucket").join(", ")}`);
  await db.execute("update bucket set next_seq = 1 where next_seq <> 1");
  return postgresStore(db, plainKeys());
}

describe("the PostgreSQL store", () => {
  storeContract(openStore);
});

describe("the PostgreSQL store beside the contract", () => {
  const bucket = 9;
  const line = idOf(bucket, "line a");

  beforeEach(async () => {
    store = await openStore();
  });

  test("a row that was changed past the bucket's lock is a fault that may be tried again", async () => {
    await register(store, bucket, ["a"]);
    const work = store.transaction(bucket, false, async (transaction) => {
      const state = await transaction.load(wanted({ lines: [line] }));
      await database.db.execute("update credit_line set ver = 2 where id = $1", [line]);
      state.lines.set(line, creditLine(bucket, "a", { limitMinor: 1, ver: 2 }));
      await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
    });
    await expect(work).rejects.toMatchObject({ name: "Fault", code: "stale-row", retryable: true });
    expect((await store.reads.line(line))?.limitMinor).toBe(2_000_000);
    expect(await store.reads.timeline(line)).toHaveLength(1);
  });

  test("a conflict runs the work again from the start and writes once", async () => {
    let runs = 0;
    await store.transaction(bucket, false, async (transaction) => {
      runs += 1;
      const state = await transaction.load(wanted());
      state.lines.set(line, creditLine(bucket, "a"));
      await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
      if (runs < 3) throw Object.assign(new Error("deadlock detected"), { code: "40P01" });
    });
    expect(runs).toBe(3);
    expect(await store.reads.timeline(line)).toHaveLength(1);
  });

  test("personal data lies only in the identity table, encrypted, and the newest text of a field counts", async () => {
    const id = idOf(bucket, "customer a");
    const put = (name: string) =>
      write(
        store,
        bucket,
        ["a"],
        (state) => {
          if (!state.customers.has(id)) state.customers.set(id, customerRow(bucket, "a"));
          state.identities.push({ customerId: id, fields: { name, phone: "13800000000" } });
        },
        { customers: [id] },
      );
    await put("王伟");
    await put("王小伟");
    const rows = await database.db.query<
      Readonly<{ field: string; ciphertext: Buffer; blind: Buffer }>
    >(
      `select field, ciphertext, blind_index as blind from customer_identity where customer_id = $1 order by field`,
      [id],
    );
    expect(rows.map(({ field }) => field)).toEqual(["name", "phone"]);
    const place = ["customer_identity", "name", id, "王小伟"];
    expect(JSON.parse(rows[0]!.ciphertext.toString())).toEqual(place);
    expect(Buffer.from(plainKeys().blindIndex("name", "王小伟"))).toEqual(rows[0]!.blind);
    for (const name of tables.filter((table) => table !== "customer_identity")) {
      const found = await database.db.query(
        `select 1 from ${name} t where t::text like '%王小伟%'`,
      );
      expect(found).toEqual([]);
    }
  });

  test("a customer whose key was destroyed commits to nothing and takes no more personal data", async () => {
    await register(store, bucket, ["a"]);
    const id = idOf(bucket, "customer a");
    await database.db.execute("delete from customer_key where customer_id = $1", [id]);
    const said = await store.transaction(bucket, false, async (transaction) => {
      await transaction.load(wanted({ lines: [line] }));
      return transaction.commit(id, "x");
    });
    expect(said).toBe("erased");
    const put = write(
      store,
      bucket,
      ["a"],
      (state) => void state.identities.push({ customerId: id, fields: { name: "王伟" } }),
      { customers: [id] },
    );
    await expect(put).rejects.toThrow(/its key was destroyed/);
  });

  test("log leaves are stored in their exact bytes beside their hash", async () => {
    await register(store, bucket, ["a"]);
    const rows = await database.db.query<Readonly<{ seq: number; leaf: string; hash: Buffer }>>(
      "select seq, leaf, hash from log_leaf where bucket = $1",
      [bucket],
    );
    const leaf = JSON.stringify({ bucket, seq: 1, v: 1 });
    const [expected] = changesOf({} as never, [event(bucket, 1, "a")]).leaves;
    expect(rows.map(({ hash, ...row }) => ({ ...row, hash: hash.toString("hex") }))).toEqual([
      { seq: 1, leaf, hash: expected?.hash },
    ]);
  });

  test("without the extension nothing is distributed, and every table with a bucket would be", async () => {
    expect(await distributeTables(database.db)).toEqual([]);
    const rows = await database.db.query<Readonly<{ name: string; key: string }>>(
      `select c.relname as name, (select a.attname from pg_attribute a where a.attrelid = c.oid
          and a.attnum = i.indkey[0]) as key
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
       join pg_index i on i.indrelid = c.oid and i.indisunique
       where exists (select 1 from pg_attribute b where b.attrelid = c.oid and b.attname = 'bucket')`,
    );
    expect([...new Set(rows.map(({ name }) => name))].toSorted()).toEqual(
      [...bucketTables].toSorted(),
    );
    expect(rows.filter(({ key }) => key !== "bucket")).toEqual([]);
    for (const name of referenceTables) expect(tables).toContain(name);
  });

  test("every text key is ordered by bytes", async () => {
    const rows = await database.db.query<Readonly<{ name: string }>>(
      `select distinct c.relname || '.' || a.attname as name from pg_index i
       join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
       join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
       join pg_collation o on o.oid = a.attcollation where o.collname <> 'C'`,
    );
    expect(rows).toEqual([]);
  });
});
