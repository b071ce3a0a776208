// The pool against a real server: exact values, prepared statements, Kysely, transactions and their conflicts.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../src/adapters/fault.ts";
import type { Transaction } from "../../src/adapters/postgres/pool.ts";
import { freshDatabase } from "../support/database.ts";

type Account = Readonly<{ id: number; minor: number; note: string | null }>;
type Tables = Readonly<{ pool_account: Account }>;

const fresh = await freshDatabase();
const { db } = fresh;
afterAll(fresh.close);

beforeAll(async () => {
  await db.transaction((tx) =>
    tx.runScript(
      'create table pool_account (id integer primary key, minor bigint not null, note text collate "C")',
    ),
  );
});

async function reset(...accounts: readonly Account[]): Promise<void> {
  await db.execute("delete from pool_account");
  await db.copyFrom(
    "copy pool_account (id, minor, note) from stdin",
    accounts.map(({ id, minor, note }) => [id, minor, note]),
  );
}

describe("values", () => {
  test("come exact and without time zones", async () => {
    const [row] = await db.query(
      `select 9007199254740991::bigint as money, date '2024-02-29' as day, timestamp '2024-02-29 08:00' as local,
              timestamptz '2024-02-29 08:00:00.123456+08' as instant, 1.10::numeric as rate, array[1,2]::bigint[] as many,
              array[date '2024-01-01', null] as days, '{"a": 1}'::jsonb as doc, '\\x00ff'::bytea as bytes, true as yes, null as nothing`,
    );
    expect(row).toEqual({
      money: 9_007_199_254_740_991,
      day: "2024-02-29",
      local: "2024-02-29 08:00:00",
      instant: "2024-02-29T00:00:00.123Z",
      rate: "1.10",
      many: [1, 2],
      days: ["2024-01-01", null],
      doc: { a: 1 },
      bytes: Buffer.from([0, 255]),
      yes: true,
      nothing: null,
    });
  });

  test("that a number cannot hold are a fault, and the connection goes on", async () => {
    await expect(db.query("select 9007199254740992::bigint as money")).rejects.toThrow(
      "it is beyond 2^53 - 1",
    );
    expect(await db.query("select $1::bigint as money", [7])).toEqual([{ money: 7 }]);
  });

  test("are sent as parameters in every kind", async () => {
    const values = [
      12,
      "x",
      true,
      null,
      new Date(0),
      Buffer.from([1]),
      ["a", null],
      JSON.stringify([{ b: 2 }]),
    ];
    const [row] = await db.query(
      `select $1::bigint as n, $2::text as t, $3::boolean as b, $4::text as u, $5::timestamptz as i, $6::bytea as y,
              $7::text[] as l, $8::jsonb as j`,
      values,
    );
    expect(row).toEqual({
      n: 12,
      t: "x",
      b: true,
      u: null,
      i: "1970-01-01T00:00:00.000Z",
      y: Buffer.from([1]),
      l: ["a", null],
      j: [{ b: 2 }],
    });
  });
});

describe("statements", () => {
  test("are prepared once per connection, also those of Kysely", async () => {
    const names = await db.transaction(async (tx) => {
      await tx.query("select id from pool_account where id = $1", [1]);
      await tx.query("select id from pool_account where id = $1", [2]);
      await tx
        .kysely<Tables>()
        .selectFrom("pool_account")
        .select("note")
        .where("id", "=", 1)
        .execute();
      return tx.query<{ statement: string }>(
        `select statement from pg_prepared_statements where statement like '%pool_account%'`,
      );
    });
    expect(
      names
        .map((row) => row.statement)
        .filter((text) => /pool_account where id = \$1$|"note"/.test(text)),
    ).toHaveLength(2);
  });

  test("go on after a migration has changed what they return", async () => {
    await db.execute("create table shape (a integer)");
    await db.execute("insert into shape values (1)");
    expect(await db.query("select * from shape")).toEqual([{ a: 1 }]);
    await db.execute("alter table shape add column b integer");
    expect(await db.query("select * from shape")).toEqual([{ a: 1, b: null }]);
    expect(await db.transaction((tx) => tx.query("select * from shape"))).toEqual([
      { a: 1, b: null },
    ]);
  });

  test("that fail are faults with the SQLSTATE, not retryable", async () => {
    await reset({ id: 1, minor: 1, note: null });
    const failure = db.query("insert into pool_account (id, minor) values (1, 1)");
    await expect(failure).rejects.toBeInstanceOf(Fault);
    await expect(failure).rejects.toMatchObject({ code: "23505", retryable: false });
    await expect(failure).rejects.toThrow(/^Cannot run statement: duplicate key value.*\(23505\)$/);
  });

  test("say how many rows they touched", async () => {
    await reset({ id: 1, minor: 1, note: null }, { id: 2, minor: 2, note: null });
    expect(await db.execute("update pool_account set minor = minor + 1")).toBe(2);
  });
});

describe("Kysely", () => {
  test("reads and writes through the pool and inside a transaction", async () => {
    await reset();
    const kysely = db.kysely<Tables>();
    await kysely.insertInto("pool_account").values({ id: 1, minor: 5, note: "a" }).execute();
    const result = await kysely
      .updateTable("pool_account")
      .set({ minor: 6 })
      .where("id", "=", 1)
      .executeTakeFirst();
    expect(result.numUpdatedRows).toBe(1n);
    const undone = await db.transaction(
      async (tx) => {
        await tx.kysely<Tables>().deleteFrom("pool_account").execute();
        return tx.kysely<Tables>().selectFrom("pool_account").selectAll().execute();
      },
      { rollback: true },
    );
    expect(undone).toEqual([]);
    expect(await kysely.selectFrom("pool_account").selectAll().execute()).toEqual([
      { id: 1, minor: 6, note: "a" },
    ]);
  });

  test("fails with faults", async () => {
    await reset({ id: 1, minor: 1, note: null });
    const again = db
      .kysely<Tables>()
      .insertInto("pool_account")
      .values({ id: 1, minor: 5, note: null })
      .execute();
    await expect(again).rejects.toMatchObject({ name: "Fault", code: "23505" });
  });
});

