// In read-only mode nothing is written, whoever asks and whatever the world answers; what waited goes on when it ends.

import { beforeEach, expect, test } from "vitest";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { dispatch } from "../../src/flow/dispatch.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { liftHalt, setHalt } from "../../src/flow/stop-switch.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { transact } from "../../src/flow/transact.ts";
import { previewSweep } from "../../src/portfolio/sweep-preview.ts";
import { openSweep } from "../../src/portfolio/sweep.ts";
import { call, problemCode } from "../support/api-client.ts";
import { memoryParts, testApi } from "../support/api.ts";
import { makeWave, must, type Wave } from "../support/wave-undo.ts";
import { every, person } from "../support/whole-life.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const operator = person("ops", "operator");
const area = "read-only";

let given: TestWorld;
let wave: Wave;

beforeEach(async () => {
  given = memoryWorld();
  wave = await makeWave(given, 0);
  const { world } = given;
  const expiresAt = addMilliseconds(await world.clock.now(), 3_600_000);
  must(await setHalt(world, { area, reason: "Audit of the books", expiresAt, actor: operator }));
}, 60_000);

test("no command is taken, and each is refused by the same name with who and until when", async () => {
  const { world } = given;
  const open = await every((after) =>
    world.store.reads.decisions({ after, limit: 100 }, { state: "noticed" }),
  );
  const { id: subject } = open[0]!;
  const command = { id: world.ids.fresh(), kind: "Withdraw", subject, body: { reason: "Wrong" } };
  const asked = { ...command, actor: person("app", "approver"), cause: command.id };
  const [result] = await transact(world, bucketOfId(subject), [asked]);
  expect(result).toMatchObject({
    refusal: {
      refused: "read-only",
      detail: { en: expect.stringContaining("Audit of the books") },
    },
  });
  const [rehearsed] = await transact(world, bucketOfId(subject), [asked], { dryRun: true });
  expect(rehearsed).toMatchObject({ events: [{ kind: "DecisionWithdrawn" }] });
});

test("no timer fires, no message leaves, and a message that is out is answered again later", async () => {
  const { world } = given;
  expect(await fireDue(world)).toBe(0);
  expect(await dispatch(world, "test")).toEqual({ sent: 0, faults: 0 });
  expect(given.delivered).toEqual([]);
  must(await liftHalt(world, area, operator));
  expect((await dispatch(world, "test")).sent).toBeGreaterThan(0);
});

test("a signal is refused and may be sent again, and no sweep begins but one may be previewed", async () => {
  const { world, portfolio } = given;
  const [line] = wave.before;
  const event = {
    ...{ specversion: "1.0", id: "r-1", source: "/core", type: "tidemark.signal.inquiry" },
    ...{ subject: line!.reference, time: await world.clock.now(), data: { channel: "app" } },
  };
  const [taken] = await takeSignals(world, operator, [{ event }], {
    clockSkewMs: usualClockSkewMs,
  });
  expect(taken).toMatchObject({ outcome: "refused", refusal: { refused: "read-only" } });
  const asOf = world.clock.dateOf(await world.clock.now());
  const request = {
    ...{ strategyId: wave.sweep.strategy.id, asOf, portfolio: null, dailyCapMinor: null },
    actor: operator,
  };
  expect(await openSweep(world, portfolio, request)).toMatchObject({ refused: "read-only" });
  const run = { stop: () => false, onProgress: () => undefined };
  expect(await previewSweep(world, portfolio, request, run)).toMatchObject({ state: "assessing" });
});

test("over the API every change is refused, reads go on, and the mode itself can be ended", async () => {
  const api = await testApi(memoryParts());
  const { app, keys, world } = api;
  const expiresAt = addMilliseconds(await world.clock.now(), 3_600_000);
  must(await setHalt(world, { area, reason: "Audit", expiresAt, actor: operator }));
  const body = { ...{ event: "Flood", from: "2026-03-02", to: "2026-03-03" }, reason: "x" };
  const change = { method: "POST", url: "/v1/blackouts", key: keys.operator, body } as const;
  const refused = await call(app, change);
  expect([refused.statusCode, problemCode(refused)]).toEqual([423, "read-only"]);
  const read = await call(app, { url: "/v1/installation", key: keys.auditor });
  expect(read.json()).toMatchObject({ readOnly: { by: "ops", reason: "Audit" } });
  const off = { method: "DELETE", url: "/v1/halts/read-only", key: keys.operator } as const;
  expect((await call(app, off)).statusCode).toBe(204);
  expect((await call(app, change)).statusCode).not.toBe(423);
});
