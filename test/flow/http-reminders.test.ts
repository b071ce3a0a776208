// Reminders over the API: listed for staff and for the borrower whose they are, previewed for staff alone, and moved on by the
// signed receipts of a provider; alerts counted by what was found.

import { expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import { signed } from "../../src/adapters/notices/signature.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import type { Instant } from "../../src/domain/calendar.ts";
import { transact } from "../../src/flow/transact.ts";
import { memoryParts, testApi, testReceiptKey } from "../support/api.ts";
import { cny, tell } from "../support/declared-facts.ts";
import { standardWatch } from "../support/watch.ts";

type Listed = { data: { id: string; state: string; minimumDue: object }[] };

test("reminders are listed and previewed, and a receipt says what became of one", async () => {
  const api = await testApi(memoryParts());
  const line = (await api.world.store.reads.line(api.first.lineId))!;
  const get = async (url: string, key: string) => {
    const response = await api.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
    return { status: response.statusCode, body: response.json<Listed & { stop: string }>() };
  };
  let now = await api.world.clock.now();
  const watched = {
    ...api.world,
    watch: standardWatch,
    clock: { ...api.world.clock, now: async () => now },
    channels: { ...api.world.channels, remind: async () => ({ result: "sent" }) as const },
  };
  const data = { balance: cny(300_000), minimumDue: cny(200_000), dueOn: "2026-03-20" };
  const owing = {
    type: "balance",
    asOf: "2026-03-01",
    drawn: { amountMinor: 300_000, currency: "CNY" },
  };
  await tell(watched, line, owing, { id: "s-1", type: "statement", asOf: "2026-03-01", data });
  const { status, body } = await get("/v1/reminders", api.keys.analyst);
  expect([status, body.data.map(({ state }) => state)]).toEqual([200, ["planned", "planned"]]);
  const { id, minimumDue } = body.data[0]!;
  expect(minimumDue).toEqual(cny(200_000));
  expect((await get(`/v1/reminders?lineId=${line.id}`, api.keys.borrower)).body.data).toHaveLength(
    2,
  );
  expect(
    (await get(`/v1/reminders?lineId=${api.second.lineId}`, api.keys.analyst)).body.data,
  ).toEqual([]);
  // The API of these tests runs without rules, under which nobody is reminded.
  expect(await get(`/v1/reminders/${id}/preview`, api.keys.analyst)).toMatchObject({
    ...{ status: 200, body: { stop: "left-alone", leavesAt: null } },
  });
  expect((await get(`/v1/reminders/${id}/preview`, api.keys.borrower)).status).toBe(403);
  const run = { owner: "test", stop: () => false, pause: async () => {}, onStep: () => {} };
  const clock = { set: async (to: Instant) => void (now = to) };
  await advanceClock(watched, clock, "2026-03-15T12:00:00.000Z" as Instant, run);
  const reminder = (await api.world.store.reads.reminder(id))!;
  expect(reminder).toMatchObject({ state: "sent" });
  const deliveryId = reminder.deliveries[0]!.id;
  const payload = JSON.stringify({ noticeId: id, deliveryId, state: "delivered" });
  const seconds = Math.floor(api.realTime.at / 1000);
  const headers = {
    ...signed(testReceiptKey, "receipt-1", seconds, payload),
    "content-type": "application/json",
  };
  const receipt = { method: "POST", url: "/v1/notice-receipts", headers, payload } as const;
  expect((await api.app.inject(receipt)).json()).toEqual({ recorded: true });
  expect((await api.app.inject(receipt)).json()).toEqual({ recorded: false });
  const read = await get(`/v1/reminders/${id}`, api.keys.borrower);
  expect(read).toMatchObject({ status: 200, body: { state: "delivered", words: { version: 0 } } });
});

test("alerts are counted by kind and look", async () => {
  const api = await testApi(memoryParts());
  const line = (await api.world.store.reads.line(api.first.lineId))!;
  const alertId = api.world.ids.fresh();
  const about = { look: "full-draw", text: { zh: "支用", en: "drawn" }, figures: {} };
  const id = api.world.ids.derive(line.bucket, "alert", alertId);
  const body = { alertId: id, kind: "behaviour", severity: "high", about };
  const actor = serviceActor("test");
  const raise = { id: alertId, kind: "RaiseAlert", subject: line.id, actor, cause: alertId, body };
  await transact(api.world, line.bucket, [raise]);
  const headers = { authorization: `Bearer ${api.keys.analyst}` };
  const response = await api.app.inject({ url: "/v1/alert-statistics", headers });
  expect(response.json()).toEqual({
    data: [
      {
        ...{ kind: "behaviour", look: "full-draw", raised: 1, confirmed: 0, falseAlarms: 0 },
        precisionBp: null,
      },
    ],
  });
  const url = "/v1/alerts?kind=behaviour&role=reviewer";
  const listed = await api.app.inject({ url, headers });
  expect(listed.json<{ data: object[] }>().data).toMatchObject([{ id, role: "reviewer", about }]);
});
