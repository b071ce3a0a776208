// The embedded PostgreSQL as real processes: shared, restarted, killed at every moment, and started again.
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openDatabase } from "../../src/adapters/postgres/pool.ts";
import { birthOf } from "../../src/adapters/postgres/process-identity.ts";
import {
  answers,
  base,
  eventually,
  keep,
  leave,
  newFolder,
  parentOf,
  postmaster,
  readKept,
  serverLog,
  spawnUser,
  start,
  startUser,
  withDatabase,
} from "../support/embedded-sandbox.ts";

const isLinux = process.platform === "linux";

describe("one process", () => {
  test("keeps its data over stop and start, also when the folder was copied with wide permissions", async () => {
    const first = await start(base);
    expect(first.owned).toBe(true);
    await keep(first.url, 42);
    await first.stop();
    expect(await answers(first.url)).toBe(false);
    chmodSync(join(base, "postgres", "cluster"), 0o755);
    const second = await start(base);
    expect(await readKept(second.url)).toBe(42);
    await second.stop();
  });

  test("makes a private, durable UTF-8 database that is not on the network", async () => {
    const folder = newFolder();
    const server = await start(folder);
    const [found] = await withDatabase(server.url, (db) =>
      db.query(`select current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as network,
        current_setting('max_wal_size') as wal, datlocprovider as provider, datlocale as locale
        from pg_database where datname = current_database()`),
    );
    expect(found).toEqual({
      encoding: "UTF8",
      fsync: "on",
      commit: "on",
      network: "",
      wal: "256MB",
      provider: "b",
      locale: "C.UTF-8",
    });
    expect(statSync(server.connection.host).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, "postgres")).mode & 0o777).toBe(0o700);
    await server.stop();
  });

  test("refuses to be revived after stop and may be stopped twice", async () => {
    const server = await start(base);
    await server.stop();
    await server.stop();
    await expect(server.ensureRunning()).rejects.toThrow("Cannot reach database: it was stopped");
  });

  test("serves two uses in one process until both have ended", async () => {
    const first = await start(base);
    const second = await start(base);
    expect(second.owned).toBe(false);
    await first.stop();
    expect(await answers(second.url)).toBe(true);
    await second.stop();
    expect(await answers(second.url)).toBe(false);
  });

  test("leaves no lock, record or socket of its own behind", async () => {
    const server = await start(base);
    await server.stop();
    expect(readdirSync(join(base, "postgres")).toSorted()).toEqual([
      "cluster",
      "server.log",
      "socket",
      "users",
      "users.pipe",
    ]);
    expect(readdirSync(join(base, "postgres", "users"))).toEqual([]);
    expect(readdirSync(join(base, "postgres", "socket"))).toEqual([]);
  });
});

describe("several processes", () => {
  test("share one server, which outlives the one that started it", async () => {
    const first = await startUser(base);
    const second = await startUser(base);
    expect([first.owned, second.owned]).toEqual([true, false]);
    await leave(first);
    expect(await answers(second.url)).toBe(true);
    await leave(second);
    expect(await answers(second.url)).toBe(false);
  });

  test("survive a kill of the one that started the server", async () => {
    const first = await startUser(base);
    const second = await startUser(base);
    first.child.kill("SIGKILL");
    await once(first.child, "exit");
    await sleep(300);
    expect(await answers(second.url)).toBe(true);
    await leave(second);
  });

  test.runIf(isLinux)(
    "are not disturbed by a Ctrl-C in the terminal of the one that started the server",
    async () => {
      const first = await startUser(base, { prefix: ["setsid", "--wait"] });
      const second = await startUser(base);
      expect(first.owned).toBe(true);
      process.kill(-first.pid, "SIGINT");
      await eventually(() => birthOf(first.pid) === undefined);
      await sleep(200);
      expect(await answers(second.url)).toBe(true);
      await leave(second);
      expect(await answers(second.url)).toBe(false);
    },
  );

  test("starting at the same moment in a new folder start exactly one server", async () => {
    const folder = newFolder();
    const users = await Promise.all(Array.from({ length: 4 }, () => startUser(folder)));
    expect(users.filter((user) => user.owned)).toHaveLength(1);
    expect(new Set(users.map((user) => user.url)).size).toBe(1);
    await Promise.all(users.map(leave));
    expect(await answers(users[0]?.url ?? "")).toBe(false);
  });
});

