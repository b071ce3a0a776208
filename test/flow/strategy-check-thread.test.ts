// The check of a large strategy leaves the server free: another request is answered while it runs.

import { afterAll, beforeAll, expect, test } from "vitest";
import { strategyChecks } from "../../src/adapters/workers/strategy-checks.ts";
import { noDeclaredFacts } from "../../src/domain/declared-fact.ts";
import { checkStrategy } from "../../src/policy/check/check-strategy.ts";
import { call } from "../support/api-client.ts";
import { memoryParts, testApi } from "../support/api.ts";
import { compiled, strategyDocument } from "../support/strategy-document.ts";

const checks = strategyChecks();

afterAll(async () => checks.close());

/** A document whose check takes long: a table of many rows over several facts. */
function largeDocument() {
  const document = strategyDocument();
  const text = { zh: "很大", en: "Large" };
  const values = ["low", "high"].map((value) => ({ value, label: text }));
  const row = (at: number) => {
    const from = (at * 7) % 2_900;
    const use = ((at * 13) % 900) / 100;
    const when = [`[${from}..${from + 40}]`, `>= ${use.toFixed(2)}`, `> ${at * 3}`];
    return { id: `R${at}`, note: text, when, then: [at % 2 === 0 ? '"low"' : '"high"'] };
  };
  (document["tables"] as unknown[]).push({
    ...{ id: "large", label: text, hitPolicy: "F", inputs: ["late", "use", "drawn"] },
    outputs: [{ name: "level", label: text, type: "enum", values }],
    rows: Array.from({ length: 60 }, (_, at) => row(at)),
    default: ['"low"'],
  });
  return document;
}

beforeAll(async () => {
  // The thread starts with its first check.
  await checks.check(compiled().document, noDeclaredFacts, "0");
});

test("a check in its thread says what the check says", async () => {
  const { document, ref } = compiled();
  expect((await checks.check(document, noDeclaredFacts, ref.hash)).report).toEqual(
    checkStrategy(compiled()),
  );
  const { strategy, problems } = await checks.check(
    { ...document, facts: [] },
    noDeclaredFacts,
    ref.hash,
  );
  expect([strategy, problems.length > 0]).toEqual([null, true]);
});

test("another request is answered while a large strategy is checked", async () => {
  const api = await testApi(memoryParts());
  const order: string[] = [];
  let begun = (): void => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  Object.assign(api.world, {
    check: async (...asked: Parameters<typeof checks.check>) => {
      const report = checks.check(...asked);
      begun();
      return report.finally(() => order.push("checked"));
    },
  });
  const key = api.keys.analyst;
  const url = "/v1/strategies";
  const body = largeDocument();
  // A request is sent when somebody waits for its answer.
  const added = call(api.app, { method: "POST", url: `${url}?dryRun=true`, key, body }).then(
    (answer) => answer.statusCode,
  );
  await Promise.race([running, added]);
  const read = await call(api.app, { url, key });
  order.push("answered");
  expect(read.statusCode).toBe(200);
  expect(await added).toBe(200);
  expect(order).toEqual(["answered", "checked"]);
  await api.app.close();
});
