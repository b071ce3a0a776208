// The transparency report of a wave: what it counts agrees with the rows, small counts are left out, whoever asks for it
// gets the same in text, page and data, and the questions and answers say nothing that the tables leave out.

import { beforeAll, expect, test } from "vitest";
import { addDays, addMilliseconds, type BusinessDate } from "../../src/domain/calendar.ts";
import { transparencyRenderer } from "../../src/adapters/reports/view-transparency.ts";
import { transparencyReport } from "../../src/portfolio/transparency.ts";
import type { TransparencyReport } from "../../src/portfolio/transparency-ports.ts";
import { call, problemCode } from "../support/api-client.ts";
import { memoryParts, testApi } from "../support/api.ts";
import { drain, makeWave, must, undoWave } from "../support/wave-undo.ts";
import { every, person } from "../support/whole-life.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const from = "2026-03-01" as BusinessDate;
const reader = person("aud", "auditor");

let given: TestWorld;
let to: BusinessDate;
let report: TransparencyReport;

async function ask(change: Partial<Parameters<typeof transparencyReport>[2]> = {}) {
  const asked = { from, to, portfolio: null, smallestCell: 3, actor: reader, ...change };
  return transparencyReport(given.world, given.portfolio, asked);
}

beforeAll(async () => {
  given = memoryWorld();
  const wave = await makeWave(given, 30);
  await undoWave(given, wave.sweep.id);
  await drain(given, addMilliseconds(worldBegins, 40 * 86_400_000));
  to = given.world.clock.dateOf(await given.world.clock.now());
  report = must(await ask());
}, 60_000);

function table(name: string): TransparencyReport["tables"][number] {
  return report.tables.find((one) => one.name === name)!;
}

test("counts every decision against a customer once in each of its tables, and no restoration", async () => {
  const { reads } = given.world.store;
  const all = await every((after) => reads.decisions({ after, limit: 100 }, {}));
  const cuts = all.filter(({ outcome }) =>
    ["decrease", "freeze", "close"].includes(outcome.action),
  );
  expect(cuts.length).toBeLessThan(all.length);
  for (const name of ["actions", "causes", "jurisdictions", "standing"]) {
    expect(table(name).total, name).toBe(cuts.length);
  }
  const undone = table("undone");
  expect(undone.total).toBeGreaterThan(0);
  expect(report.toNotice).not.toBeNull();
  expect(report.toExecution!.p90Hours).toBeGreaterThanOrEqual(report.toExecution!.medianHours);
});

test("publishes no count from 1 to k − 1, and no total that gives one away", async () => {
  for (const smallestCell of [3, 10, 40]) {
    const published = must(await ask({ smallestCell }));
    for (const { name, total, rows } of published.tables) {
      const missing = rows.filter(({ count }) => count === null).length;
      expect(missing === 1 && total !== null, `${name} ${smallestCell}`).toBe(false);
      for (const count of [total, ...rows.map((row) => row.count)]) {
        expect(count === null || count === 0 || count >= smallestCell, name).toBe(true);
      }
    }
  }
});

test("is the same in both languages and every form, and leads its answers from published numbers", async () => {
  const render = transparencyRenderer();
  const hidden = must(await ask({ smallestCell: 1_000 }));
  const text = await render(hidden, "md", "en");
  expect(text).toContain("not published decisions to lower, freeze or close");
  expect(text).not.toMatch(/\b[1-9]\d* decisions to lower/);
  const chinese = await render(report, "md", "zh");
  expect(chinese).toContain("透明度报告");
  expect(chinese).toContain(`共作出 ${table("actions").total} 项`);
  const page = await render(report, "html", "en");
  expect(page).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
  expect(page).not.toContain("<script");
  const data = JSON.parse(await render(report, "json", "en")) as {
    questions: { zh: unknown[]; en: unknown[] };
  };
  expect(data.questions.zh).toHaveLength(data.questions.en.length);
  expect(await render(report, "md", "en")).toBe(await render(report, "md", "en"));
});

test("a period outside of its bounds, a bound that hides nothing and an unknown portfolio are refused", async () => {
  expect(await ask({ to: addDays(to, 1) })).toMatchObject({ refused: "future-date" });
  expect(await ask({ from: addDays(to, 1) })).toMatchObject({ refused: "invalid" });
  expect(await ask({ from: addDays(to, -800) })).toMatchObject({ refused: "invalid" });
  expect(await ask({ smallestCell: 2 })).toMatchObject({ refused: "invalid" });
  expect(await ask({ portfolio: "none" })).toMatchObject({ refused: "invalid" });
  const scope = { kind: "portfolios", portfolios: ["loans"] } as const;
  expect(await ask({ actor: { ...reader, scope } })).toMatchObject({ refused: "out-of-scope" });
});

test("over the API it comes in the form that is asked for", async () => {
  const { app, keys } = await testApi(memoryParts());
  const address = "/v1/transparency-report?from=2026-01-01&to=2026-01-31";
  const data = await call(app, { url: address, key: keys.auditor });
  expect(data.json()).toMatchObject({
    schema: "tidemark/transparency-report/1",
    from: "2026-01-01",
  });
  const page = await call(app, { url: `${address}&format=html&lang=zh`, key: keys.auditor });
  expect(page.headers["content-type"]).toContain("text/html");
  expect(page.body).toContain("透明度报告");
  const wrong = await call(app, { url: `${address}&smallestCell=1`, key: keys.auditor });
  expect(problemCode(wrong)).toBe("invalid");
});
