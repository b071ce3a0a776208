// The two stores cannot disagree: random histories of transactions, dry runs, failures, leases and reservations are
// played to both, and after every step everything that can be seen through the ports is the same.

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import { plainKeys } from "../../src/adapters/memory/plain-keys.ts";
import { postgresStore } from "../../src/adapters/postgres/store.ts";
import { lineStatuses } from "../../src/domain/credit-line.ts";
import { decisionStates } from "../../src/domain/decision.ts";
import { signalKey } from "../../src/domain/signal.ts";
import type { Event, State } from "../../src/flow/state.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import * as rows from "../support/store-contract/rows.ts";

const buckets = [0, 513, 1023] as const;
const names = ["a", "b", "c"] as const;
const days = ["2025-03-30", "2025-04-01", "2026-01-31", "2026-03-31", "2026-04-01"] as const;
const instants = days.map((day) => rows.at(day, "06:30:00.500"));

const day = fc.constantFrom(...days);
const name = fc.constantFrom(...names);
const amount = fc.integer({ min: 0, max: 2 ** 48 });

/** One change of a transaction's state, by a name within its bucket. */
const change = fc.oneof(
  fc.record({
    kind: fc.constant("line" as const),
    name,
    limit: amount,
    status: fc.constantFrom(...lineStatuses),
    movements: fc.option(
      fc.array(fc.record({ on: day.map(rows.date), netMinor: amount }), { minLength: 1 }),
    ),
  }),
  fc.record({
    kind: fc.constant("facts" as const),
    name,
    day: fc.constantFrom(...days.slice(2, 4)),
    score: fc.integer(),
  }),
  fc.record({ kind: fc.constant("signal" as const), name, id: fc.string() }),
  fc.record({
    kind: fc.constant("decision" as const),
    name,
    which: fc.nat(1),
    state: fc.constantFrom(...decisionStates),
    day: fc.option(day),
  }),
  fc.record({
    kind: fc.constant("review" as const),
    name,
    note: fc.option(fc.string({ unit: "grapheme" })),
  }),
  fc.record({ kind: fc.constant("notice" as const), name, text: fc.string({ unit: "grapheme" }) }),
  fc.record({ kind: fc.constant("offer" as const), name, limitMinor: fc.maxSafeNat() }),
  fc.record({
    kind: fc.constant("timer" as const),
    name,
    which: fc.nat(2),
    due: fc.constantFrom(...instants),
    priority: amount,
    state: fc.constantFrom("waiting" as const, "fired" as const),
  }),
  fc.record({ kind: fc.constant("message" as const), name, which: fc.nat(2) }),
  fc.record({ kind: fc.constant("decrease" as const), name, on: day, cut: amount }),
);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      bucket: fc.constantFrom(...buckets),
      end: fc.constantFrom(
        "commit" as const,
        "commit" as const,
        "commit" as const,
        "dry run" as const,
        "throw" as const,
      ),
      changes: fc.array(change, { minLength: 1, maxLength: 6 }),
      now: fc.constantFrom(...instants.slice(3)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("lease" as const),
      limit: fc.integer({ min: 1, max: 4 }),
      done: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("reserve" as const),
      key: name,
      budget: name,
      day,
      amount: fc.nat(60),
      release: fc.boolean(),
    }),
  },
);

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** PostgreSQL texts and JSON cannot hold NUL; JSON cannot hold half a character. */
const plain = (text: string): string => text.replaceAll("\u0000", "0").toWellFormed();

