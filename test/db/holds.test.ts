// Windows, held waves, appeals and the transparency report over a real database end as they do in memory: the same notices wait and
// leave, the same complaints are counted, and the same sums are published.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../src/domain/actor.ts";
import { addDays, addMilliseconds, type BusinessDate } from "../../src/domain/calendar.ts";
import type { Decision } from "../../src/domain/decision.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { liftBlackout, setBlackout } from "../../src/flow/blackout-windows.ts";
import { takeSignals, usualClockSkewMs } from "../../src/flow/take-signals.ts";
import { transact } from "../../src/flow/transact.ts";
import { holdWave, releaseWave } from "../../src/portfolio/wave-watch.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { drain, makeWave, must, undoWave } from "../support/wave-undo.ts";
import { every, person } from "../support/whole-life.ts";
import { databaseWorld, memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const dayMs = 86_400_000;
const today = "2026-03-02" as BusinessDate;
const operator = person("ops", "operator");
const compliance = person("comp", "compliance");
const clerk = person("clerk", "operator");
const lead = person("lead", "approver", "compliance", "legal");

let database: FreshDatabase;

beforeAll(async () => void (database = await freshDatabase()));
afterAll(() => database.close());

/** What a story over one store leads to. */
async function story(given: TestWorld): Promise<object> {
  const { world, portfolio } = given;
  const window = must(
    await setBlackout(world, {
      ...{ id: world.ids.fresh(), event: "Flood", fromOn: today, toOn: addDays(today, 30) },
      ...{ regions: [], industries: [], exempt: [], reason: "Relief", actor: operator },
    }),
  );
  const { sweep } = await makeWave(given, 1);
  const heldBack = given.delivered.length;
  must(await liftBlackout(world, window.id, { actor: operator, because: "Over" }));
  await drain(given, addMilliseconds(worldBegins, 2 * dayMs));
  const told = await every((after) =>
    world.store.reads.decisions({ after, limit: 100 }, { causeId: sweep.id, state: "noticed" }),
  );
  const lines = told.toSorted((one, other) => (one.lineId < other.lineId ? -1 : 1));
  for (const [number, { lineId }] of lines.slice(0, 6).entries()) {
    const line = (await world.store.reads.line(lineId))!;
    const type = number < 4 ? "complaint" : "inquiry";
    const complaint = { complaint: `K-${number}`, state: "opened", topic: "notice" };
    const data = { channel: "phone", ...(type === "complaint" ? complaint : {}) };
    const event = {
      ...{ specversion: "1.0", id: `h-${number}`, source: "/desk" },
      ...{ type: `tidemark.signal.${type}`, subject: line.reference, data },
      time: await world.clock.now(),
    };
    await takeSignals(world, operator, [{ event }], { clockSkewMs: usualClockSkewMs });
  }
  await appealAgainst(given, lines);
  const expiresAt = addMilliseconds(await world.clock.now(), 20 * dayMs);
  must(await holdWave(world, portfolio, sweep.id, { reason: "x", expiresAt, actor: operator }));
  await drain(given, addMilliseconds(worldBegins, 15 * dayMs));
  const waiting = await noticedNow(given, sweep.id);
  const legal = { actor: compliance, because: "Answered" };
  must(await releaseWave(world, portfolio, sweep.id, legal));
  await drain(given, addMilliseconds(worldBegins, 30 * dayMs));
  await undoWave(given, sweep.id);
  const { start, end } = { start: worldBegins, end: addMilliseconds(worldBegins, 60 * dayMs) };
  return {
    heldBack,
    counts: await portfolio.sweeps.counts(sweep.id),
    delivered: given.delivered.length,
    waiting,
    left: await noticedNow(given, sweep.id),
    toldOf: await portfolio.waves.toldOf([lines[0]!.lineId], worldBegins),
    echo: await portfolio.waves.echo(sweep.id, worldBegins),
    later: await portfolio.waves.echo(sweep.id, end),
    sums: await portfolio.transparency({ start, end, portfolio: null }),
    none: await portfolio.transparency({ start, end, portfolio: "none" }),
  };
}

/** Three customers appeal: one decision is upheld, one overturned, and one appeal waits for its answer. */
async function appealAgainst({ world }: TestWorld, told: readonly Decision[]): Promise<void> {
  const { ids } = world;
  const send = async (kind: string, subject: string, actor: Actor, body: object): Promise<void> => {
    const bucket = bucketOfId(subject);
    const id = ids.derive(bucket, kind, subject);
    const command = { id, kind, subject, actor, cause: id, body: { ...body } };
    expect(await transact(world, bucket, [command])).toEqual([
      expect.not.objectContaining({ refusal: expect.anything() }),
    ]);
  };
  const said = { ground: "disagrees", channel: "phone", how: "call" };
  for (const { id } of told.slice(0, 3)) await send("LodgeAppeal", id, clerk, said);
  for (const [at, verb] of ["Uphold", "Overturn"].entries()) {
    const filter = { decisionId: told[at]!.id, appeals: true };
    const { rows } = await world.store.reads.reviews({ after: null, limit: 2 }, filter);
    expect(rows).toHaveLength(1);
    await send(verb, rows[0]!.id, lead, { answer: "Looked at again" });
  }
}

async function noticedNow({ world }: TestWorld, causeId: string): Promise<number> {
  const { reads } = world.store;
  const filter = { causeId, state: "noticed" };
  return (await every((after) => reads.decisions({ after, limit: 100 }, filter))).length;
}

describe("a wave with a window, a hold and an undoing", () => {
  test("ends in the same sums over both stores", { timeout: 180_000 }, async () => {
    const inMemory = await story(memoryWorld());
    expect(inMemory).toMatchObject({
      ...{ heldBack: 0, left: 0, echo: { complaints: 4, inquiries: 2 } },
      sums: {
        appeals: ["overturned", "upheld", "withdrawn"].map((verdict) => ({ verdict, count: 1 })),
      },
      none: { appeals: [] },
    });
    expect(await story(databaseWorld(database.db))).toEqual(inMemory);
  });
});
