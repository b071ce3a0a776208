// The write path's half of the store contract: what is saved is loaded, nothing of a failed or tried transaction
// stays, one bucket has one writer, and rows that do not belong are refused.

import { describe, expect, test } from "vitest";
import { Fault } from "../../../src/adapters/fault.ts";
import type { Bucket } from "../../../src/domain/id.ts";
import type { Changes, Store } from "../../../src/flow/ports.ts";
import {
  addDecision,
  at,
  changesOf,
  creditLine,
  customerRow,
  event,
  idOf,
  look,
  message,
  noon,
  register,
  today,
  wanted,
  write,
  type OpenStore,
} from "./rows.ts";

const bucket = 7;

function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

export function transactionContract(open: OpenStore): void {
  describe("all or nothing", () => {
    test("a dry run sees its own world and leaves nothing", async () => {
      const store = await open();
      const line = creditLine(bucket, "a");
      const seen = await store.transaction(bucket, true, async (transaction) => {
        const state = await transaction.load(wanted());
        state.lines.set(line.id, line);
        state.customers.set(line.customerId, customerRow(bucket, "a"));
        state.outbox.push(message(bucket, "a"));
        await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
        return transaction.nextSeq;
      });
      expect(await store.reads.line(line.id)).toBeNull();
      expect(await store.waiting.unsent()).toBe(0);
      expect(await store.reads.timeline(line.id)).toEqual([]);
      const next = await store.transaction(bucket, true, async ({ nextSeq }) => nextSeq);
      expect(next).toBe(seen);
    });

    test("a throw after saving leaves nothing and the bucket goes on", async () => {
      const store = await open();
      const line = creditLine(bucket, "a");
      const thrown = await failure(
        store.transaction(bucket, false, async (transaction) => {
          const state = await transaction.load(wanted());
          state.lines.set(line.id, line);
          await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
          throw new Error("after saving");
        }),
      );
      expect(thrown).toEqual(new Error("after saving"));
      expect(await store.reads.line(line.id)).toBeNull();
      await register(store, bucket, ["a"]);
      expect(await store.reads.line(line.id)).toEqual(line);
    });

    test("two transactions on one bucket take turns and lose nothing", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      const id = idOf(bucket, "line a");
      let running = 0;
      const drawMore = () =>
        store.transaction(bucket, false, async (transaction) => {
          running += 1;
          expect(running).toBe(1);
          const state = await transaction.load(wanted({ lines: [id] }));
          const line = state.lines.get(id)!;
          await new Promise((resolve) => setTimeout(resolve, 3));
          state.lines.set(id, { ...line, pendingMinor: line.pendingMinor + 1, ver: line.ver + 1 });
          await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
          running -= 1;
        });
      await Promise.all(Array.from({ length: 8 }, drawMore));
      expect(await store.reads.line(id)).toMatchObject({ pendingMinor: 8, ver: 9 });
      const timeline = await store.reads.timeline(id);
      expect(timeline.map((one) => one.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });

    test("transactions on different buckets run at the same time", async () => {
      const store = await open();
      let meet = (): void => undefined;
      const met = new Promise<void>((resolve) => {
        meet = resolve;
      });
      const first = store.transaction(1, true, () => met.then(() => "first"));
      const second = store.transaction(2, true, async () => {
        meet();
        return "second";
      });
      expect(await Promise.all([first, second])).toEqual(["first", "second"]);
    });

    test("a transaction cannot be used after its end, nor saved twice", async () => {
      const store = await open();
      const kept = await store.transaction(bucket, false, async (transaction) => transaction);
      expect(await failure(kept.load(wanted({ lines: [idOf(bucket, "line a")] })))).toBeInstanceOf(
        Fault,
      );
      const twice = store.transaction(bucket, false, async (transaction) => {
        const changes = changesOf(await transaction.load(wanted()), []);
        await transaction.save(changes);
        await transaction.save(changes);
      });
      expect(String(await failure(twice))).toContain("saved already");
    });
  });

  describe("several buckets together", () => {
    const draw = (store: Store, buckets: readonly Bucket[], dryRun = false) =>
      store.group(buckets, dryRun, async (group) => {
        const named = Array.from(group.buckets.keys(), (one) => {
          const id = idOf(one, "line a");
          const signals = [{ source: "core", id: `s${group.buckets.get(one)!.nextSeq}` }];
          return [one, wanted({ lines: [id], factsOf: [id], signals })] as const;
        });
        const states = await group.load(new Map(named));
        const changes = Array.from(states, ([one, state]) => {
          const line = state.lines.get(idOf(one, "line a"))!;
          const { nextSeq } = group.buckets.get(one)!;
          const pendingMinor = line.pendingMinor + 1;
          state.lines.set(line.id, { ...line, pendingMinor, ver: line.ver + 1 });
          state.signals.set(JSON.stringify(["core", `s${nextSeq}`]), "content");
          const row = { bucket: one, lineId: line.id, asOf: today, knownAt: noon, hash: "h" };
          state.facts.set(line.id, { ...row, facts: { score: nextSeq } });
          return [one, changesOf(state, [event(one, nextSeq, "a")])] as const;
        });
        await group.save(new Map(changes));
        return states;
      });

    test("each is loaded and saved in its own order, all of it or nothing", async () => {
      const store = await open();
      for (const one of [7, 9, 500]) await register(store, one, ["a"]);
      await draw(store, [500, 7, 9], true);
      expect(await store.reads.line(idOf(9, "line a"))).toMatchObject({ pendingMinor: 0, ver: 1 });
      await draw(store, [500, 7, 9]);
      await draw(store, [9]);
      await draw(store, [7, 9]);
      for (const [one, times] of [
        [7, 2],
        [9, 3],
        [500, 1],
      ] as const) {
        const id = idOf(one, "line a");
        const ver = times + 1;
        expect(await store.reads.line(id)).toMatchObject({ pendingMinor: times, ver });
        const seqs = (await store.reads.timeline(id)).map(({ seq }) => seq);
        expect(seqs).toEqual(Array.from({ length: times + 1 }, (_, index) => index + 1));
        expect((await store.reads.facts(id, today, noon))?.facts).toEqual({ score: times + 1 });
        const known = await look(store, one, { signals: [{ source: "core", id: "s2" }] });
        expect([...known.signals.values()]).toEqual(["content"]);
      }
      const thrown = await failure(
        store.group([7, 9], false, async (group) => {
          const states = await group.load(new Map([[7, wanted()]]));
          const { nextSeq } = group.buckets.get(7)!;
          const changes = changesOf(states.get(7)!, [event(7, nextSeq, "a")]);
          await group.save(new Map([[7, changes]]));
          throw new Error("after saving");
        }),
      );
      expect(thrown).toEqual(new Error("after saving"));
      expect(await store.reads.timeline(idOf(7, "line a"))).toHaveLength(3);
    });

    test("groups that share buckets wait for each other and lose nothing", async () => {
      const store = await open();
      for (const one of [1, 2, 3, 4]) await register(store, one, ["a"]);
      const groups = [
        [1, 2, 3],
        [3, 2, 4],
        [4, 1],
        [2, 1, 4, 3],
      ];
      await Promise.all(Array.from({ length: 12 }, (_, at) => draw(store, groups[at % 4]!)));
      const pending = [1, 2, 3, 4].map(async (one) => {
        return (await store.reads.line(idOf(one, "line a")))!.pendingMinor;
      });
      expect(await Promise.all(pending)).toEqual([9, 9, 9, 9]);
    });
  });

  describe("events and the log", () => {
    test("the timeline gives a line's events back in order, without what was attached", async () => {
      const store = await open();
      const first = event(bucket, 1, "a", { attached: { secret: 1 } });
      const other = event(bucket, 2, "b");
      const second = event(bucket, 3, "a", { kind: "SignalRecorded", at: at("2026-04-01") });
      await store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        await transaction.save(changesOf(state, [first, other, second]));
      });
      const { attached: _, ...withoutAttached } = first;
      expect(await store.reads.timeline(first.lineId)).toEqual([withoutAttached, second]);
      expect(await store.reads.timeline(idOf(bucket, "line none"))).toEqual([]);
    });

    const bad: readonly (readonly [string, (changes: Changes) => Changes, string])[] = [
      ["a gap", (c) => changesOf(c.state, [event(bucket, 2, "a")]), "expected 7/1"],
      ["another bucket", (c) => changesOf(c.state, [event(8, 1, "a")]), "found 8/1"],
      [
        "a missing leaf",
        (c) => ({ ...changesOf(c.state, [event(bucket, 1, "a")]), leaves: [] }),
        "leaf",
      ],
      ["no id", (c) => changesOf(c.state, [event(bucket, 1, "a", { cause: "import 1" })]), "UUID"],
      [
        "a decrease without date",
        (c) => changesOf(c.state, [event(bucket, 1, "a", { kind: "LimitDecreased", body: {} })]),
        "LimitDecreased",
      ],
    ];
    test.each(bad)("events with %s are refused and nothing stays", async (_name, spoil, said) => {
      const store = await open();
      const work = store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        await transaction.save(spoil(changesOf(state, [])));
      });
      expect(String(await failure(work))).toContain(said);
      expect(await store.transaction(bucket, true, async ({ nextSeq }) => nextSeq)).toBe(1);
    });
  });

  describe("what does not belong", () => {
    test("a row of another bucket is refused", async () => {
      const store = await open();
      const line = creditLine(8, "a");
      const work = write(store, bucket, ["a"], (state) => state.lines.set(line.id, line));
      expect(String(await failure(work))).toContain("found bucket 8, expected 7");
    });

    test("a new row that exists already is a fault that trying again does not cure", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      await addDecision(store, bucket, "a", { state: "executed" });
      for (const again of [
        () => addDecision(store, bucket, "a"),
        () => register(store, bucket, ["a"]),
        () => register(store, bucket, ["z"], { reference: "L-a" }),
      ]) {
        expect(await failure(again())).toMatchObject({
          name: "Fault",
          code: "23505",
          retryable: false,
        });
      }
      expect((await store.reads.decision(idOf(bucket, "decision a")))?.state).toBe("executed");
    });

    test("a bucket that does not exist is a fault", async () => {
      const store = await open();
      for (const missing of [1024, -1]) {
        const thrown = await failure(store.transaction(missing, true, async () => 1));
        expect(thrown).toBeInstanceOf(Fault);
        expect(String(thrown)).toContain(`Cannot lock bucket ${missing}`);
      }
    });
  });

  describe("commitments", () => {
    test("are the same for one customer in every transaction and differ between customers", async () => {
      const store = await open();
      const [a, b] = [idOf(bucket, "customer a"), idOf(bucket, "customer b")];
      const made = await store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        for (const name of ["a", "b"]) {
          const customer = customerRow(bucket, name);
          state.customers.set(customer.id, customer);
        }
        const commitments = [transaction.commit(a, "x"), transaction.commit(b, "x")];
        await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
        return commitments;
      });
      const later = await store.transaction(bucket, true, async (transaction) => {
        await transaction.load(wanted({ customers: [a, b] }));
        return [transaction.commit(a, "x"), transaction.commit(b, "x")];
      });
      expect(later).toEqual(made);
      expect(new Set(made).size).toBe(2);
      expect(made[0]).toMatch(/^[0-9a-f]{64}$/);
    });

    test("to a customer that is neither loaded nor new are refused when saving", async () => {
      const store = await open();
      const work = store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        transaction.commit(idOf(bucket, "customer nobody"), "x");
        await transaction.save(changesOf(state, [event(bucket, transaction.nextSeq, "a")]));
      });
      expect(String(await failure(work))).toContain("neither loaded nor new");
    });
  });

  describe("personal data", () => {
    test("of a customer that is neither loaded nor new is refused", async () => {
      const store = await open();
      const customerId = idOf(bucket, "customer nobody");
      const work = write(store, bucket, ["a"], (state) => {
        state.identities.push({ customerId, fields: { name: "王伟" } });
      });
      expect(String(await failure(work))).toContain("neither loaded nor new");
    });
  });

  describe("idempotency keys", () => {
    const reply = {
      client: "api",
      key: "k1",
      bodyHash: "h1",
      status: 200,
      reply: { z: [1, null, "二"], a: 0 },
    };

    test("recall the reply in their bucket and for their client only", async () => {
      const store = await open();
      await store.transaction(bucket, false, async (transaction) => {
        expect(await transaction.recall(reply)).toBeNull();
        const state = await transaction.load(wanted());
        await transaction.save(changesOf(state, [], { reply }));
      });
      const recall = (where: number, client: string, key: string) =>
        store.transaction(where, true, ({ recall }) => recall({ client, key, bodyHash: "other" }));
      expect(await recall(bucket, "api", "k1")).toEqual({
        bodyHash: "h1",
        status: 200,
        reply: reply.reply,
      });
      const again = await recall(bucket, "api", "k1");
      expect(JSON.stringify(again?.reply)).toBe(JSON.stringify(reply.reply));
      expect(await recall(bucket, "cli", "k1")).toBeNull();
      expect(await recall(bucket, "api", "k2")).toBeNull();
      expect(await recall(bucket + 1, "api", "k1")).toBeNull();
    });

    test("are not remembered when the transaction fails", async () => {
      const store = await open();
      const work = store.transaction(bucket, false, async (transaction) => {
        const state = await transaction.load(wanted());
        await transaction.save(changesOf(state, [], { reply }));
        throw new Error("no");
      });
      expect(await failure(work)).toEqual(new Error("no"));
      expect(await store.transaction(bucket, true, ({ recall }) => recall(reply))).toBeNull();
    });
  });
}