describe("a kill", () => {
  test("of the last user lets PostgreSQL stop cleanly, and the next start goes on with the data", async () => {
    const user = await startUser(base);
    await keep(user.url, 7);
    const pid = postmaster();
    user.child.kill("SIGKILL");
    await eventually(() => birthOf(pid) === undefined);
    expect(serverLog()).toContain("database system is shut down");
    const server = await start(base);
    expect(await readKept(server.url)).toBe(7);
    expect(serverLog()).not.toContain("automatic recovery");
    await server.stop();
  });

  test("of PostgreSQL is recovered by an open database", async () => {
    const server = await start(base);
    const db = await openDatabase(server);
    await keep(server.url, 1);
    const pid = postmaster();
    process.kill(pid, "SIGKILL");
    // The backend of an open connection outlives its server for a moment, and may even commit in it.
    await eventually(() => birthOf(pid) === undefined);
    await sleep(500);
    await db.transaction((tx) => tx.execute("insert into kept values (2)"));
    expect(await db.query("select n from kept order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await db.close();
    await server.stop();
    expect(await answers(server.url)).toBe(false);
  });

  test("of PostgreSQL is recovered once when two processes notice it", async () => {
    const server = await start(base);
    const other = await startUser(base);
    process.kill(postmaster(), "SIGKILL");
    await Promise.all([server.ensureRunning(), server.ensureRunning()]);
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    // The other process never noticed, and its use counts for the new server too.
    expect(await answers(other.url)).toBe(true);
    await leave(other);
    expect(await answers(other.url)).toBe(false);
  });

  test("of everything at once, with a backend still at work, does not block the next start", async () => {
    const user = await startUser(base);
    await keep(user.url, 3);
    const db = await openDatabase(user.url);
    const busy = db
      .query("select count(*) from generate_series(1, 10000000)")
      .catch((error: unknown) => error);
    await sleep(200);
    const pid = postmaster();
    const supervisor = parentOf(pid);
    user.child.kill("SIGKILL");
    process.kill(supervisor, "SIGKILL");
    process.kill(pid, "SIGKILL");
    const server = await start(base);
    expect(await readKept(server.url)).toBe(3);
    await busy;
    await db.close();
    await server.stop();
  });

  test.runIf(isLinux)("of the supervisor alone stops PostgreSQL cleanly", async () => {
    const user = await startUser(base);
    const pid = postmaster();
    process.kill(parentOf(pid), "SIGKILL");
    await eventually(() => birthOf(pid) === undefined);
    expect(serverLog()).toContain("database system is shut down");
    const server = await start(base);
    expect(server.owned).toBe(true);
    await server.stop();
    await leave(user);
  });

  test("during the first start leaves a folder that starts", async () => {
    const folder = newFolder();
    const child = spawnUser(folder);
    await eventually(() => unfinished(folder).length > 0);
    child.kill("SIGKILL");
    const server = await start(folder);
    expect(await answers(server.url)).toBe(true);
    await server.stop();
    expect(unfinished(folder)).toEqual([]);
  });

  test("during the first start, whose initdb made its folder anew, leaves nothing after the last stop", async () => {
    const plant = () =>
      mkdirSync(join(base, "postgres", "cluster.late", "base"), { recursive: true });
    plant();
    const server = await start(base);
    expect(unfinished(base)).toEqual([]);
    plant();
    await server.stop();
    expect(unfinished(base)).toEqual([]);
  });
});

describe("what a dead process left", () => {
  test.each([
    [
      "a lock of a process that is gone",
      () => JSON.stringify({ pid: 4_194_304, birth: "1", nonce: "x" }),
    ],
    [
      "a lock whose process number was given to another",
      () => JSON.stringify({ pid: process.pid, birth: "1", nonce: "x" }),
    ],
    ["a lock of half a line", () => '{"pid":'],
    ["an empty lock", () => ""],
  ])("does not block: %s", async (_, text) => {
    writeFileSync(join(base, "postgres", "start.lock"), text());
    const server = await start(base);
    expect(server.owned).toBe(true);
    await server.stop();
  });

  test("does not block: a pid file whose number was given to another program", async () => {
    const first = await start(base);
    await keep(first.url, 5);
    const pidFile = join(base, "postgres", "cluster", "postmaster.pid");
    const [, ...rest] = readFileSync(pidFile, "utf8").split("\n");
    await first.stop();
    writeFileSync(pidFile, [String(process.pid), ...rest].join("\n"));
    const second = await start(base);
    expect(await readKept(second.url)).toBe(5);
    await second.stop();
  });
});

function unfinished(folder: string): readonly string[] {
  const inside = existsSync(join(folder, "postgres")) ? readdirSync(join(folder, "postgres")) : [];
  return inside.filter((name) => name.startsWith("cluster."));
}
