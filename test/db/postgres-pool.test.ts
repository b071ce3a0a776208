// The pool against a real server: values, COPY, transactions, conflicts, lost connections and time-outs.
import { once } from "node:events";
import { createServer, connect, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../src/adapters/fault.ts";
import { openDatabase, type Transaction } from "../../src/adapters/postgres/pool.ts";
import { freshDatabase, urlOf } from "../support/database.ts";

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

describe("COPY", () => {
  test("brings every text back unchanged", async () => {
    const notes = [
      "plain",
      "",
      null,
      "\\N",
      "tab\there",
      "line\nend\r",
      "\\.",
      "潮位 🌊",
      '"quoted", {braced}',
      "\u0001\u007f",
    ];
    await reset();
    const rows = notes.map((note, id) => [id, id * 1_000, note]);
    expect(await db.copyFrom("copy pool_account (id, minor, note) from stdin", rows)).toBe(
      notes.length,
    );
    expect(await db.query("select note from pool_account order by id")).toEqual(
      notes.map((note) => ({ note })),
    );
    const copied = await all(
      db.copyTo("copy (select id, minor, note from pool_account order by id) to stdout"),
    );
    expect(copied).toEqual(rows.map(([id, minor, note]) => [String(id), String(minor), note]));
  });

  test("streams many rows both ways with bounded memory", async () => {
    await reset();
    let asked = 0;
    async function* many(): AsyncGenerator<readonly unknown[]> {
      for (let id = 0; id < 200_000; id++) {
        asked++;
        yield [id, id, "x".repeat(50)];
      }
    }
    expect(await db.copyFrom("copy pool_account (id, minor, note) from stdin", many())).toBe(
      200_000,
    );
    expect(asked).toBe(200_000);
    let bytes = 0;
    for await (const chunk of db.copyChunksTo("copy pool_account to stdout")) bytes += chunk.length;
    expect(bytes).toBeGreaterThan(200_000 * 50);
  });

  test("stops cleanly when the reader stops early, and the transaction goes on", async () => {
    await reset({ id: 1, minor: 1, note: null });
    const result = await db.transaction(async (tx) => {
      for await (const row of tx.copyTo("copy (select generate_series(1, 100000)) to stdout"))
        if (row[0] === "3") break;
      return tx.query("select count(*) as n from pool_account");
    });
    expect(result).toEqual([{ n: 1 }]);
    for await (const row of db.copyTo("copy (select generate_series(1, 100000000)) to stdout"))
      if (row[0] === "3") break;
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("refuses other statements on the transaction while it is being read", async () => {
    const mixed = db.transaction(async (tx) => {
      for await (const row of tx.copyTo("copy (select generate_series(1, 10)) to stdout"))
        await tx.query("select $1::text", [row[0]]);
    });
    await expect(mixed).rejects.toThrow(
      "Cannot run statement: a COPY is still being read on this connection",
    );
  });

  test("passes on the feed's own error and stores nothing", async () => {
    await reset();
    class Mistake extends Error {}
    async function* broken(): AsyncGenerator<readonly unknown[]> {
      yield [1, 1, null];
      throw new Mistake("line 2");
    }
    await expect(
      db.copyFrom("copy pool_account (id, minor, note) from stdin", broken()),
    ).rejects.toBeInstanceOf(Mistake);
    expect(await db.query("select count(*) as n from pool_account")).toEqual([{ n: 0 }]);
  });

  test("reports what the server refuses, in and out", async () => {
    await reset();
    const bad = db.copyFrom("copy pool_account (id, minor, note) from stdin", [["x", 1, null]]);
    await expect(bad).rejects.toMatchObject({ name: "Fault", code: "22P02" });
    await expect(all(db.copyTo("copy missing to stdout"))).rejects.toMatchObject({ code: "42P01" });
    await expect(db.copyFrom("copy missing from stdin", [[1]])).rejects.toMatchObject({
      code: "42P01",
    });
    const late = db.copyTo("copy (select 1 / (5 - n) from generate_series(1, 10) n) to stdout");
    await expect(all(late)).rejects.toMatchObject({ code: "22012" });
    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
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

describe("a lost connection", () => {
  test("is noticed before a transaction begins and another one is taken", async () => {
    const one = await openDatabase(fresh.url, { max: 3, application: "victim" });
    await Promise.all([1, 2, 3].map(() => one.query("select pg_sleep(0.05)")));
    await db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'`,
    );
    expect(await one.transaction((tx) => tx.query("select 1 as one"))).toEqual([{ one: 1 }]);
    await one.close();
  });

  test("inside a transaction is a retryable fault, and the work is not run again", async () => {
    const one = await openDatabase(fresh.url, { application: "victim-2" });
    let runs = 0;
    const lost = one.transaction(async (tx) => {
      runs++;
      await tx.query("select 1");
      await db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim-2'`,
      );
      await tx.query("select 2");
    });
    await expect(lost).rejects.toMatchObject({ name: "Fault", retryable: true });
    expect(runs).toBe(1);
    expect(await one.query("select 1 as one")).toEqual([{ one: 1 }]);
    await one.close();
  });
});

describe("a server", () => {
  test("that refuses connections is a retryable fault within a few seconds", async () => {
    const port = await freePort();
    await expect(openDatabase(`postgresql://u:secret@127.0.0.1:${port}/d`)).rejects.toMatchObject({
      code: "ECONNREFUSED",
      retryable: true,
    });
    await expect(openDatabase(`postgresql://u:secret@127.0.0.1:${port}/d`)).rejects.not.toThrow(
      /secret/,
    );
  });

  test("that accepts and never answers fails within the connection time-out", async () => {
    const { port, close } = await listen(() => undefined);
    const started = performance.now();
    await expect(openDatabase(`postgresql://u@127.0.0.1:${port}/d`)).rejects.toThrow(
      /^Cannot connect to database 127\.0\.0\.1:\d+\/d: timeout expired$/,
    );
    expect(performance.now() - started).toBeLessThan(3_500);
    await close();
  });

  test("that falls silent is given up after the query time-out, also in the middle of a COPY", async () => {
    const proxy = await startProxy(new URL(fresh.url));
    const one = await openDatabase(proxy.url, { queryTimeoutMs: 200 });
    proxy.silence(true);
    await expect(one.query("select 1")).rejects.toMatchObject({ name: "Fault", retryable: true });
    proxy.silence(false);
    const rows = one.copyTo(
      "copy (select repeat(chr(65), 9000) from generate_series(1, 100000)) to stdout",
    );
    const reading = (async () => {
      for await (const row of rows) if (row.length === 1) proxy.silence(true);
    })();
    await expect(reading).rejects.toMatchObject({ name: "Fault", retryable: true });
    proxy.silence(false);
    expect(await one.query("select 1 as one")).toEqual([{ one: 1 }]);
    await one.close();
    await proxy.close();
  });

  test("that does not know the database or the user says so and is not asked again", async () => {
    await expect(openDatabase(urlOf(fresh.url, "no_such_database"))).rejects.toMatchObject({
      code: "3D000",
      retryable: false,
    });
  });

  test("that is older than 15 is refused", async () => {
    const [found] = await db.query<{ number: string }>(
      "select current_setting('server_version_num') as number",
    );
    const proxy = await startProxy(new URL(fresh.url), (text) =>
      text.replaceAll(found?.number ?? "", "140012"),
    );
    await expect(openDatabase(proxy.url)).rejects.toThrow(
      /^Cannot use database: found PostgreSQL .*, expected 15 or newer$/,
    );
    await proxy.close();
  });

  test("whose encoding is not UTF8 is refused", async () => {
    const name = `${fresh.name}_ascii`;
    await db.execute(
      `create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`,
    );
    await expect(openDatabase(urlOf(fresh.url, name))).rejects.toThrow(
      "Cannot use database: found encoding SQL_ASCII, expected UTF8",
    );
  });
});

describe("time-outs", () => {
  test("cut a statement that takes too long, and the connection goes on", async () => {
    const hurried = await openDatabase(fresh.url, { max: 1, queryTimeoutMs: 150 });
    await expect(hurried.query("select pg_sleep(5)")).rejects.toMatchObject({
      code: "57014",
      retryable: true,
    });
    expect(await hurried.query("select 1 as one")).toEqual([{ one: 1 }]);
    await hurried.close();
  });

  test("may be set for one transaction, and a COPY is bounded by silence only", async () => {
    const hurried = await openDatabase(fresh.url, { max: 1, queryTimeoutMs: 150 });
    await hurried.transaction((tx) => tx.query("select pg_sleep(0.3)"), { queryTimeoutMs: 0 });
    const slowly =
      "copy (select n, pg_sleep(0.02), repeat(chr(65), 9000) from generate_series(1, 20) n) to stdout";
    expect(await all(hurried.copyTo(slowly))).toHaveLength(20);
    await expect(all(hurried.copyTo("copy (select pg_sleep(5)) to stdout"))).rejects.toMatchObject({
      retryable: true,
    });
    expect(await hurried.query("show statement_timeout")).toEqual([{ statement_timeout: "150ms" }]);
    await hurried.close();
  });

  test("end waiting for a free connection", async () => {
    const narrow = await openDatabase(fresh.url, { max: 1, queueTimeoutMs: 100 });
    const busy = narrow.query("select pg_sleep(0.5)");
    await expect(narrow.query("select 1")).rejects.toThrow(
      "Cannot get database connection: all 1 connections are busy for 100 ms",
    );
    await busy;
    expect(await narrow.query("select 1 as one")).toEqual([{ one: 1 }]);
    await narrow.close();
  });
});

test("close waits for work under way and may be called twice", async () => {
  const one = await openDatabase(fresh.url);
  const late = one.query("select pg_sleep(0.1), 1 as one");
  await sleep(20);
  await Promise.all([one.close(), one.close()]);
  await expect(late).resolves.toHaveLength(1);
  await expect(one.query("select 1")).rejects.toBeInstanceOf(Fault);
});

type Proxy = Readonly<{ url: string; silence(on: boolean): void; close(): Promise<void> }>;

/** Passes bytes between a client and the server until it is silenced, as a network does when a cable is pulled. */
async function startProxy(target: URL, rewrite = (text: string) => text): Promise<Proxy> {
  let silent = false;
  const port = Number(target.searchParams.get("port") ?? target.port) || 5432;
  const folder = target.searchParams.get("host");
  const place =
    folder === null ? { port, host: target.hostname } : { path: `${folder}/.s.PGSQL.${port}` };
  const proxy = await listen((socket) => {
    const server = connect(place);
    socket.on("data", (bytes) => silent || server.write(bytes)).on("close", () => server.destroy());
    server.on(
      "data",
      (bytes) => silent || socket.write(Buffer.from(rewrite(bytes.toString("latin1")), "latin1")),
    );
    server.on("error", () => undefined);
  });
  const user = target.searchParams.get("user") ?? `${target.username}:${target.password}`;
  const url = `postgresql://${user}@127.0.0.1:${proxy.port}${target.pathname}`;
  return { url, silence: (on) => void (silent = on), close: proxy.close };
}

async function listen(
  serve: (socket: Socket) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    serve(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function freePort(): Promise<number> {
  const { port, close } = await listen(() => undefined);
  await close();
  return port;
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
