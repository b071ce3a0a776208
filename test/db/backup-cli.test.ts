// `tidemark export backup` and `tidemark import backup` as people run them: from the embedded database of one data folder to
// a server by DATABASE_URL, with the master key carried over by hand, in both languages.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKeys } from "../../src/adapters/identity/keys.ts";
import { keyRingText, newKeyRing, parseKeyRing } from "../../src/adapters/identity/key-ring.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import { compose } from "../../src/compose.ts";
import { readConfig } from "../../src/adapters/config.ts";
import { tableHashes } from "../support/backup-rows.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-backup-cli-"));
const backup = join(base, "backup");
const customer = "00000000-0000-4000-8000-000000000007";
const keyFileOf = (data: string): string => join(base, data, "keys", "master.json");

let server: FreshDatabase;
let hashes: Readonly<Record<string, string>>;

/** A customer with personal data in the embedded database of `old`, written under its own master key. */
beforeAll(async () => {
  server = await freshDatabase();
  const tidemark = await compose(readConfig({}, { TIDEMARK_DATA: join(base, "old") }, base), {
    migrations: "apply",
  });
  const { database } = tidemark;
  const { rowKey, wrapped, keyId } = keysOf("old").newRowKey();
  const sealed = keysOf("old").encryptField(
    rowKey,
    "customer_identity",
    "phone",
    customer,
    "13800138000",
  );
  await database.execute(
    "insert into customer (bucket, id, reference, language) values (3, $1, 'C-7', 'zh')",
    [customer],
  );
  await database.execute("insert into customer_key values (3, $1, $2, $3)", [
    customer,
    wrapped,
    keyId,
  ]);
  await database.execute("insert into customer_identity values (3, $1, 'phone', $2, $3, $2)", [
    customer,
    sealed,
    keyId,
  ]);
  hashes = await tableHashes(database);
  await tidemark.close();
});

afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

function keysOf(data: string): ReturnType<typeof createKeys> {
  return createKeys(parseKeyRing(readFileSync(keyFileOf(data), "utf8"), data));
}

type Ran = Readonly<{ code: number; out: string; err: string }>;

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Ran> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ interactive: false, environment, workingFolder: base },
    ask: async () => null,
    onInterrupt: () => () => undefined,
  });
  return { code, out, err };
}

const old = (): Readonly<Record<string, string>> => ({ TIDEMARK_DATA: join(base, "old") });
const onServer = (): Readonly<Record<string, string>> => ({
  TIDEMARK_DATA: join(base, "new"),
  DATABASE_URL: server.url,
});

describe("tidemark export backup", () => {
  test("says with --dry-run what it would do and writes nothing", async () => {
    const { code, out } = await run(["export", "backup", "backup", "--dry-run"], old());
    expect([code, out]).toEqual([0, `Dry run: a backup could be written into ${backup}\n`]);
    expect(existsSync(backup)).toBe(false);
  });

  test("writes the backup and names the master key that is not in it", async () => {
    const { code, out, err } = await run(["export", "backup", "backup", "--json"], old());
    expect(err).toContain(
      `The master key is not in it: keep a copy of ${keyFileOf("old")} in another place`,
    );
    const result = JSON.parse(out) as {
      rows: number;
      masterKey: string;
      tables: { name: string; rows: number }[];
    };
    expect([code, result.masterKey]).toEqual([0, keyFileOf("old")]);
    expect(result.tables).toContainEqual(
      expect.objectContaining({ name: "customer_key", rows: 1 }),
    );
    const { index, keys } = JSON.parse(readFileSync(keyFileOf("old"), "utf8")) as {
      index: string;
      keys: { k1: string };
    };
    const written = readdirSync(backup)
      .map((name) => readFileSync(join(backup, name), "latin1"))
      .join("\n");
    for (const secret of [index, keys.k1]) expect(written).not.toContain(secret);
  });

  test("refuses the same folder a second time, in Chinese too", async () => {
    const { code, err } = await run(["export", "backup", "backup", "--lang", "zh"], old());
    expect([code, err]).toEqual([
      78,
      `已存在：无法导出到 ${backup}：目录非空，须为新目录或空目录\n`,
    ]);
  });
});

describe("tidemark import backup", () => {
  test("asks for the master key first and makes no installation before it is there", async () => {
    const { code, err } = await run(["import", "backup", "backup"], {
      TIDEMARK_DATA: join(base, "third"),
    });
    expect(code).toBe(78);
    expect(err).toContain(`Master key: nothing at ${keyFileOf("third")}`);
    expect(existsSync(join(base, "third"))).toBe(false);
  });

  test("refuses another installation's master key", async () => {
    mkdirSync(join(base, "new", "keys"), { recursive: true, mode: 0o700 });
    writeFileSync(keyFileOf("new"), keyRingText(newKeyRing()), { mode: 0o600 });
    const { code, out } = await run(["import", "backup", "backup", "--json"], onServer());
    expect([code, JSON.parse(out)]).toMatchObject([
      78,
      {
        refused: "wrong-state",
        detail: expect.stringContaining(
          "is not that of the backup (k1, index missing or different)",
        ),
      },
    ]);
    rmSync(keyFileOf("new"));
  });

  test("refuses a damaged backup before it opens the target", async () => {
    const damaged = join(base, "damaged");
    cpSync(backup, damaged, { recursive: true });
    writeFileSync(join(damaged, "customer.copy.gz"), "not gzip");
    const { code, err } = await run(["import", "backup", "damaged", "--lang", "zh"], old());
    expect(code).toBe(74);
    expect(err).toMatch(/^无法读取 .*customer\.copy\.gz：发现8 字节，应为清单所载的 \d+ 字节\n$/);
  });

  test("moves the installation to a server: rehearsed first, then equal tables, and personal data is readable", async () => {
    cpSync(keyFileOf("old"), keyFileOf("new"));
    const before = await tableHashes(server.db);
    const rehearsed = await run(["import", "backup", "backup", "--dry-run", "--json"], onServer());
    expect([rehearsed.code, JSON.parse(rehearsed.out)]).toMatchObject([0, { dryRun: true }]);
    const { installation: _, ...unchanged } = before;
    expect(await tableHashes(server.db)).toMatchObject(unchanged);
    const { code, out, err } = await run(["import", "backup", "backup"], onServer());
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^Restored .*backup: \d+ tables, \d+ rows, as of .*, [\d.]+ s\n$/),
    ]);
    expect(err).toContain("Keep the installation it came from stopped");
    expect(await tableHashes(server.db)).toEqual(hashes);
    const [row] = await server.db.query<{
      wrapped: Uint8Array;
      id: string;
      ciphertext: Uint8Array;
    }>(
      "select wrapped_key as wrapped, key_id as id, (select ciphertext from customer_identity) as ciphertext from customer_key",
    );
    const rowKey = keysOf("new").unwrap(row!.wrapped, row!.id);
    expect(
      keysOf("new").decryptField(rowKey, "customer_identity", "phone", customer, row!.ciphertext),
    ).toBe("13800138000");
  });

  test("refuses the target once it is in use", async () => {
    const { code, err } = await run(["import", "backup", "backup"], onServer());
    expect(code).toBe(78);
    expect(err).toContain(
      "Cannot restore: the database is in use, table customer has rows, expected a new installation",
    );
  });
});
