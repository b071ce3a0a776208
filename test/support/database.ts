// Databases for tests: one server per run (DATABASE_URL, else an embedded one in a temporary folder), one migrated
// template in it, and a private copy for each test file, so that files run in parallel and never see each other's rows.
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { startEmbedded, type EmbeddedServer } from "../../src/adapters/postgres/embedded.ts";
import { migrate } from "../../src/adapters/postgres/migrate.ts";
import { openDatabase, type Database } from "../../src/adapters/postgres/pool.ts";
import { birthOf } from "../../src/adapters/postgres/process-identity.ts";

/** What the run's set-up tells every test worker. */
export type TestServer = Readonly<{ url: string; template: string; embedded: boolean }>;

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

/** A test file's own database. `close` closes `db` and drops the database; what is forgotten is dropped after the run. */
export type FreshDatabase = Readonly<{
  db: Database;
  url: string;
  name: string;
  close(): Promise<void>;
}>;

const migrations = fileURLToPath(new URL("../../migrations", import.meta.url));
const folderPrefix = "tidemark-test-";
let made = 0;

/** Run by vitest once per project before its files; the function returned is run after them. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env["DATABASE_URL"] === undefined ? await startTestServer() : undefined;
  const url = server?.url ?? process.env["DATABASE_URL"] ?? "";
  const template = `tidemark_test_${randomBytes(4).toString("hex")}`;
  await withDatabase(url, (db) =>
    db.execute(`create database ${template} encoding 'UTF8' template template0`),
  );
  await withDatabase(urlOf(url, template), (db) => migrate(db, migrations));
  project.provide("testServer", { url, template, embedded: server !== undefined });
  return async () => {
    await withDatabase(url, (db) => dropAll(db, template));
    if (server !== undefined) await stopTestServer(server);
  };
}

/** A copy of the migrated template for the calling test file. Close it in `afterAll`. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url, template } = inject("testServer");
  const name = `${template}_${process.pid}_${++made}`;
  await withDatabase(url, (db) => db.execute(`create database ${name} template ${template}`));
  const own = urlOf(url, name);
  const db = await openDatabase(own, { application: "tidemark-test" });
  return {
    db,
    url: own,
    name,
    async close() {
      await db.close();
      await withDatabase(url, (admin) =>
        admin.execute(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

/** The URL of another database of the same server. */
export function urlOf(url: string, database: string): string {
  return url.replace(/^(\w+:\/\/[^/?]*)\/[^?]*/, `$1/${database}`);
}

/** Its data are thrown away after the run: waiting for the disk would only slow it down. */
async function startTestServer(): Promise<EmbeddedServer> {
  forgetDeadRuns();
  const server = await startEmbedded(join(tmpdir(), `${folderPrefix}${process.pid}`));
  await withDatabase(server.url, async (db) => {
    await db.execute("alter system set fsync = off");
    await db.query("select pg_reload_conf()");
  });
  return server;
}

async function stopTestServer(server: EmbeddedServer): Promise<void> {
  await server.stop();
  const folder = join(tmpdir(), `${folderPrefix}${process.pid}`);
  // Another project of this run may still use it; the last one clears up.
  if (!existsSync(join(folder, "postgres", "cluster", "postmaster.pid")))
    rmSync(folder, { recursive: true, force: true });
}

/** A killed run cannot clear up after itself; its server is gone, its folder is not. */
function forgetDeadRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(folderPrefix)) continue;
    const pid = Number(name.slice(folderPrefix.length));
    if (birthOf(pid) === undefined) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function dropAll(db: Database, template: string): Promise<void> {
  const names = await db.query<{ datname: string }>(
    "select datname from pg_database where datname like $1",
    [`${template}%`],
  );
  for (const { datname } of names)
    await db.execute(`drop database if exists ${datname} with (force)`);
}

async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(url, { max: 1, application: "tidemark-test" });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
