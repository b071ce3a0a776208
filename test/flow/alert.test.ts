// News that wants a person: raised with what it is about in one transaction, taken by one, closed by its owner with a
// finding and a reason, once; past its deadline it goes up to the next role, once.

import { beforeEach, describe, expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { bucketOfId, type Id } from "../../src/domain/id.ts";
import { advanceClock } from "../../src/flow/advance.ts";
import type { Instant } from "../../src/domain/calendar.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact, type CommandResult } from "../../src/flow/transact.ts";
import { lineIn } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const ann = actor("ann", "reviewer");
const bob = actor("bob", "operator");

let here: TestWorld;
let world: World;
let line: CreditLine;

beforeEach(async () => {
  here = memoryWorld();
  ({ world } = here);
  line = await lineIn(world, "L-1");
});

async function send(kind: string, subject: Id, by: typeof ann, body: object = {}) {
  const id = world.ids.fresh();
  const command = { id, kind, subject, actor: by, cause: id, body: { ...body } };
  const [result] = await transact(world, bucketOfId(subject), [command]);
  return result!;
}

async function alerts(): Promise<readonly Alert[]> {
  return (await world.store.reads.alerts({ after: null, limit: 20 }, {})).rows;
}

const service = serviceActor("test");
const related = { asOf: "2026-03-02", daysPastDue: 40, told: 20, withoutLine: 0, atMost: 20 };

async function raised(): Promise<Alert> {
  await send("RecordRelated", line.id, service, { ...related, beyond: 3 });
  return (await alerts())[0]!;
}

function refusedOf(result: CommandResult): string | null {
  return "refusal" in result ? result.refusal.refused : null;
}

describe("an alert", () => {
  test("is raised where linked customers were left out, with figures and a deadline", async () => {
    expect(await raised()).toMatchObject({
      ...{ kind: "linked-beyond", severity: "medium", state: "open", owner: null, lineId: line.id },
      ...{ role: "reviewer", escalatedAt: null, finding: null },
      ...{ about: { beyond: 3, told: 20, atMost: 20 }, dueAt: "2026-03-05T02:00:00.000Z" },
    });
    await send("RecordRelated", line.id, service, { ...related, beyond: 0 });
    expect(await alerts()).toHaveLength(1);
  });

  test("is taken by one at a time and closed by its owner with a reason, once", async () => {
    const { id } = await raised();
    expect(
      refusedOf(await send("CloseAlert", id, ann, { finding: "confirmed", reason: "seen" })),
    ).toBe("wrong-state");
    await send("TakeAlert", id, ann);
    expect(await alerts()).toMatchObject([{ state: "taken", owner: "ann", ver: 2 }]);
    expect(await send("TakeAlert", id, ann)).toMatchObject({ events: [] });
    await send("TakeAlert", id, bob);
    expect(
      refusedOf(await send("CloseAlert", id, ann, { finding: "confirmed", reason: "mine" })),
    ).toBe("wrong-state");
    await send("CloseAlert", id, bob, { finding: "false-alarm", reason: "Called the customer" });
    expect(await alerts()).toMatchObject([
      { state: "closed", owner: "bob", closedAt: expect.any(String), finding: "false-alarm" },
    ]);
    expect(refusedOf(await send("TakeAlert", id, ann))).toBe("already-resolved");
    const events = await world.store.reads.timeline(line.id);
    expect(events.slice(2).map(({ kind }) => kind)).toEqual([
      ...["AlertRaised", "AlertTaken", "AlertTaken", "AlertClosed"],
    ]);
    expect(events.at(-1)!.body).toEqual({
      ...{ finding: "false-alarm", reason: "Called the customer" },
    });
  });

  test("is for who has the right and the line in his scope", async () => {
    const { id } = await raised();
    expect(refusedOf(await send("TakeAlert", id, actor("eve", "analyst")))).toBe("forbidden");
    const far = { ...ann, scope: { kind: "portfolios", portfolios: ["loans"] } } as const;
    expect(refusedOf(await send("TakeAlert", id, far))).toBe("out-of-scope");
  });
});

describe("an alert past its deadline", () => {
  const later = async (to: string): Promise<void> => {
    const run = { owner: "test", stop: () => false, pause: async () => {}, onStep: () => {} };
    await advanceClock(world, here.clock, to as Instant, run);
  };

  test("goes up to the next role, once, and is anybody's again", async () => {
    const { id } = await raised();
    await send("TakeAlert", id, ann);
    await later("2026-03-05T01:59:59.999Z");
    expect(await alerts()).toMatchObject([{ state: "taken", role: "reviewer", escalatedAt: null }]);
    await later("2026-04-05T02:00:00.000Z");
    expect(await alerts()).toMatchObject([
      { state: "open", owner: null, role: "approver", escalatedAt: "2026-03-05T02:00:00.000Z" },
    ]);
    const kinds = (await world.store.reads.timeline(line.id)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "AlertEscalated")).toHaveLength(1);
  });

  test("stays where it is when it was closed in time, and where nobody stands above", async () => {
    const { id } = await raised();
    await send("TakeAlert", id, ann);
    await send("CloseAlert", id, ann, { finding: "confirmed", reason: "Seen" });
    await later("2026-03-06T02:00:00.000Z");
    expect(await alerts()).toMatchObject([{ state: "closed", escalatedAt: null }]);
    world = { ...world, watch: { reminders: null, alerts: { roles: ["reviewer"], looks: [] } } };
    await send("RecordRelated", line.id, service, { ...related, beyond: 1 });
    const open = (await alerts()).find(({ state }) => state === "open")!;
    await send("TakeAlert", open.id, bob);
    await later("2026-03-12T02:00:00.000Z");
    expect((await alerts()).find(({ id: one }) => one === open.id)).toMatchObject({
      ...{
        state: "taken",
        owner: "bob",
        role: "reviewer",
        escalatedAt: "2026-03-09T02:00:00.000Z",
      },
    });
  });
});
