// The pool when the world fails: lost connections, servers that are absent, silent, too old or of another encoding, and
// the time-outs that bound every wait.
import { once } from "node:events";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { Fault } from "../../src/adapters/fault.ts";
import { openDatabase } from "../../src/adapters/postgres/pool.ts";
import { freshDatabase, urlOf } from "../support/database.ts";

const fresh = await freshDatabase();
const { db } = fresh;
afterAll(fresh.close);

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
    expect(await Array.fromAsync(hurried.copyTo(slowly))).toHaveLength(20);
    await expect(
      Array.fromAsync(hurried.copyTo("copy (select pg_sleep(5)) to stdout")),
    ).rejects.toMatchObject({
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

type Proxy = Readonly<{ url: string; silence: (on: boolean) => void; close: () => Promise<void> }>;

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
): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
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
