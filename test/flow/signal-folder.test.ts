// Files of signals left in a folder are taken once each, and stay where they are while nobody may take them.

import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleEvent } from "../../src/adapters/signals/signal-schema.ts";
import { takeSignalFiles } from "../../src/adapters/signals/signal-folder.ts";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import { signalDesk } from "../../src/flow/signal-desk.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { longestEvent, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { actor } from "../support/given.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-signal-folder-"));
let api: TestApi;

beforeEach(async () => {
  api = await testApi(memoryParts());
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function event(id: string, subject = "L-C-first"): string {
  return JSON.stringify({
    ...{ ...exampleEvent("drawdown"), id, subject, time: "2026-03-02T01:30:00Z" },
  });
}

const takeAll = (): Promise<number> => {
  const { take } = signalDesk(api.world, usualClockSkewMs);
  return takeSignalFiles(folder, { take, longestEvent }, () => false);
};

const outcome = (name: string): unknown =>
  JSON.parse(readFileSync(join(folder, "done", `${name}.json`), "utf8"));

test("a file is taken, moved to done, and says what became of its events", async () => {
  const lines = [event("a"), event("b"), event("a"), event("c", "NOBODY"), "no json"];
  await takeAll();
  writeFileSync(join(folder, "feed.ndjson"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "half.ndjson.part"), event("d"));
  expect(await takeAll()).toBe(1);
  expect(outcome("feed.ndjson")).toEqual({ events: 5, recorded: 2, duplicates: 1, rejected: 2 });
  expect(readdirSync(folder).toSorted()).toEqual(["done", "half.ndjson.part"]);
  renameSync(join(folder, "done", "feed.ndjson"), join(folder, "feed.ndjson"));
  expect(await takeAll()).toBe(1);
  expect(outcome("feed.ndjson")).toEqual({ events: 5, recorded: 0, duplicates: 3, rejected: 2 });
  const letters = await api.world.store.deadLetters.list({ after: null, limit: 10 }, {});
  expect(letters.rows).toHaveLength(2);
});

test("while signals are halted the file waits", async () => {
  await takeAll();
  writeFileSync(join(folder, "feed.ndjson"), event("a"));
  const expiresAt = addMilliseconds(await api.world.clock.now(), 60_000);
  const by = actor("ops", "operator");
  await setHalt(api.world, { area: "ingest", reason: "broken feed", expiresAt, actor: by });
  expect(await takeAll()).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual(["done", "feed.ndjson"]);
});
