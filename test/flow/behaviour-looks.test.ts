// Unusual use becomes an alert by the watch rules: with words and figures, whose it is and until when, once until the days of
// quiet are over, and what was found of it is counted.

import { beforeEach, expect, test } from "vitest";
import { addDays, type BusinessDate, type Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { precisionBp } from "../../src/domain/alert.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact } from "../../src/flow/transact.ts";
import { lineIn, minor, tell } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { standardWatch } from "../support/watch.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

let here: TestWorld;
let world: World;
let line: CreditLine;

const looks = [
  { look: "full-draw", severity: "high", role: "operator", hours: 12, coolDownDays: 10 },
] as const;

beforeEach(async () => {
  here = memoryWorld();
  const alerts = { roles: ["operator", "compliance"], looks } as const;
  world = { ...here.world, watch: { ...standardWatch, alerts } };
  line = await lineIn(world, "L-1");
});

const drawn = (asOf: string, amount: number) => ({
  ...{ type: "drawdown", asOf, amount: minor(amount) },
});

async function later(to: string): Promise<void> {
  const run = { owner: "test", stop: () => false, pause: async () => {}, onStep: () => {} };
  await advanceClock(world, here.clock, to as Instant, run);
}

async function alerts() {
  return (await world.store.reads.alerts({ after: null, limit: 20 }, {})).rows;
}

test("one look at one line raises one alert until its days of quiet are over", async () => {
  await tell(world, line, drawn("2026-03-01", 500_000), drawn("2026-03-02", 450_000));
  expect(await alerts()).toEqual([]);
  // A quarter of an hour after the news, which came at 02:00.
  await later("2026-03-02T02:15:00.000Z");
  expect(await alerts()).toMatchObject([
    {
      ...{ kind: "behaviour", severity: "high", role: "operator", state: "open", owner: null },
      ...{ raisedAt: "2026-03-02T02:15:00.000Z", dueAt: "2026-03-02T14:15:00.000Z" },
      about: {
        look: "full-draw",
        text: { en: "95.0 % of the limit drawn within 3 days; before at most 0.0 %" },
        figures: { newestBp: 9_500, mostBp: 0 },
      },
    },
  ]);
  await tell(world, line, drawn("2026-03-02", 10_000));
  await later("2026-03-03T00:00:00.000Z");
  expect(await alerts()).toHaveLength(1);
  await later("2026-06-20T00:00:00.000Z");
  await tell(world, line, drawn("2026-06-20", 9_000_000));
  await later("2026-06-20T12:00:00.000Z");
  expect(await alerts()).toHaveLength(2);
});

test("nothing is raised where no rule asks, where the use is usual, and for history", async () => {
  const quiet = await lineIn(here.world, "L-2");
  await tell(here.world, quiet, drawn("2026-03-02", 950_000));
  const usual = await lineIn(world, "L-3");
  const days = Array.from({ length: 12 }, (_, at) =>
    addDays("2026-03-02" as BusinessDate, -at * 9),
  );
  await tell(world, usual, ...days.map((day) => drawn(day, 950_000)));
  await tell(world, line, { ...drawn("2026-03-02", 950_000), isNews: false });
  await later("2026-03-03T00:00:00.000Z");
  expect(await alerts()).toEqual([]);
});

test("what was found is counted by look", async () => {
  await tell(world, line, drawn("2026-03-02", 950_000));
  await later("2026-03-02T02:15:00.000Z");
  const { id } = (await alerts())[0]!;
  const ann = actor("ann", "operator");
  const send = async (kind: string, body: object) => {
    const command = { id: world.ids.fresh(), kind, subject: id, actor: ann, cause: id };
    await transact(world, line.bucket, [{ ...command, body: { ...body } }]);
  };
  const [before] = await world.store.reads.alertCounts({});
  expect([before!.raised, precisionBp(before!)]).toEqual([1, null]);
  await send("TakeAlert", {});
  await send("CloseAlert", { finding: "confirmed", reason: "Called: an unknown device" });
  const [count] = await world.store.reads.alertCounts({});
  expect(count).toEqual({
    ...{ kind: "behaviour", look: "full-draw", raised: 1, confirmed: 1, falseAlarms: 0 },
  });
  expect(precisionBp(count!)).toBe(10_000);
  expect(precisionBp({ confirmed: 1, falseAlarms: 2 })).toBe(3_333);
});