function put(state: State, bucket: number, one: Change, now: Event["at"]): Partial<Event> {
  const line = rows.creditLine(bucket, one.name);
  const held = state.lines.get(line.id);
  if (held === undefined) {
    state.customers.set(line.customerId, rows.customerRow(bucket, one.name));
    state.lines.set(line.id, line);
  }
  switch (one.kind) {
    case "line":
      state.lines.set(line.id, {
        ...(held ?? line),
        limitMinor: one.limit,
        status: one.status,
        movements: one.movements,
        ver: (held?.ver ?? 0) + 1,
      });
      return {};
    case "facts":
      state.facts.set(line.id, rows.factsRow(bucket, one.name, one.day, { score: one.score }, now));
      return {};
    case "signal":
      state.signals.set(signalKey(one.name, plain(one.id)), one.name);
      return {};
    case "decrease":
      return { kind: "LimitDecreased", body: { on: one.on, fromMinor: one.cut, toMinor: 0 } };
    case "message":
      state.outbox.push(rows.message(bucket, `${one.name}${one.which}`, { subject: line.id }));
      return {};
    default:
      putRelative(state, bucket, one);
      return {};
  }
}

function putRelative(
  state: State,
  bucket: number,
  one: Extract<Change, Readonly<{ kind: "decision" | "review" | "notice" | "offer" | "timer" }>>,
): void {
  const lineId = rows.idOf(bucket, `line ${one.name}`);
  const customerId = rows.idOf(bucket, `customer ${one.name}`);
  switch (one.kind) {
    case "decision": {
      const made = rows.decision(bucket, `${one.name}${one.which}`, { lineId, customerId });
      const held = state.decisions.get(made.id) ?? { ...made, ver: 0 };
      const overrideExpiresOn = one.day === null ? null : rows.date(one.day);
      state.decisions.set(made.id, {
        ...held,
        state: one.state,
        overrideExpiresOn,
        ver: held.ver + 1,
      });
      return;
    }
    case "review": {
      const opened = rows.reviewCase(bucket, one.name, {
        decisionId: rows.idOf(bucket, `decision ${one.name}0`),
      });
      const held = state.reviews.get(opened.id) ?? { ...opened, ver: 0 };
      const note = one.note === null ? null : plain(one.note);
      state.reviews.set(opened.id, { ...held, note, ver: held.ver + 1 });
      return;
    }
    case "notice": {
      const issued = rows.notice(bucket, one.name, {
        decisionId: rows.idOf(bucket, `decision ${one.name}0`),
      });
      const held = state.notices.get(issued.id) ?? { ...issued, ver: 0 };
      const text = plain(one.text);
      state.notices.set(issued.id, {
        ...held,
        body: { zh: text, en: `${text}"\\` },
        ver: held.ver + 1,
      });
      return;
    }
    case "offer": {
      const made = rows.offer(bucket, one.name, {
        decisionId: rows.idOf(bucket, `decision ${one.name}0`),
      });
      const held = state.offers.get(made.id) ?? { ...made, ver: 0 };
      const consent = { ...made.consent!, limitMinor: one.limitMinor };
      state.offers.set(made.id, { ...held, consent, ver: held.ver + 1 });
      return;
    }
    case "timer": {
      const subject = rows.idOf(bucket, `decision ${one.name}0`);
      const { due, priority, state: timerState } = one;
      const set = rows.timer(bucket, `${one.name}${one.which}`, subject, {
        due,
        priority,
        state: timerState,
      });
      state.timers.set(set.id, set);
    }
  }
}

type Named = Readonly<
  Record<
    "lines" | "decisions" | "reviews" | "notices" | "offers" | "factsOf" | "decreasedOf",
    readonly string[]
  >
>;

/** Everything of a bucket that a transaction can name. */
function everything(bucket: number): Named {
  const ids = (kind: string, suffixes: readonly string[] = [""]) =>
    names.flatMap((one) => suffixes.map((suffix) => rows.idOf(bucket, `${kind} ${one}${suffix}`)));
  const lines = ids("line");
  const decisions = ids("decision", ["0", "1"]);
  const told = { reviews: ids("review"), notices: ids("notice"), offers: ids("offer") };
  return { lines, decisions, ...told, factsOf: lines, decreasedOf: lines };
}

const broken = new Error("thrown on purpose");

