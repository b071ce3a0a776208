// Random lives of lines keep what is promised of every one of them. Many more run in `npm run test:long -- lives`.

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { CompliancePack } from "../../src/compliance/pack.ts";
import type { Event } from "../../src/flow/state.ts";
import { sequence, type Sequence } from "../support/life-moves.ts";
import { playLife } from "../support/life-trial.ts";
import { watchOver } from "../support/life-watch.ts";
import { memoryWorld } from "../support/world.ts";

/** What hundreds of lives must have met, or the sequences say little. */
const met = [
  ...["LimitDecreased", "LineFrozen", "LineClosed", "ExecutionConfirmed", "ExecutionDisputed"],
  ...["DecisionPaced", "ReviewOverdue", "OverrideProposed", "ReviewReferred", "ExecutionDeferred"],
  ...["NoticeBounced", "NoticeReissued", "NoticeEscalated", "BudgetReleased"],
  ...["OfferMade", "OfferAccepted", "OfferDeclined", "OfferCountered", "OfferExpired"],
  ...["Approve maker-is-checker", "Approve needs-other-authority", "Approve stale-approval"],
  ...["Approve already-resolved", "Apply gate-closed", "Decide halted", "Decide already-exists"],
];

test("no random life breaks a promise", async () => {
  const seen = new Set<string>();
  const keepsItsPromises = fc.asyncProperty(sequence, async (given) => {
    const { broken, events, refusals } = await playLife(memoryWorld(), given, "C-1");
    for (const { kind } of events) seen.add(kind);
    for (const refusal of refusals) seen.add(refusal);
    expect(broken).toEqual([]);
  });
  const missing = (): readonly string[] => met.filter((one) => !seen.has(one));
  // What is rare is looked for among more lives.
  for (let round = 0; round < 6 && (round === 0 || missing().length > 0); round += 1) {
    await fc.assert(keepsItsPromises, { numRuns: 600 });
  }
  expect(missing()).toEqual([]);
}, 240_000);

const samples = (): readonly Sequence[] => fc.sample(sequence, { numRuns: 300, seed: 7 });

const atOnce = { when: "at", days: 0, counting: "calendar" } as const;

test("the watch sees a gate that opens too early", async () => {
  const hasty = (pack: CompliancePack): CompliancePack => ({
    ...pack,
    notice: { ...pack.notice, decrease: { ...pack.notice.decrease, value: atOnce } },
  });
  const broken: string[] = [];
  for (const given of samples()) {
    const test = memoryWorld();
    const { packs } = test.world;
    const world = {
      ...test.world,
      packs: (...asked: Parameters<typeof packs>) => hasty(packs(...asked)),
    };
    broken.push(...(await playLife({ ...test, world }, given, "C-1", packs)).broken);
    if (broken.length > 0) break;
  }
  expect(broken.join("\n")).toContain("no execution before the gate: decrease on");
});

describe("the watch sees, in the events of a life,", () => {
  let events: readonly Event[] = [];

  beforeAll(async () => {
    for (const given of samples()) {
      ({ events } = await playLife(memoryWorld(), given, "C-1"));
      const kinds = events.map(({ kind }) => kind);
      if (kinds.includes("ReviewApproved") && kinds.includes("LimitDecreased")) return;
    }
  });

  /** What a watch says of the events with those of a kind changed. */
  function watched(kind: string, change: (event: Event) => readonly Event[]): string {
    const { clock, packs } = memoryWorld().world;
    const watch = watchOver((id, version) => packs("cn", { id, version }), clock.dateOf);
    const told = events.flatMap((event) => (event.kind === kind ? change(event) : [event]));
    watch.observe(told.map((event, at) => ({ ...event, seq: at + 1 })));
    return watch.broken.join("\n");
  }

  test("nothing where nothing was changed", () => {
    expect(watched("LimitDecreased", (event) => [event])).toBe("");
  });

  test("a cut that is made twice", () => {
    const twice = watched("LimitDecreased", (event) => [event, event]);
    expect(twice).toContain("no double effect: LimitDecreased twice");
  });

  test("somebody who approves what he made", () => {
    const own = watched("ReviewApproved", (event) => [{ ...event, actor: "ann" }]);
    expect(own).toContain("no self-approval: ann approved");
  });

  test("an approval that nobody gave", () => {
    expect(watched("ReviewApproved", () => [])).toContain("no self-approval: approved by nobody");
  });

  test("a notice of what nobody approved", () => {
    expect(watched("DecisionApproved", () => [])).toContain("no notice without a record: issued");
  });

  test("a record that is not the one that was hashed", () => {
    const other = watched("DecisionMade", (event) => [
      { ...event, body: { ...event.body, recordHash: "00" } },
    ]);
    expect(other).toContain("no notice without a record: another record");
  });
});

test("the watch sees a notice that leaves while the customer has not answered", async () => {
  const { clock, packs } = memoryWorld().world;
  for (const given of samples().filter(({ negotiated }) => negotiated)) {
    const { events } = await playLife(memoryWorld(), given, "C-1");
    if (!events.some(({ kind }) => kind === "OfferAccepted")) continue;
    const watch = watchOver((id, version) => packs("cn", { id, version }), clock.dateOf);
    const told = events.filter(({ kind }) => kind !== "OfferAccepted");
    watch.observe(told.map((event, at) => ({ ...event, seq: at + 1 })));
    expect(watch.broken.join("\n")).toContain("without the answer of who was asked: NoticeIssued");
    return;
  }
  throw new Error("No life had an accepted offer");
});
