// A profile that two people agreed to beforehand is started by one of them at once: on its lines only, within its cap, and
// through the same packs, notices and gate as any other sweep.

import { beforeEach, describe, expect, test } from "vitest";
import { addDays, type BusinessDate } from "../../src/domain/calendar.ts";
import {
  decideEmergency,
  proposeEmergency,
  startEmergency,
  type EmergencyRequest,
} from "../../src/portfolio/emergency.ts";
import type { EmergencyProfile } from "../../src/portfolio/emergency-ports.ts";
import type { Proposal } from "../../src/portfolio/ports.ts";
import { runSweep } from "../../src/portfolio/sweep.ts";
import { must, undoRun } from "../support/wave-undo.ts";
import { activateStrategy, every, importDemo, person } from "../support/whole-life.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const today = "2026-03-02" as BusinessDate;
const author = person("ops", "operator");
const approver = person("app", "approver");
const everyCent = 1_000_000_000_000;

let given: TestWorld;
let strategyId: string;

beforeEach(async () => {
  given = memoryWorld();
  await importDemo(given);
  strategyId = await activateStrategy(given);
}, 60_000);

function request(change: Partial<EmergencyRequest> = {}): EmergencyRequest {
  return {
    ...{ id: given.world.ids.fresh(), name: "Flood in the south", strategyId, portfolio: null },
    ...{ regions: [], industries: [], dailyCapMinor: everyCent, validUntil: addDays(today, 90) },
    ...{ reason: "Agreed in the risk committee", actor: author },
    ...change,
  };
}

async function agreed(change: Partial<EmergencyRequest> = {}): Promise<EmergencyProfile> {
  const { world, portfolio } = given;
  const { id } = must(await proposeEmergency(world, portfolio, request(change)));
  return must(await decideEmergency(world, portfolio, id, "approve", approver));
}

async function start(profile: EmergencyProfile) {
  const { world, portfolio } = given;
  const asked = { reason: "Dam broken", actor: author };
  const sweep = must(await startEmergency(world, portfolio, profile.id, asked));
  return runSweep(world, portfolio, sweep.id, { ...undoRun, onProgress: () => undefined });
}

describe("an approved profile", () => {
  test("starts a sweep at once that keeps who, why and under which profile", async () => {
    const profile = await agreed();
    const sweep = await start(profile);
    expect(sweep).toMatchObject({
      ...{ state: "done", asOf: today, maker: author.id, dailyCapMinor: everyCent },
      emergency: { profileId: profile.id, reason: "Dam broken" },
    });
    expect(sweep.counts.proposed).toBeGreaterThan(0);
    expect(await given.portfolio.emergencies.startsOf(profile.id)).toEqual([sweep.id]);
  });

  test("looks at the lines of its regions and at no others", async () => {
    const all = await start(await agreed());
    const buckets = Array.from({ length: 1024 }, (_none, bucket) => bucket);
    const decided = await given.portfolio.waves.decisions(all.id, buckets);
    const found = [...decided.values()].flat();
    const region = found.find((one) => one.region !== null)!.region!;
    const other = memoryWorld();
    given = other;
    await importDemo(other);
    strategyId = await activateStrategy(other);
    const some = await start(await agreed({ regions: [region] }));
    const within = [...(await other.portfolio.waves.decisions(some.id, buckets)).values()].flat();
    expect(within.length).toBe(found.filter((one) => one.region === region).length);
    expect(within.every((one) => one.region === region)).toBe(true);
    expect(some.counts.planned).toBeLessThan(all.counts.planned);
  });

  test("passes the notice gate like any other sweep: nothing is cut before its notice", async () => {
    const sweep = await start(await agreed());
    const { reads } = given.world.store;
    const made = await every((after) =>
      reads.decisions({ after, limit: 100 }, { causeId: sweep.id }),
    );
    expect(made.length).toBeGreaterThan(0);
    expect(made.filter(({ state }) => state === "executed")).toEqual([]);
  });

  test("rehearses without a trace", async () => {
    const profile = await agreed();
    const { world, portfolio } = given;
    const asked = { reason: "Drill", actor: author };
    const proposals: Proposal[] = [];
    const seen = await startEmergency(world, portfolio, profile.id, asked, {
      dryRun: true,
      onProposals: (found) => proposals.push(...found),
    });
    expect(must(seen).counts.proposed).toBeGreaterThan(0);
    expect(proposals).toHaveLength(must(seen).counts.proposed);
    expect(await portfolio.emergencies.startsOf(profile.id)).toEqual([]);
  });

  test("is good until its last day, and no longer once it is revoked", async () => {
    const profile = await agreed({ validUntil: addDays(today, 1) });
    const { world, portfolio, clock } = given;
    const asked = { reason: "Dam broken", actor: author };
    await clock.set(world.clock.startOf(addDays(today, 2)));
    expect(await startEmergency(world, portfolio, profile.id, asked)).toMatchObject({
      refused: "wrong-state",
    });
    must(await decideEmergency(world, portfolio, profile.id, "revoke", author));
    expect(await startEmergency(world, portfolio, profile.id, asked)).toMatchObject({
      refused: "wrong-state",
      detail: { en: expect.stringContaining("it is revoked") },
    });
  });
});

test("one's own profile, a profile that nobody approved, no reason and an unknown one are refused", async () => {
  const { world, portfolio } = given;
  const { id } = must(await proposeEmergency(world, portfolio, request({ actor: approver2 })));
  expect(await decideEmergency(world, portfolio, id, "approve", approver2)).toMatchObject({
    refused: "maker-is-checker",
  });
  const asked = { reason: "Dam broken", actor: author };
  expect(await startEmergency(world, portfolio, id, asked)).toMatchObject({
    refused: "wrong-state",
  });
  expect(await startEmergency(world, portfolio, world.ids.fresh(), asked)).toMatchObject({
    refused: "not-found",
  });
  must(await decideEmergency(world, portfolio, id, "approve", approver));
  expect(await startEmergency(world, portfolio, id, { ...asked, reason: "" })).toMatchObject({
    refused: "invalid",
  });
  const auditor = person("aud", "auditor");
  expect(await startEmergency(world, portfolio, id, { ...asked, actor: auditor })).toMatchObject({
    refused: "forbidden",
  });
  expect(await decideEmergency(world, portfolio, id, "reject", approver)).toMatchObject({
    refused: "already-resolved",
  });
});

const approver2 = person("cmp", "compliance");

test.each([
  ["a wrong role", { actor: person("aud", "auditor") }, "forbidden"],
  ["no name", { name: "" }, "invalid"],
  ["no reason", { reason: " " }, "invalid"],
  ["no cap", { dailyCapMinor: 0 }, "invalid"],
  ["a last day that is over", { validUntil: addDays(today, -1) }, "invalid"],
  ["an unknown strategy", { strategyId: "none" }, "not-found"],
  ["an unknown portfolio", { portfolio: "none" }, "invalid"],
] as const)("proposing is refused with %s", async (_name, change, refused) => {
  const { world, portfolio } = given;
  expect(await proposeEmergency(world, portfolio, request(change))).toMatchObject({ refused });
});
