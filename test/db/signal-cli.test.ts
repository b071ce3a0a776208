// `tidemark signal` as people run it: a file of events, the dead letters it leaves, and what is done with them.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exampleEvent } from "../../src/adapters/signals/signal-schema.ts";
import { signalTypes, type SignalType } from "../../src/domain/signal-catalogue.ts";
import { tidemark, tidemarkJson } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { repositoryRoot } from "../support/documents.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-signal-cli-"));
const demo = readFileSync(join(repositoryRoot, "examples/demo/lines.csv"), "utf8").split("\n");

let server: FreshDatabase;
let reference: string;

beforeAll(async () => {
  server = await freshDatabase();
  const lines = fileOf("lines.csv", demo.slice(0, 4).join("\n"));
  const mapping = join(repositoryRoot, "examples/demo/mapping.yaml");
  await tidemarkJson(environment(), "import", "lines", lines, "--mapping", mapping);
  const { data } = await tidemarkJson<{ data: { reference: string }[] }>(
    environment(),
    "line",
    "list",
  );
  reference = data[0]!.reference;
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

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

type Change = Readonly<Record<string, unknown>>;

const event = (type: SignalType, change: Change = {}): Change => {
  const example = exampleEvent(type);
  const isLine = example["subject"] === "L-000001";
  return { ...example, ...(isLine ? { subject: reference } : {}), ...change };
};

test("a file is sent, the bad events are kept, repaired, sent again and discarded", async () => {
  const wrong = event("fee", { subject: "L-nobody" });
  const events = [event("fee"), event("fee"), wrong, event("macro-value")];
  const text = [...events.map((one) => JSON.stringify(one)), "{", ""].join("\n");
  const file = fileOf("events.ndjson", text);
  const counts = { events: 5, recorded: 2, duplicates: 1, rejected: 2 };

  const tried = await tidemark(environment(), ["signal", "send", file, "--dry-run", "--json"]);
  expect(JSON.parse(tried.out)).toMatchObject({ dryRun: true, events: 5, rejected: 2 });
  const none = await tidemarkJson<{ data: unknown[] }>(environment(), "signal", "dead-letters");
  expect(none.data).toEqual([]);

  const sent = await tidemark(environment(), ["signal", "send", file, "--json"]);
  expect(JSON.parse(sent.out)).toMatchObject({
    ...{ dryRun: false, ...counts, rejectedBy: { "not-found": 1, invalid: 1 } },
    firstRejected: [
      { line: 3, code: "not-found" },
      { line: 5, code: "invalid" },
    ],
  });
  expect(sent.code).not.toBe(0);
  expect(sent.err).toContain("Line 3: Cannot find line: L-nobody");
  const again = await tidemark(environment(), ["signal", "send", file]);
  expect(again.out).toMatch(/known already +3/);

  type Letters = Readonly<{ data: readonly Readonly<{ id: string; code: string }>[] }>;
  const { data } = await tidemarkJson<Letters>(environment(), "signal", "dead-letters");
  expect(data).toHaveLength(2);
  const lost = data.find(({ code }) => code === "not-found")!.id;
  const broken = data.find(({ code }) => code === "invalid")!.id;
  const shown = await tidemark(environment(), ["signal", "show", lost]);
  expect(shown.out).toContain('"subject":"L-nobody"');

  const fixed = fileOf("fixed.json", JSON.stringify(event("fee", { id: "fee-0002" })));
  const because = ["--reason", "reference misspelt"];
  await tidemarkJson(environment(), "signal", "repair", lost, "--event", fixed, ...because);
  const discarded = await tidemark(environment(), ["signal", "discard", broken, ...because]);
  expect([discarded.code, discarded.out]).toEqual([0, `${broken}: discarded\n`]);
  const resent = await tidemarkJson(environment(), "signal", "resend", "--all");
  expect(resent).toEqual({ dryRun: false, sent: 1, open: 0 });
  const gone = await tidemark(environment(), ["signal", "resend", broken]);
  expect(gone.code).not.toBe(0);
  expect(gone.err).toContain("Already resolved");
});

test("a recorded bureau report tells the facts of every line of the customer", async () => {
  type Line = Readonly<{ id: string; customerReference?: string; customerId: string }>;
  const { data } = await tidemarkJson<{ data: Line[] }>(environment(), "line", "list");
  const report = event("bureau-report", { subject: data[0]!.customerId });
  const file = fileOf("report.ndjson", `${JSON.stringify(report)}\n`);
  const sent = await tidemarkJson(environment(), "signal", "send", file);
  expect(sent).toMatchObject({ recorded: 1, rejected: 0 });
});

test("news of a place is shown with how far it has spread", async () => {
  const said = event("regional-event", { data: { region: "GD", severity: "high" } });
  await tidemarkJson(
    environment(),
    ...["signal", "send", fileOf("region.ndjson", `${JSON.stringify(said)}\n`)],
  );
  type News = Readonly<{ data: readonly Readonly<{ place: string; state: string }>[] }>;
  const { data } = await tidemarkJson<News>(environment(), "signal", "news", "--limit", "1");
  expect(data).toMatchObject([{ place: "region/GD" }]);
  const shown = await tidemark(environment(), ["signal", "news"]);
  expect(shown.out).toContain("region/GD");
});

test("types are listed, shown as examples, and named when unknown", async () => {
  const listed = await tidemark(environment(), ["signal", "types"]);
  for (const type of signalTypes) expect(listed.out).toContain(type);
  const shown = await tidemarkJson(environment(), "signal", "types", "past-due");
  expect(shown).toEqual(exampleEvent("past-due"));
  const unknown = await tidemark(environment(), ["signal", "types", "gossip"]);
  expect([unknown.code, unknown.err]).toEqual([66, expect.stringContaining("past-due")]);
});
