// Live views tell what happened, once, in order and only within the scope of who listens; buckets and sweeps are moved
// by hand here.

import { afterEach, expect, test } from "vitest";
import type { Scope } from "../../domain/actor.ts";
import type { Instant } from "../../domain/calendar.ts";
import type { Halt } from "../../flow/hold-ports.ts";
import type { EventTold, SweepGoing } from "../../portfolio/view-ports.ts";
import { liveEvents, type LiveEvents, type LiveMessage } from "./live-events.ts";

const everybody: Scope = { kind: "all" };
const cards: Scope = { kind: "portfolios", portfolios: ["cards"] };

let live: LiveEvents | null = null;

afterEach(() => live?.stop());

/** A source whose buckets and sweeps are moved by hand, looked at every millisecond. */
function setUp() {
  const events: EventTold[] = [];
  const sweeps = new Map<string, SweepGoing>();
  let report: Readonly<{ id: string; portfolio: string | null }> | null = null;
  let looks = 0;
  const halts: Halt[] = [];
  const source = {
    places: async () => {
      looks += 1;
      return new Map([[7, events.length + 1]]);
    },
    eventsSince: async (from: ReadonlyMap<number, number>, limit: number) =>
      events.filter(({ seq }) => seq >= (from.get(7) ?? Infinity)).slice(0, limit),
    sweepsGoing: async () => [...sweeps.values()],
    newestReport: async () => report,
    standing: async () => ({ state: "done" as const, pausedBy: null }),
    halts: async () => halts,
  };
  const warnings: unknown[] = [];
  live = liveEvents(
    source,
    "epoch",
    { warn: (one: unknown) => void warnings.push(one) } as never,
    1,
  );
  const happen = (kind: string, portfolio = "cards"): void => {
    const seq = events.length + 1;
    const told = { bucket: 7, seq, kind, lineId: `line-${seq}`, customerId: "c" };
    events.push({
      ...told,
      ...{ subject: `s-${seq}`, actor: "service:trigger" },
      type: kind === "SignalRecorded" ? "drawdown" : null,
      at: "2026-03-02T02:00:00.000Z" as Instant,
      portfolio,
    });
  };
  const settled = async (): Promise<void> => {
    const from = looks;
    for (let round = 0; looks < from + 3 && round < 2_000; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const listen = (scope: Scope, after: string | null = null) => {
    const heard: LiveMessage[] = [];
    return { heard, end: live!.listen(scope, after, (message) => void heard.push(message)) };
  };
  const keep = (id: string, portfolio: string | null): void => void (report = { id, portfolio });
  return {
    live,
    events,
    sweeps,
    halts,
    happen,
    keep,
    settled,
    listen,
    looks: () => looks,
    warnings,
  };
}

test("a stop switch that is set or lifted is news of the work of staff, and of no borrower", async () => {
  const { halts, settled, listen } = setUp();
  const { heard } = listen(everybody);
  const borrower = listen({ kind: "own", customerId: "c" });
  await settled();
  const at = "2026-03-02T02:00:00.000Z" as Instant;
  halts.push({ area: "execute", reason: "drill", by: "ann", at, expiresAt: at });
  await settled();
  expect(heard.map(({ topic, data }) => [topic, data])).toEqual([["work", { halts: true }]]);
  halts.pop();
  await settled();
  expect(heard.length).toBe(2);
  expect(borrower.heard).toEqual([]);
});

test("what happens is told by topic, with the type of a signal, and nothing of registrations", async () => {
  const { happen, settled, listen } = setUp();
  const { heard } = listen(everybody);
  await settled();
  for (const kind of ["LineRegistered", "SignalRecorded", "DecisionMade", "ReviewOpened"])
    happen(kind);
  happen("NoticeIssued");
  await settled();
  expect(heard.map(({ topic, data }) => [topic, data["kind"], data["id"]])).toEqual([
    ["signal", "SignalRecorded", "s-2"],
    ["decision", "DecisionMade", "s-3"],
    ["review", "ReviewOpened", "s-4"],
    ["notice", "NoticeIssued", "s-5"],
  ]);
  expect(Object.keys(heard[0]!.data).toSorted()).toEqual(["at", "id", "kind", "lineId", "type"]);
  expect(heard[1]!.data).toMatchObject({ by: "service:trigger" });
});

test("nobody hears of lines and sweeps outside his scope", async () => {
  const { happen, sweeps, settled, listen } = setUp();
  const { heard } = listen(cards);
  await settled();
  happen("DecisionMade", "loans");
  const going = { state: "assessing", pausedBy: null, assessed: 3, decided: 0 } as const;
  sweeps.set("all", { id: "all", portfolio: null, ...going });
  sweeps.set("cards", { id: "cards", portfolio: "cards", ...going });
  await settled();
  expect(heard.map(({ topic, data }) => [topic, data["id"]])).toEqual([["sweep", "cards"]]);
});

test("much at once is counted instead of named", async () => {
  const { happen, settled, listen } = setUp();
  const { heard } = listen(everybody);
  await settled();
  for (let number = 0; number < 30; number += 1) happen("DecisionMade");
  await settled();
  const counts = heard.map(({ data }) => data["count"] ?? 1) as number[];
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(30);
  expect(heard.length).toBeLessThan(30);
});

test("a sweep tells each step once and that it has ended", async () => {
  const { sweeps, settled, listen } = setUp();
  const { heard } = listen(everybody);
  const sweep = { id: "one", portfolio: null, pausedBy: null, assessed: 1, decided: 0 };
  await settled();
  sweeps.set("one", { ...sweep, state: "assessing" });
  await settled();
  await settled();
  sweeps.delete("one");
  await settled();
  expect(heard.map(({ data }) => [data["state"], data["bucketsDone"]])).toEqual([
    ["assessing", 1],
    ["done", 1024],
  ]);
});

test("a report that was kept is told to those who may read it", async () => {
  const { keep, settled, listen } = setUp();
  const [all, narrow] = [listen(everybody), listen(cards)];
  await settled();
  keep("every", null);
  await settled();
  keep("cards", "cards");
  await settled();
  expect(all.heard.map(({ topic, data }) => [topic, data["id"]])).toEqual([
    ["report", "every"],
    ["report", "cards"],
  ]);
  expect(narrow.heard.map(({ data }) => data["id"])).toEqual(["cards"]);
});

test("a connection that was lost goes on after its last message; an unknown place is told as such", async () => {
  const { happen, settled, listen } = setUp();
  const { heard, end } = listen(everybody);
  const stay = listen(everybody);
  await settled();
  happen("DecisionMade");
  await settled();
  end();
  happen("NoticeIssued");
  await settled();
  const again = listen(everybody, heard.at(-1)!.id);
  expect(again.heard.map(({ topic }) => topic)).toEqual(["notice"]);
  expect(stay.heard.map(({ topic }) => topic)).toEqual(["decision", "notice"]);
  for (const foreign of ["another.3", "epoch.99", "junk"]) {
    const lost = listen(everybody, foreign);
    expect(lost.heard.map(({ topic, data }) => [topic, data])).toEqual([
      ["work", { missed: true }],
    ]);
  }
});

test("without listeners nothing is asked", async () => {
  const { settled, listen, looks } = setUp();
  const { end } = listen(everybody);
  await settled();
  end();
  await quiet(looks);
  const before = looks();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(looks()).toBe(before);
});

test("when the last listener has left, his place is forgotten: what nobody watched is told as missed", async () => {
  const { happen, settled, listen, looks } = setUp();
  const first = listen(everybody);
  await settled();
  happen("DecisionMade");
  await settled();
  first.end();
  await quiet(looks);
  happen("DecisionMade");
  const again = listen(everybody, first.heard.at(-1)!.id);
  expect(again.heard.map(({ data }) => data)).toEqual([{ missed: true }]);
  await settled();
  happen("NoticeIssued");
  await settled();
  expect(again.heard.map(({ topic }) => topic)).toEqual(["work", "notice"]);
});

test("who missed too much to be told is told to read anew, and goes on from there", async () => {
  const { happen, settled, listen } = setUp();
  const lost = listen(everybody);
  const stay = listen(everybody);
  await settled();
  happen("NoticeIssued");
  await settled();
  lost.end();
  const after = lost.heard.at(-1)!.id;
  const bytes = (): number => JSON.stringify(stay.heard).length;
  while (bytes() < 200_000) {
    for (const kind of ["DecisionMade", "ReviewOpened", "NoticeIssued"]) {
      for (let count = 0; count < 20; count += 1) happen(kind);
    }
    await settled();
  }
  const again = listen(everybody, after);
  expect(again.heard).toEqual([
    { id: stay.heard.at(-1)!.id, topic: "work", data: { missed: true } },
  ]);
  happen("NoticeIssued");
  await settled();
  const [, ...told] = listen(everybody, again.heard[0]!.id).heard;
  expect(told).toEqual([]);
  expect(again.heard.at(-1)).toMatchObject({ topic: "notice" });
});

test("kinds that nobody is told of take no room among what is kept", async () => {
  const { happen, settled, listen } = setUp();
  const { heard } = listen(everybody);
  await settled();
  happen("DecisionMade");
  await settled();
  for (let count = 0; count < 5; count += 1) {
    happen("LineRegistered");
    await settled();
  }
  happen("DecisionMade");
  await settled();
  const places = heard.map(({ id }) => Number(id.slice(id.lastIndexOf(".") + 1)));
  expect(places).toEqual([1, 2]);
});

/** Until no more looks are taken. */
async function quiet(looks: () => number): Promise<void> {
  let before = -1;
  while (looks() !== before) {
    before = looks();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
