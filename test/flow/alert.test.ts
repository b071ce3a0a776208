// News that wants a person: raised with what it is about in one transaction, taken by one, closed by its owner with a
// reason, once.

import { beforeEach, describe, expect, test } from "vitest";
import { serviceActor } from "../../src/domain/actor.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { bucketOfId, type Id } from "../../src/domain/id.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact, type CommandResult } from "../../src/flow/transact.ts";
import { lineIn } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { memoryWorld } from "../support/world.ts";

const ann = actor("ann", "reviewer");
const bob = actor("bob", "operator");

let world: World;
let line: CreditLine;

beforeEach(async () => {
  ({ world } = memoryWorld());
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
      ...{ about: { beyond: 3, told: 20, atMost: 20 }, dueAt: "2026-03-05T02:00:00.000Z" },
    });
    await send("RecordRelated", line.id, service, { ...related, beyond: 0 });
    expect(await alerts()).toHaveLength(1);
  });

  test("is taken by one at a time and closed by its owner with a reason, once", async () => {
    const { id } = await raised();
    expect(refusedOf(await send("CloseAlert", id, ann, { reason: "seen" }))).toBe("wrong-state");
    await send("TakeAlert", id, ann);
    expect(await alerts()).toMatchObject([{ state: "taken", owner: "ann", ver: 2 }]);
    expect(await send("TakeAlert", id, ann)).toMatchObject({ events: [] });
    await send("TakeAlert", id, bob);
    expect(refusedOf(await send("CloseAlert", id, ann, { reason: "mine" }))).toBe("wrong-state");
    await send("CloseAlert", id, bob, { reason: "Called the customer" });
    expect(await alerts()).toMatchObject([
      { state: "closed", owner: "bob", closedAt: expect.any(String) },
    ]);
    expect(refusedOf(await send("TakeAlert", id, ann))).toBe("already-resolved");
    const events = await world.store.reads.timeline(line.id);
    expect(events.slice(2).map(({ kind }) => kind)).toEqual([
      ...["AlertRaised", "AlertTaken", "AlertTaken", "AlertClosed"],
    ]);
    expect(events.at(-1)!.body).toEqual({ reason: "Called the customer" });
  });

  test("is for who has the right and the line in his scope", async () => {
    const { id } = await raised();
    expect(refusedOf(await send("TakeAlert", id, actor("eve", "analyst")))).toBe("forbidden");
    const far = { ...ann, scope: { kind: "portfolios", portfolios: ["loans"] } } as const;
    expect(refusedOf(await send("TakeAlert", id, far))).toBe("out-of-scope");
  });
});
