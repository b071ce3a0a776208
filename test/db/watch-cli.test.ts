// `tidemark reminder` and `tidemark alert` as people run them in a sandbox: a statement plans reminders, the test clock sends
// them, unusual use becomes an alert, and what was found is counted.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addDays, type BusinessDate } from "../../src/domain/calendar.ts";
import { tidemark, tidemarkJson } from "../support/command-line.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { repositoryRoot } from "../support/documents.ts";

const base = mkdtempSync(join(tmpdir(), "tidemark-watch-cli-"));
const demo = readFileSync(join(repositoryRoot, "examples/demo/lines.csv"), "utf8").split("\n");

let server: FreshDatabase;
let reference: string;
let today: BusinessDate;

const environment = (): Record<string, string> => ({
  TIDEMARK_DATA: join(base, "data"),
  TIDEMARK_LANG: "en",
  DATABASE_URL: server.url,
});
const ask = <Answer>(...words: readonly string[]): Promise<Answer> =>
  tidemarkJson<Answer>(environment(), ...words);

function fileOf(name: string, text: string): string {
  const path = join(base, name);
  writeFileSync(path, text);
  return path;
}

beforeAll(async () => {
  server = await freshDatabase();
  const lines = fileOf("lines.csv", demo.slice(0, 4).join("\n"));
  const mapping = join(repositoryRoot, "examples/demo/mapping.yaml");
  await ask("import", "lines", lines, "--mapping", mapping);
  type Lines = { data: { reference: string; limit: { amount: number; currency: string } }[] };
  const [line] = (await ask<Lines>("line", "list")).data;
  reference = line!.reference;
  today = (await ask<{ businessDate: BusinessDate }>("clock", "show")).businessDate;
  const time = new Date(Date.now() - 1_000).toISOString();
  const about = {
    ...{ specversion: "1.0", source: "/core", subject: reference, time, asof: today },
  };
  const money = (amount: number) => ({ amount, currency: line!.limit.currency });
  const dueOn = addDays(today, 20);
  const events = [
    {
      ...{ ...about, id: "1", type: "tidemark.signal.statement" },
      data: { balance: money(90_000), minimumDue: money(12_345), dueOn },
    },
    {
      ...{ ...about, id: "2", type: "tidemark.signal.drawdown" },
      data: { amount: money(Math.floor(line!.limit.amount * 0.95)) },
    },
  ];
  const text = events.map((one) => JSON.stringify(one)).join("\n");
  await ask("signal", "send", fileOf("events.ndjson", `${text}\n`));
});
afterAll(async () => {
  await server.close();
  rmSync(base, { recursive: true, force: true });
});

type Reminders = { data: { id: string; state: string; because: string | null }[] };
type Alerts = { data: { id: string; about: { look: string }; finding: string | null }[] };

test("reminders are planned, previewed and sent by the test clock", async () => {
  const { data } = await ask<Reminders>("reminder", "list", "--line", reference);
  expect(data.map(({ state }) => state)).toEqual(["planned", "planned"]);
  type Preview = { stop: string | null; words: { subject: { en: string } } };
  const preview = await ask<Preview>("reminder", "preview", data[0]!.id);
  expect(preview.stop).toBeNull();
  expect(preview.words.subject.en).toMatch(/^Please pay at least .*123\.45 by /);
  const shown = await tidemark(environment(), ["reminder", "preview", data[0]!.id]);
  expect(shown.out).toContain(preview.words.subject.en);
  const nobody = await tidemark(environment(), ["reminder", "preview", reference]);
  expect([nobody.code === 0, nobody.out]).toEqual([false, ""]);
  await ask("clock", "advance", "30d");
  const after = await ask<Reminders>("reminder", "list");
  expect(after.data.every(({ state }) => ["sent", "delivered", "failed"].includes(state))).toBe(
    true,
  );
  const { out } = await tidemark(environment(), ["reminder", "list"]);
  expect(out).toContain("not sent because");
});

test("unusual use is an alert with its words, closed with a finding that is counted", async () => {
  const { data } = await ask<Alerts>("alert", "list", "--kind", "behaviour", "--line", reference);
  const found = data.find(({ about }) => about.look === "full-draw")!;
  // Nobody looked for a month: it went up.
  expect(found).toMatchObject({ role: "approver", escalatedAt: expect.any(String) });
  const shown = await tidemark(environment(), ["alert", "show", found.id]);
  expect(shown.out).toContain("of the limit drawn within 3 days");
  await ask("alert", "take", found.id);
  const close = ["alert", "close", found.id, "--reason", "Called the customer"];
  expect((await tidemark(environment(), close)).code).not.toBe(0);
  await ask(...close, "--finding", "false-alarm");
  const stats = await tidemark(environment(), ["alert", "stats"]);
  expect(stats.out).toMatch(/unusual use +full-draw +1 +0 +1 +0\.0 %/);
});
