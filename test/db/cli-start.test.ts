// `tidemark start` as a process: an empty folder becomes a running sandbox, other commands share it, Ctrl-C stops all
// that it started, and the next start goes on with what is there, also after a kill.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  startTidemark,
  tidemarkJson,
  type Environment,
  type Running,
} from "../support/command-line.ts";

/** Few enough to be quick, enough for reviews and executed decisions. */
const demoLines = 400;

let folder: string;
let environment: Environment;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-start-"));
  environment = { TIDEMARK_DATA: folder, TIDEMARK_PORT: "0" };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function started(): Promise<Running & Readonly<{ url: string }>> {
  const running = startTidemark(environment, "start", "--lines", String(demoLines));
  await running.until("Ctrl-C stops everything");
  const url = /Tidemark: (http:\S+)/.exec(running.said())?.[1];
  if (url === undefined) throw new Error(`No address: ${running.said()}`);
  // Pages are there at once; what they show of a first start is complete only later.
  while ((await fetch(`${url}/readyz`)).status !== 200) await setTimeout(200);
  return { ...running, url };
}

const lines = (): Promise<Readonly<{ data: readonly object[] }>> =>
  tidemarkJson(environment, "line", "list", "--limit", "1000");

test(
  "an empty folder becomes a running sandbox with demo lines, sign-ins and an API",
  { timeout: 180_000 },
  async () => {
    const { child, said, ended, url } = await started();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const [, login, password] = /(reviewer1)\s.*?(\S+)\n/.exec(said()) ?? [];
    const signIn = await fetch(`${url}/v1/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
      body: JSON.stringify({ login, password }),
    });
    expect(signIn.status).toBeLessThan(300);
    expect((await lines()).data.length).toBe(demoLines);
    const strategies = await tidemarkJson(environment, "strategy", "list");
    expect(strategies).toMatchObject({ data: [{ id: "consumer-cn", state: "active" }] });
    expect(await tidemarkJson(environment, "reconcile")).toMatchObject({
      compared: demoLines,
      differences: [],
    });
    const listed = async (...words: readonly string[]): Promise<number> =>
      (await tidemarkJson<Readonly<{ data: readonly object[] }>>(environment, ...words)).data
        .length;
    expect(await listed("review", "list", "--queue", "reviewer")).toBeGreaterThan(0);
    expect(await listed("decision", "list", "--state", "executed")).toBeGreaterThan(0);
    expect(await listed("decision", "list", "--state", "noticed")).toBeGreaterThan(0);
    expect(await listed("notice", "list", "--state", "delivered")).toBeGreaterThan(0);
    expect(await listed("sweeps", "list")).toBe(2);
    expect(await listed("report", "list")).toBe(8);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  },
);

test(
  "after a kill -9 the next start goes on with the same data and makes no new sign-ins",
  { timeout: 180_000 },
  async () => {
    const killed = await started();
    killed.child.kill("SIGKILL");
    expect(await killed.ended).toBe("SIGKILL");
    const again = await started();
    expect(again.said()).toContain("Sign-ins: as before");
    expect((await lines()).data.length).toBe(demoLines);
    again.child.kill("SIGTERM");
    expect(await again.ended).toBe(0);
  },
);

test("a port that is taken is told, with the way out", { timeout: 180_000 }, async () => {
  const first = await started();
  const port = new URL(first.url).port;
  const second = startTidemark({ ...environment, TIDEMARK_PORT: port }, "serve");
  expect(await second.ended).toBe(74);
  expect(second.said()).toContain(
    `Cannot listen on 127.0.0.1:${port}: another program listens there`,
  );
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);
});
