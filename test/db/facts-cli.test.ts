// `tidemark facts` as people run it: what is declared, what it is of one line then and now, and whether it is as the signals
// say.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tidemark, tidemarkJson } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { repositoryRoot } from "../support/documents.ts";
import { standardFactsPath } from "../support/standard-facts.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-facts-cli-"));
const demo = readFileSync(join(repositoryRoot, "examples/demo/lines.csv"), "utf8").split("\n");

let server: FreshDatabase;
let reference: string;

const environment = (): Record<string, string> => ({
  TIDEMARK_DATA: join(base, "data"),
  TIDEMARK_LANG: "en",
  DATABASE_URL: server.url,
});

function fileOf(name: string, text: string): string {
  const path = join(base, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  server = await freshDatabase();
  const lines = fileOf("lines.csv", demo.slice(0, 4).join("\n"));
  const mapping = join(repositoryRoot, "examples/demo/mapping.yaml");
  await tidemarkJson(environment(), "import", "lines", lines, "--mapping", mapping);
  type Lines = { data: { reference: string }[] };
  const { data } = await tidemarkJson<Lines>(environment(), "line", "list");
  reference = data[0]!.reference;
  type Shown = { businessDate: string };
  const { businessDate } = await tidemarkJson<Shown>(environment(), "clock", "show");
  const time = new Date(Date.now() - 1_000).toISOString();
  const events = [1, 2, 3].map((id) => ({
    ...{ specversion: "1.0", id: String(id), source: "/core", type: "tidemark.signal.drawdown" },
    ...{ subject: reference, time, asof: businessDate },
    data: { amount: { amount: 1_000 * id, currency: "CNY" } },
  }));
  const text = [...events, events[0]].map((one) => JSON.stringify(one)).join("\n");
  await tidemarkJson(environment(), "signal", "send", fileOf("events.ndjson", `${text}\n`));
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

type Told = { data: unknown[]; declared: { name: string; value: unknown; panes: unknown[] }[] };

const show = (...options: readonly string[]): Promise<Told> =>
  tidemarkJson<Told>(environment(), "facts", "show", reference, ...options);

test("the declared facts are listed with their meaning, window and unit", async () => {
  const { data } = await tidemarkJson<{ data: object[] }>(environment(), "facts", "list");
  expect(data.length).toBeGreaterThanOrEqual(25);
  expect(data[0]).toMatchObject({ name: "drawdowns7Days", unit: "count", signal: "drawdown" });
  const { out } = await tidemark(environment(), ["facts", "list"]);
  expect(out).toContain("Share of the limit drawn within 3 days");
});

test("the trail of a fact, the use of a line and the profile of its customer are told", async () => {
  const ask = <Answer>(...words: readonly string[]): Promise<Answer> =>
    tidemarkJson<Answer>(environment(), ...words);
  type Trail = { versions: { count: number }[]; signals: { id: string }[] };
  const { versions, signals } = await ask<Trail>("facts", "trail", reference, "drawdowns7Days");
  expect(versions.at(-1)!.count).toBe(3);
  expect(signals.map(({ id }) => id)).toEqual(["1", "2", "3"]);
  const { out, code } = await tidemark(environment(), ["facts", "trail", reference, "nothing"]);
  expect([code === 0, out]).toEqual([false, ""]);
  const behaviour = await ask<{ data: object[] }>("line", "behaviour", reference);
  expect(behaviour.data[0]).toMatchObject({ look: "amount", unusual: null });
  type Shown = { customerReference: string };
  const { customerReference } = await ask<Shown>("line", "show", reference);
  type Profile = { traits: object[]; history: object[] };
  const profile = await ask<Profile>("customer", "profile", customerReference);
  expect([profile.traits.length, profile.history.length]).toEqual([5, 13]);
  const words = ["customer", "profile", customerReference];
  expect((await tidemark(environment(), words)).out).toContain("Borrows from many");
  expect(await ask<{ data: object[] }>("alert", "list", "--overdue")).toMatchObject({ data: [] });
});

test("a line's facts are told with what they rest on, as of a date and as known then", async () => {
  const { declared } = await show();
  const [first, other] = ["drawdowns7Days", "drawnAmount30Days"].map((name) =>
    declared.find((one) => one.name === name),
  );
  expect(first).toMatchObject({ value: "3", ageDays: 0, panes: [{ measure: "drawn", count: 3 }] });
  expect(other).toMatchObject({ value: { amount: 6_000, currency: "CNY" } });
  const before = await show("--as-of", "2020-01-01");
  expect(before.declared.find(({ name }) => name === "drawdowns7Days")).toMatchObject({
    ...{ value: null, panes: [] },
  });
  const unknown = await show("--known-at", "2020-01-01T00:00:00.000Z");
  expect(unknown.declared.every(({ value }) => value === null)).toBe(true);
  const { out } = await tidemark(environment(), ["facts", "show", reference]);
  expect(out).toMatch(/drawnAmount30Days +│? *60\.00/);
});

test("options that cannot be read are refused with what was expected", async () => {
  const wrong = await tidemark(environment(), ["facts", "show", reference, "--known-at", "soon"]);
  expect(wrong.code).not.toBe(0);
  expect(wrong.err).toContain(
    '--known-at: found "soon", expected the form of 2026-03-31T08:00:00.000Z',
  );
  const nobody = await tidemark(environment(), ["facts", "show", "L-nobody"]);
  expect(nobody.code).not.toBe(0);
});

test("a rebuild finds no difference, and after a change of the document those it makes", async () => {
  const check = await tidemarkJson<object>(environment(), "facts", "rebuild", "--check");
  expect(check).toMatchObject({ check: true, signals: 3, panes: 1, different: 0 });
  const changed = fileOf(
    "facts.yaml",
    readFileSync(standardFactsPath, "utf8").replace("signal: repayment", "signal: drawdown"),
  );
  const other = { ...environment(), TIDEMARK_FACTS: changed };
  const found = await tidemark(other, ["facts", "rebuild", "--check"]);
  expect(found.code).toBe(65);
  expect(found.out).toContain("3 signals, 2 panes: 1 differences");
  expect(found.out).toContain("repaid");
  const tried = await tidemark(other, ["facts", "rebuild", "--dry-run"]);
  expect(tried.code).toBe(65);
  expect(await tidemarkJson(other, "facts", "rebuild")).toMatchObject({ different: 1, written: 1 });
  expect(await tidemarkJson(other, "facts", "rebuild", "--check")).toMatchObject({ different: 0 });
});
