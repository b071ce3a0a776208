// Panes: the newest version known counts, of one line and of many alike, and versions are only ever added.

import { describe, expect, test } from "vitest";
import { emptyPane, paneKey, type PaneRow } from "../../../src/domain/pane.ts";
import {
  at,
  date,
  event,
  changesOf,
  creditLine,
  factsRow,
  idOf,
  look,
  noon,
  register,
  today,
  wanted,
  write,
  type OpenStore,
  type TestedStore,
} from "./rows.ts";

const bucket = 7;

function paneRow(name: string, onDate: string, measure: string, change: Partial<PaneRow>): PaneRow {
  const key = { bucket, lineId: idOf(bucket, `line ${name}`), onDate: date(onDate), measure };
  return { ...key, ...emptyPane, knownAt: noon, count: 1, ...change };
}

async function put(store: TestedStore, ...rows: readonly PaneRow[]): Promise<void> {
  await write(
    store,
    bucket,
    ["a"],
    (state) => {
      for (const row of rows) state.panes.set(paneKey(row), row);
    },
    { panes: rows },
  );
}

async function listed<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

const earlier = at("2026-03-30");
const numbers = { sum: -9_007_199_254_740_991, low: -3, high: 4, last: 4, lastAt: earlier };
const codes = { seen: ["a\\b", "ü\t"], lastSeen: "ü\t", count: 2 };

export function panesContract(open: OpenStore): void {
  describe("panes", () => {
    test("are there for the next transaction exactly as put, where they were asked for", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const rows = [
        paneRow("a", "2026-03-01", "drawn", numbers),
        paneRow("a", "2026-03-01", "kinds", codes),
        paneRow("a", "2026-03-02", "drawn", { count: 7 }),
      ];
      await put(store, ...rows);
      const nobody = { lineId: idOf(bucket, "nobody"), onDate: today, measure: "drawn" };
      const state = await look(store, bucket, { panes: [rows[0]!, rows[1]!, rows[1]!, nobody] });
      expect([...state.panes.values()].toSorted(byMeasure)).toEqual(rows.slice(0, 2));
      const line = rows[0]!.lineId;
      expect(await store.reads.panes(line, date("2026-02-01"), today, noon)).toEqual(rows);
    });

    test("that nobody changed are not written again", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const row = paneRow("a", "2026-03-01", "drawn", numbers);
      await put(store, row);
      await store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted({ panes: [row] }));
        await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
      });
      expect(await listed(store.factPanes.all(bucket))).toEqual([row]);
    });

    test("of a past instant are the versions that were known then", async () => {
      const store = await open();
      await register(store, bucket, ["a", "b"]);
      const first = paneRow("a", "2026-03-01", "drawn", { knownAt: earlier });
      const second = { ...first, count: 2 };
      const third = { ...first, count: 3, knownAt: noon };
      const other = paneRow("b", "2026-03-05", "drawn", {});
      for (const row of [first, second, third, other]) await put(store, row);
      const { lineId } = first;
      const after = date("2026-02-28");
      expect(await store.reads.panes(lineId, after, today, noon)).toEqual([third]);
      expect(await store.reads.panes(lineId, after, today, earlier)).toEqual([second]);
      expect(await store.reads.panes(lineId, after, today, at("2026-03-29"))).toEqual([]);
      const of = (knownAt: PaneRow["knownAt"], asOf = today) =>
        store.factPanes.of({ asOf, knownAt }, [bucket, 8], after);
      expect(await of(noon)).toEqual(
        new Map([
          [lineId, [third]],
          [other.lineId, [other]],
        ]),
      );
      expect(await of(earlier)).toEqual(new Map([[lineId, [second]]]));
      expect((await listed(store.factPanes.all(bucket))).toSorted(byDay)).toEqual([third, other]);
      expect(await store.factPanes.buckets()).toEqual([bucket]);
    });

    test("are read version by version, of the measures asked for", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const first = paneRow("a", "2026-03-01", "drawn", { knownAt: earlier });
      const second = { ...first, count: 2, knownAt: noon };
      const others = [paneRow("a", "2026-03-02", "kinds", {}), paneRow("a", "2026-03-02", "x", {})];
      for (const row of [first, second, ...others]) await put(store, row);
      const versions = (knownAt: PaneRow["knownAt"]) =>
        store.reads.paneVersions(
          ...([first.lineId, ["drawn", "kinds"], date("2026-02-28")] as const),
          ...([date("2026-03-02"), knownAt] as const),
        );
      expect(await versions(noon)).toEqual([first, second, others[0]]);
      expect(await versions(earlier)).toEqual([first]);
      expect(await store.reads.paneVersions("none", ["drawn"], today, today, noon)).toEqual([]);
    });

    test("stand beside the lines of each customer, of one and of buckets", async () => {
      const store = await open();
      await register(store, bucket, ["a", "b"]);
      const { id, customerId, currency, limitMinor, drawnMinor, pendingMinor, status } = creditLine(
        bucket,
        "a",
      );
      const row = { id, customerId, currency, limitMinor, drawnMinor, pendingMinor, status };
      const facts = factsRow(bucket, "a", "2026-03-01", { daysPastDue: 12 });
      await write(store, bucket, ["a"], (state) => void state.facts.set(id, facts), {
        factsOf: [id],
      });
      const expected = [{ ...row, daysPastDue: 12 }];
      expect(await store.reads.exposedLines(customerId)).toEqual(expected);
      expect(await store.reads.exposedLines("none")).toEqual([]);
      const of = await store.factPanes.exposed([bucket, 8]);
      expect(of.get(customerId)).toEqual(expected);
      expect([...of.values()].flat()).toHaveLength(2);
      expect(await store.factPanes.exposed([])).toEqual(new Map());
    });

    test("are read for the days after one and up to another", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const rows = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"].map((day) =>
        paneRow("a", day, "drawn", {}),
      );
      await put(store, ...rows);
      const [after, asOf] = [date("2026-03-01"), date("2026-03-03")];
      const { lineId } = rows[0]!;
      expect(await store.reads.panes(lineId, after, asOf, noon)).toEqual(rows.slice(1, 3));
      const view = { asOf, knownAt: noon };
      expect((await store.factPanes.of(view, [bucket], after)).get(lineId)).toEqual(
        rows.slice(1, 3),
      );
      expect(await store.factPanes.of(view, [], after)).toEqual(new Map());
    });

    test("come with the signals that were recorded, in their order", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const signal = { type: "drawdown", id: "1 \\ 'x'\n", note: "余额" };
      await store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        const events = ["SignalRecorded", "LineSettled", "SignalRecorded"].map((kind, index) =>
          event(bucket, transaction.nextSeq + index, "a", { kind, body: { ...signal, index } }),
        );
        await transaction.save(changesOf(state, events));
      });
      const lineId = idOf(bucket, "line a");
      const found = await listed(store.factPanes.signals(bucket));
      expect(found.map((one) => ({ ...one, at: null }))).toEqual(
        [0, 2].map((index) => ({ lineId, at: null, signal: { ...signal, index } })),
      );
      expect(found[0]!.at).toMatch(/^\d{4}-\d{2}-\d{2}T.*\.\d{3}Z$/);
    });
  });
}

function byMeasure(one: PaneRow, other: PaneRow): number {
  return one.measure < other.measure ? -1 : 1;
}

function byDay(one: PaneRow, other: PaneRow): number {
  return one.onDate < other.onDate ? -1 : 1;
}