describe("a transaction", () => {
  test("commits what it did, or nothing", async () => {
    await reset();
    await db.transaction((tx) => tx.execute("insert into pool_account (id, minor) values (1, 1)"));
    const failure = new Error("no");
    const failed = db.transaction(async (tx) => {
      await tx.execute("insert into pool_account (id, minor) values (2, 1)");
      throw failure;
    });
    await expect(failed).rejects.toBe(failure);
    expect(await db.query("select id from pool_account")).toEqual([{ id: 1 }]);
  });

  test("is READ COMMITTED", async () => {
    expect(await db.transaction((tx) => tx.query("show transaction_isolation"))).toEqual([
      { transaction_isolation: "read committed" },
    ]);
  });

  test("does not pretend to commit after a failure that was swallowed", async () => {
    const swallowed = db.transaction(async (tx) => {
      await tx.query("select 1 / 0").catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(
      "a statement in it failed and the failure was not passed on",
    );
  });

  test("is refused after its end", async () => {
    const kept = await db.transaction((tx) => Promise.resolve(tx));
    await expect(kept.query("select 1")).rejects.toThrow("Cannot use transaction: it has ended");
  });

  test("runs statements in order when they are not awaited", async () => {
    const results = await db.transaction((tx) =>
      Promise.all([1, 2, 3].map((n) => tx.query("select $1::integer as n", [n]))),
    );
    expect(results.flat()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test("may be read only", async () => {
    await expect(
      db.transaction((tx) => tx.execute("delete from pool_account"), { readOnly: true }),
    ).rejects.toMatchObject({ code: "25006" });
  });

  test("is run again after a deadlock until both rivals are through", async () => {
    await reset({ id: 1, minor: 0, note: null }, { id: 2, minor: 0, note: null });
    let runs = 0;
    const both = (first: number, second: number) =>
      db.transaction(async (tx) => {
        runs++;
        await tx.execute("update pool_account set minor = minor + 1 where id = $1", [first]);
        await sleep(30);
        await tx.execute("update pool_account set minor = minor + 1 where id = $1", [second]);
      });
    await Promise.all([both(1, 2), both(2, 1), both(1, 2), both(2, 1)]);
    expect(runs).toBeGreaterThan(4);
    expect(await db.query("select minor from pool_account order by id")).toEqual([
      { minor: 4 },
      { minor: 4 },
    ]);
  });

  test("is run again after a serialisation failure, also one that the work has wrapped, and gives up in the end", async () => {
    let runs = 0;
    const raise = async (tx: Transaction) => {
      runs++;
      if (runs < 3)
        await tx.runScript(
          `do $$ begin raise exception 'conflict' using errcode = '40001'; end $$`,
        );
      return runs;
    };
    expect(
      await db.transaction((tx) =>
        raise(tx).catch((cause: unknown) => Promise.reject(new Error("wrapped", { cause }))),
      ),
    ).toBe(3);
    runs = -1_000;
    await expect(db.transaction(raise)).rejects.toMatchObject({ code: "40001", retryable: true });
    expect(runs).toBe(-1_000 + 12);
  });
});

describe("statements that go out together", () => {
  test("are answered each with its own rows, in the order in which they were sent", async () => {
    await reset({ id: 1, minor: 10, note: null });
    const found: unknown[] = [];
    await db.transaction(async (tx) => {
      await tx.together([
        async () => found.push(await tx.query("select 1 as one")),
        async () => {
          await tx.execute("update pool_account set minor = minor + $1", [5]);
          found.push(await tx.query("select minor from pool_account"));
        },
        async () => found.push(await tx.query("select minor, 3 as three from pool_account")),
      ]);
      found.push(await tx.query("select 4 as four"));
      await tx.copyFrom("copy pool_account (id, minor, note) from stdin", [[2, 20, "after"]]);
    });
    expect(found).toEqual([
      ...[[{ one: 1 }], [{ minor: 15, three: 3 }], [{ minor: 15 }], [{ four: 4 }]],
    ]);
    expect(await db.query("select count(*)::int as rows from pool_account")).toEqual([{ rows: 2 }]);
  });

  test("fail with the first failure, nothing of the transaction stays, and the connection goes on", async () => {
    await reset({ id: 1, minor: 10, note: null });
    let outcomes: readonly string[] = [];
    const failing = db.transaction(async (tx) => {
      const works = [
        () => tx.execute("update pool_account set minor = 11"),
        () => tx.execute("insert into pool_account (id, minor) values (1, 1)"),
        () => tx.execute("update pool_account set minor = 12"),
      ];
      const watched = works.map((work) => async () => {
        await work().finally(() => (outcomes = [...outcomes, "ended"]));
      });
      await tx.together(watched);
    });
    await expect(failing).rejects.toMatchObject({ code: "23505" });
    expect(outcomes).toHaveLength(3);
    expect(await db.query("select minor from pool_account")).toEqual([{ minor: 10 }]);
  });
});
