// A sandbox asks the real bureau, a process of its own: its reports, each of its faults, a restart with its store, and what
// the command line tells of all that.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  startTidemark,
  tidemark,
  tidemarkJson,
  type Ran,
  type Running,
} from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { repositoryRoot } from "../support/documents.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-connectors-cli-"));
const demo = readFileSync(join(repositoryRoot, "examples/demo/lines.csv"), "utf8").split("\n");
const shipped = readFileSync(join(repositoryRoot, "connectors/standard.yaml"), "utf8");

let server: FreshDatabase;
let bureau: Running;
let port: string;
type Line = Readonly<{ reference: string; customerReference: string }>;
let lines: readonly Line[];

const environment = (): Record<string, string> => ({
  TIDEMARK_DATA: join(base, "data"),
  TIDEMARK_LANG: "en",
  DATABASE_URL: server.url,
  TIDEMARK_CONNECTORS: join(base, "connectors.yaml"),
});

function fileOf(name: string, text: string): string {
  const path = join(base, name);
  writeFileSync(path, text);
  return path;
}

/** Starts the bureau on a free port and points the sources at it. */
async function startBureau(): Promise<void> {
  bureau = startTidemark(environment(), "bureau", "start", "--bureau-port", "0");
  await bureau.until("http://127.0.0.1:");
  port = /127\.0\.0\.1:(\d+)/.exec(bureau.said())![1]!;
  // Every report is bought anew, and the breaker keeps out of the way.
  const sources = shipped
    .replaceAll("4271", port)
    .replace("freshHours: 168", "freshHours: 0")
    .replace("times: 2,", "times: 0,")
    .replace("window: 10, failures: 5,", "window: 100, failures: 100,");
  fileOf("connectors.yaml", sources.replace("timeOutMs: 2000", "timeOutMs: 60000"));
  fileOf("impatient.yaml", sources.replace("timeOutMs: 2000", "timeOutMs: 200"));
}

async function stopBureau(): Promise<void> {
  bureau.child.kill("SIGTERM");
  expect(await bureau.ended).toBe(0);
}

