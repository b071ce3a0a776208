// Facts that are made of signals over HTTP: value, window and panes, as of a date and as known then, and nothing personal for
// those who may not read it.

import { beforeEach, expect, test } from "vitest";
import type { FactDeclaration } from "../../src/domain/facts.ts";
import type { World } from "../../src/flow/ports.ts";
import { declaredFactProblems } from "../../src/policy/check/declared-facts.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { tell } from "../support/declared-facts.ts";

type Declared = Readonly<{
  name: string;
  value: unknown;
  withheld: boolean;
  panes: readonly object[];
}>;

let api: TestApi;
let world: World;

beforeEach(async () => {
  api = await testApi(memoryParts());
  ({ world } = api);
  const line = (await world.store.reads.line(api.first.lineId))!;
  const drawn = { type: "drawdown", asOf: "2026-03-01" };
  await tell(world, line, { ...drawn, amount: { amountMinor: 250_000, currency: "CNY" } });
  const employment = { type: "employment-change", asOf: "2026-02-20" };
  await tell(world, line, { ...employment, data: { status: "unemployed" } });
});

async function read(query = "", key = api.keys.operator) {
  const response = await api.app.inject({
    url: `/v1/lines/${api.first.lineId}/facts${query}`,
    headers: { authorization: `Bearer ${key}` },
  });
  const body = response.json<{ declared: readonly Declared[]; title?: string }>();
  const of = (name: string) => body.declared.find((one) => one.name === name)!;
  return { status: response.statusCode, body, of };
}

test("a declared fact is told with its unit, window, age and panes", async () => {
  const { of } = await read();
  expect(of("shareDrawn3Days")).toEqual({
    name: "shareDrawn3Days",
    label: { zh: "近 3 天支用占额度比例", en: "Share of the limit drawn within 3 days" },
    ...{ type: "number", unit: "ratio", value: "0.2500", withheld: false },
    ...{ window: { zh: "3 天", en: "3 days" }, from: "2026-02-28", ageDays: 1 },
    panes: [
      {
        ...{ measure: "drawn", on: "2026-03-01", count: 1, sum: 250_000, low: 250_000 },
        ...{ high: 250_000, last: 250_000, seen: null, lastAt: null },
      },
    ],
  });
  expect(of("drawnAmount30Days").value).toEqual({ amount: 250_000, currency: "CNY" });
  expect(of("repayments30Days")).toMatchObject({ value: null, ageDays: null, panes: [] });
});

test("a strategy may declare every fact as the list gives it", async () => {
  const response = await api.app.inject({
    url: "/v1/declared-facts",
    headers: { authorization: `Bearer ${api.keys.analyst}` },
  });
  type Row = Readonly<{ name: string; window: object; declaration: FactDeclaration }>;
  const { data } = response.json<{ data: readonly Row[] }>();
  const { facts, exposure, environment } = world.declared;
  const names = [...facts.keys(), ...exposure.keys(), ...environment.keys()];
  expect(data.map(({ name }) => name)).toEqual(names);
  expect(data.find(({ name }) => name === "shareDrawn3Days")).toEqual({
    ...{ name: "shareDrawn3Days", window: { zh: "3 天", en: "3 days" } },
    label: { zh: "近 3 天支用占额度比例", en: "Share of the limit drawn within 3 days" },
    declaration: {
      ...{ name: "shareDrawn3Days", type: "number", scale: 4, unit: "ratio" },
      label: { zh: "近 3 天支用占额度比例", en: "Share of the limit drawn within 3 days" },
      ...{ source: "signals", missing: "unknown", sensitivity: "financial" },
    },
  });
  const declared = data.map(({ declaration }) => declaration);
  expect(declaredFactProblems(world.declared, { facts: declared })).toEqual([]);
});

test("facts are those of the date, as they were known then", async () => {
  expect((await read("?asOf=2026-02-28")).of("shareDrawn3Days").value).toBeNull();
  const before = await read("?knownAt=2026-03-02T01:59:59.999Z");
  expect(before.of("shareDrawn3Days").value).toBeNull();
  expect((await read("?knownAt=yesterday")).status).toBe(422);
});

test("facts over the customer's exposure are told to who reaches every line", async () => {
  const { of } = await read();
  expect(of("customerLines")).toMatchObject({ value: "1", unit: "count", withheld: false });
  const narrow = await api.keyFor(
    ["operator"],
    { kind: "portfolios", portfolios: ["cards"] },
    "narrow",
  );
  expect((await read("", narrow)).of("customerLines")).toMatchObject({
    ...{ value: null, withheld: true },
  });
});

async function trail(name: string, query = "", key = api.keys.operator) {
  const response = await api.app.inject({
    url: `/v1/lines/${api.first.lineId}/facts/${name}${query}`,
    headers: { authorization: `Bearer ${key}` },
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

test("the trail of a fact has every version of its days and the signals behind them", async () => {
  const line = (await world.store.reads.line(api.first.lineId))!;
  const again = { type: "drawdown", asOf: "2026-03-01", id: "again" };
  await tell(world, line, { ...again, amount: { amountMinor: 50_000, currency: "CNY" } });
  const { body } = await trail("shareDrawn3Days");
  expect(body).toMatchObject({
    fact: { name: "shareDrawn3Days", value: "0.3000" },
    versions: [
      { measure: "drawn", on: "2026-03-01", count: 1, sum: 250_000 },
      { measure: "drawn", on: "2026-03-01", count: 2, sum: 300_000 },
    ],
  });
  expect(body["signals"]).toMatchObject([{ type: "drawdown" }, { type: "drawdown", id: "again" }]);
  const then = await trail("shareDrawn3Days", "?knownAt=2026-03-02T01:59:59.999Z");
  expect(then.body).toMatchObject({ versions: [], signals: [] });
  expect((await trail("nothingSuch")).status).toBe(404);
  expect((await trail("employmentStatus", "", api.keys.analyst)).body).toMatchObject({
    ...{ versions: [], signals: [], fact: { withheld: true } },
  });
});

test("personal facts are named and not told to who may not read them", async () => {
  expect((await read()).of("employmentStatus")).toMatchObject({
    ...{ value: "unemployed", withheld: false },
  });
  const { of } = await read("", api.keys.analyst);
  expect(of("employmentStatus")).toMatchObject({
    ...{ value: null, ageDays: null, panes: [], withheld: true },
  });
  expect(of("shareDrawn3Days").value).toBe("0.2500");
});
