// How a line is used, over the store and the API: made of the same panes as facts, as of any day and knowledge.

import { expect, test } from "vitest";
import { addDays, type BusinessDate } from "../../src/domain/calendar.ts";
import { behaviourOf } from "../../src/flow/known-facts.ts";
import { memoryParts, testApi } from "../support/api.ts";
import { lineIn, minor, tell } from "../support/declared-facts.ts";
import { memoryWorld } from "../support/world.ts";

const today = "2026-03-02" as BusinessDate;
const drawn = (asOf: string, amount: number, hour?: string) => ({
  ...{ type: "drawdown", asOf, amount: minor(amount) },
  ...(hour === undefined ? {} : { happenedAt: `${asOf}T${hour}:00:00.000Z` }),
});

test("hours are those of the lender's time zone, and a day before is as it was", async () => {
  const { world } = memoryWorld();
  const line = await lineIn(world, "L-1");
  const days = Array.from({ length: 10 }, (_, at) => addDays(today, -10 - at * 6));
  // Two o'clock in London is ten in the morning in Shanghai.
  await tell(world, line, ...days.map((day) => drawn(day, 10_000, "02")));
  await tell(world, line, drawn("2026-03-01", 600_000, "18"));
  const now = { asOf: null, knownAt: null };
  const look = async (name: string, when: Parameters<typeof behaviourOf>[2] = now) =>
    (await behaviourOf(world, line, when)).findings.find((one) => one.look === name)!;
  expect(await look("hour")).toMatchObject({ isUnusual: true, figures: { newest: 2, median: 10 } });
  expect(await look("amount")).toMatchObject({ isUnusual: true, figures: { newest: 600_000 } });
  const before = { asOf: addDays(today, -3), knownAt: null };
  expect(await look("amount", before)).toMatchObject({ isUnusual: false });
  const world2 = { ...world, declared: { ...world.declared, behaviour: null } };
  expect((await behaviourOf(world2, line, now)).findings).toEqual([]);
});

test("is told to staff and not to the borrower", async () => {
  const api = await testApi(memoryParts());
  const read = async (key: string) => {
    const url = `/v1/lines/${api.first.lineId}/behaviour`;
    const response = await api.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
    return { status: response.statusCode, body: response.json<{ data: unknown[] }>() };
  };
  const { status, body } = await read(api.keys.analyst);
  expect([status, body.data.length]).toEqual([200, 6]);
  expect(body.data[0]).toMatchObject({ look: "amount", unusual: null, figures: { days: 0 } });
  expect((await read(api.keys.borrower)).status).toBe(403);
});
