// Ctrl-C in long work: the piece at hand is finished, the rest is left to the next run of the same command, and the
// result is that of a run that nobody interrupted.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTidemark, tidemarkJson, type Environment } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

type Sweep = Readonly<{ id: string; state: string; counts: object }>;

const sweep = ["sweep", "--strategy", "consumer-cn"] as const;

let folder: string;
let database: FreshDatabase;
let environment: Environment;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-interrupt-"));
  database = await freshDatabase();
  const server = { DATABASE_URL: database.url, TIDEMARK_DATA: folder };
  const roles = ["--role", "administrator", "operator", "analyst", "approver"];
  for (const login of ["ann", "ben"]) {
    const create = ["account", "create", login, ...roles];
    const { password } = await tidemarkJson<{ password: string }>(environment ?? server, ...create);
    environment = { ...server, TIDEMARK_LOGIN: login, TIDEMARK_PASSWORD: password };
    if (login === "ben") break;
    const demo = ["examples/demo/lines.csv", "--mapping", "examples/demo/mapping.yaml"];
    await tidemarkJson(environment, "import", "lines", ...demo);
    await tidemarkJson(environment, "strategy", "add", "strategies/consumer-cn/strategy.yaml");
  }
  await tidemarkJson(environment, "strategy", "approve", "consumer-cn", "1");
}, 180_000);

afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

async function openSweep(): Promise<Sweep> {
  for (;;) {
    const { data } = await tidemarkJson<{ data: readonly Sweep[] }>(environment, "sweeps", "list");
    if (data[0] !== undefined) return data[0];
    await sleep(20);
  }
}

test(
  "an interrupted sweep says how to go on, and running it again finishes the same sweep",
  { timeout: 180_000 },
  async () => {
    const preview = await tidemarkJson<Sweep>(environment, ...sweep, "--dry-run");
    const running = startTidemark(environment, ...sweep);
    const { id } = await openSweep();
    running.child.kill("SIGINT");
    expect(await running.ended).toBe(130);
    expect(running.said()).toContain(`run the same command to go on with sweep ${id}`);
    expect((await openSweep()).state).not.toBe("done");
    const finished = await tidemarkJson<Sweep>(environment, ...sweep);
    expect(finished).toMatchObject({ id, state: "done", counts: preview.counts });
  },
);

/** The demo file ten times over, each time with other customers and lines in a portfolio of their own. */
function manyLines(): string {
  const [header = "", ...rows] = readFileSync("examples/demo/lines.csv", "utf8").trim().split("\n");
  const copies = Array.from({ length: 10 }, (_, copy) =>
    rows.map((row) => row.replace(/^DC/, `C${copy}-`).replace("DEMO-", `L${copy}-`)),
  );
  return [header, ...copies.flat(), ""].join("\n");
}

test(
  "an interrupted import says how to go on, and running it again stores what was left",
  { timeout: 180_000 },
  async () => {
    const file = join(folder, "many.csv");
    writeFileSync(file, manyLines());
    const words = ["import", "lines", file, "--mapping", "examples/demo/mapping.yaml"] as const;
    const running = startTidemark(environment, ...words);
    const stored = async (): Promise<number> => {
      const [row] = await database.db.query<{ lines: number }>(
        "select count(*)::int as lines from credit_line where reference like 'L%'",
      );
      return row?.lines ?? 0;
    };
    while ((await stored()) === 0) await sleep(10);
    running.child.kill("SIGINT");
    expect(await running.ended).toBe(130);
    expect(running.said()).toContain("run the same command to go on");
    const before = await stored();
    expect(before).toBeLessThan(3_000);
    const rest = await tidemarkJson(environment, ...words);
    const counts = { accepted: 3_000, added: 3_000 - before, unchanged: before, rejected: 0 };
    expect(rest).toMatchObject(counts);
  },
);