beforeAll(async () => {
  server = await freshDatabase();
  await startBureau();
  const file = fileOf("lines.csv", demo.slice(0, 12).join("\n"));
  const mapping = join(repositoryRoot, "examples/demo/mapping.yaml");
  await tidemarkJson(environment(), "import", "lines", file, "--mapping", mapping);
  const { data } = await tidemarkJson<{ data: Line[] }>(environment(), "line", "list");
  // One line of each customer, so that no two of them share what is known.
  lines = [...new Map(data.map((one) => [one.customerReference, one])).values()];
  const { businessDate } = await tidemarkJson<{ businessDate: string }>(
    ...([environment(), "clock", "show"] as const),
  );
  const consents = lines.slice(0, 2).map(({ customerReference }, at) => ({
    ...{ specversion: "1.0", id: `consent-${at}`, source: "/app", type: "tidemark.signal.consent" },
    ...{ subject: customerReference, asof: businessDate },
    data: { purpose: "account-review", state: "given" },
  }));
  const text = consents.map((one) => JSON.stringify(one)).join("\n");
  await tidemarkJson(environment(), "signal", "send", fileOf("events.ndjson", `${text}\n`));
});
afterAll(async () => {
  bureau.child.kill("SIGKILL");
  await bureau.ended;
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

const ask = (at: number, options: readonly string[] = [], more = {}): Promise<Ran> => {
  const words = ["connector", "ask", "bureau", lines[at]!.reference];
  const around = { ...environment(), ...more };
  return tidemark(around, [...words, "--purpose", "account-review", ...options]);
};

type Told = Readonly<{ outcome: string; because: string | null; answer: { data: object } | null }>;

async function told(at: number, more = {}): Promise<Told> {
  return JSON.parse((await ask(at, ["--json"], more)).out) as Told;
}

const fault = (rates: string): Promise<unknown> =>
  tidemarkJson(environment(), "bureau", "fault", rates, "--bureau-port", port);

test("a report is asked for, tried first, and becomes facts", async () => {
  const customer = lines[0]!.customerReference;
  const set = ["bureau", "set", customer, "--score", "512", "--bureau-port", port] as const;
  await tidemarkJson(environment(), ...set);
  const dry = await ask(0, ["--dry-run"]);
  expect([dry.code, dry.out]).toEqual([0, expect.stringContaining("Dry run: nothing was asked")]);
  expect(await told(0)).toMatchObject({ outcome: "answered", because: null });
  type Facts = { declared: { name: string; value: unknown }[] };
  const shown = ["facts", "show", lines[0]!.reference] as const;
  const { declared } = await tidemarkJson<Facts>(environment(), ...shown);
  const values = Object.fromEntries(declared.map(({ name, value }) => [name, value]));
  expect(values).toMatchObject({ bureauState: "answered", bureauScoreAgeDays: "0" });
});

test("without consent nothing leaves the house, and the exit code says that there is no answer", async () => {
  const { code, out } = await ask(2);
  expect([code, out]).toEqual([66, expect.stringContaining("the customer has not consented")]);
});

describe("a bureau that goes wrong is known by its state:", () => {
  test.each([
    ["down=10000", "down"],
    ["broken=10000", "down"],
    ["garbage=10000", "malformed"],
    ["huge=10000", "malformed"],
    ["changed=10000", "malformed"],
    ["lying=10000", "implausible"],
  ])("%s", async (rates, because) => {
    await fault(rates);
    // The second customer was never answered about, so that there is nothing to fall back on.
    expect(await told(1)).toMatchObject({ outcome: "none", because, answer: null });
    await fault("none");
  });

  test("slow, for whoever does not wait so long", async () => {
    await fault("slow=10000,slow-ms=99999");
    const impatient = { TIDEMARK_CONNECTORS: join(base, "impatient.yaml") };
    expect(await told(1, impatient)).toMatchObject({ outcome: "none", because: "slow" });
    await fault("none");
  });

  test("and what it said before still helps", async () => {
    await fault("down=10000");
    expect(await told(0)).toMatchObject({ outcome: "stale", because: "down" });
    await fault("none");
  });
});

test("sources, asks and costs are listed, in words and as JSON", async () => {
  const run = async (...words: readonly string[]): Promise<string> =>
    (await tidemark(environment(), words)).out;
  expect(await run("connector", "list")).toMatch(/bureau +bureau-report +closed/);
  const shown = await run("connector", "show", "bureau", "--limit", "50");
  expect(shown).toContain("the answer is not plausible and was parked");
  expect(shown).toContain("account review");
  expect(await run("connector", "list", "--lang", "zh")).toContain("熔断");
  type Costs = { data: { source: string; calls: number; cost: { amount: number } }[] };
  const { data } = await tidemarkJson<Costs>(environment(), "connector", "costs");
  const [day] = data;
  expect(day).toMatchObject({ source: "bureau", cost: { amount: 150 * day!.calls } });
  const wrong = await tidemark(environment(), ["connector", "costs", "--from", "May"]);
  expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining("2026-03-31")]);
  const nobody = await tidemark(environment(), ["connector", "show", "nobody"]);
  expect([nobody.code, nobody.err]).toEqual([66, expect.stringContaining("bureau, registry")]);
});

test("the bureau remembers over a restart what was asked and set", async () => {
  const path = `/reports/${encodeURIComponent(lines[0]!.customerReference)}`;
  const look = async (): Promise<{ report: { score: number; inquiries: { days30: number } } }> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return (await answer.json()) as Awaited<ReturnType<typeof look>>;
  };
  const before = await look();
  await stopBureau();
  const gone = await told(1);
  expect(gone).toMatchObject({ outcome: "none", because: "down" });
  await startBureau();
  const after = await look();
  expect([before.report.score, after.report.score]).toEqual([512, 512]);
  expect(after.report.inquiries.days30).toBe(before.report.inquiries.days30 + 1);
});

test("sources that cannot be read, and a bureau that cannot be told, are refused with the place", async () => {
  const broken = fileOf("broken.yaml", shipped.replace("timeOutMs: 2000", "timeOutMs: soon"));
  const read = await tidemark({ ...environment(), TIDEMARK_CONNECTORS: broken }, [
    ...["connector", "list"],
  ]);
  expect(read.code).not.toBe(0);
  expect(read.err).toMatch(/broken\.yaml:\d+ \/sources\/0\/timeOutMs/);
  const rates = await tidemark(environment(), [
    ...["bureau", "fault", "weather=1", "--bureau-port", port],
  ]);
  expect([rates.code, rates.err]).toEqual([64, expect.stringContaining("slow|down|broken")]);
  const score = await tidemark(environment(), [
    ...["bureau", "set", "C-1", "--score", "many", "--bureau-port", port],
  ]);
  expect(score.code).toBe(64);
});