async function play(store: rows.TestedStore, one: Step): Promise<unknown> {
  switch (one.kind) {
    case "write": {
      const work = store.transaction(one.bucket, one.end === "dry run", async (transaction) => {
        const signals = one.changes.flatMap((wish) =>
          wish.kind === "signal" ? [{ source: wish.name, id: plain(wish.id) }] : [],
        );
        const state = await transaction.load(rows.wanted({ ...everything(one.bucket), signals }));
        const events = one.changes.map((wish, index) => {
          const more = put(state, one.bucket, wish, one.now);
          return rows.event(one.bucket, transaction.nextSeq + index, wish.name, {
            at: one.now,
            ...more,
          });
        });
        await transaction.save(rows.changesOf(state, events));
        if (one.end === "throw") throw broken;
        return transaction.nextSeq;
      });
      return work.catch((error: unknown) => {
        if (error !== broken) throw error;
        return "thrown";
      });
    }
    case "lease": {
      const leased = await store.waiting.leaseOutbox("tester", 3_600_000, one.limit, []);
      const ids = leased.map((entry) => entry.id);
      for (const entry of one.done ? leased : []) {
        await store.transaction(entry.bucket, false, async (transaction) => {
          const state = await transaction.load(rows.wanted());
          await transaction.save(rows.changesOf(state, [], { doneOutbox: [entry.id] }));
        });
      }
      // Among messages that may all be tried now, which come first may depend on the clock.
      return one.limit >= leased.length + 1 ? ids.toSorted() : ids.length;
    }
    case "reserve": {
      const { budget, key, day: on } = one;
      if (one.release) return store.ledger.release(budget, key);
      return store.ledger.reserve(budget, rows.date(on), 100, key, one.amount);
    }
  }
}

async function visible(store: rows.TestedStore): Promise<unknown> {
  const page = { after: null, limit: 1_000 };
  const states = [];
  for (const bucket of buckets) {
    const { outbox: _outbox, ...state } = await rows.look(store, bucket, everything(bucket));
    const { lines, factsOf } = everything(bucket);
    const byLine = await rows.look(store, bucket, { lines, factsOf });
    states.push(state, byLine, [...(await store.sweeps.read(rows.sweep("s"), [bucket]))]);
    for (const one of names)
      states.push(await store.reads.timeline(rows.idOf(bucket, `line ${one}`)));
  }
  const { reads } = store;
  const lists = [
    await reads.lines(page, { status: "active" }),
    await reads.decisions(page, { state: "approved" }),
    await reads.reviews(page, { causeId: rows.idOf(0, "a sweep") }),
    await reads.notices(page, { portfolios: ["cards"] }),
    await reads.offers(page, { state: "accepted" }),
  ];
  const due = await store.waiting.dueTimers(rows.at("2026-03-31", "23:59:59.999"), 5, []);
  const windows = [];
  for (const budget of names) {
    for (const on of days) windows.push(await store.ledger.remaining(budget, rows.date(on), 100));
  }
  const rest = [await store.waiting.unsent(), await store.totals(null), due, windows];
  return { states: states.map(sortedMaps), lists, rest };
}

/** The order in which rows were loaded is nobody's business. */
function sortedMaps(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [
      key,
      held instanceof Map
        ? new Map([...held].toSorted(([left], [right]) => (left < right ? -1 : 1)))
        : held,
    ]),
  );
}

let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
});

afterAll(() => database.close());

test("random histories look the same in PostgreSQL and in memory", async () => {
  const { db } = database;
  const tables = await db.query<Readonly<{ name: string }>>(
    `select tablename as name from pg_tables where schemaname = 'public'
     and tablename not in ('schema_migration', 'bucket')`,
  );
  const history = fc.array(step, { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(history, async (steps) => {
      await db.execute(`truncate ${tables.map((table) => table.name).join(", ")}`);
      await db.execute("update bucket set next_seq = 1 where next_seq <> 1");
      const [stored, held] = [postgresStore(db, plainKeys()), memoryStore()];
      for (const one of steps) {
        const answers = [await play(stored, one), await play(held, one)];
        expect(answers[0]).toEqual(answers[1]);
        expect(await visible(stored)).toEqual(await visible(held));
      }
    }),
    { numRuns: 20 },
  );
}, 120_000);
