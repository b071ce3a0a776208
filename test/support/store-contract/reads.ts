// Lists and single rows as people read them: every row on exactly one page, filters that narrow, cursors that are
// refused when they are not ours.

import { describe, expect, test } from "vitest";
import { BrokenCursor } from "../../../src/adapters/store/cursor.ts";
import type { Page, PageRequest } from "../../../src/flow/ports.ts";
import {
  alert,
  at,
  date,
  decision,
  idOf,
  look,
  noon,
  notice,
  offer,
  register,
  reminder,
  reviewCase,
  write,
  type OpenStore,
  type TestedStore,
} from "./rows.ts";

const names = ["a", "b", "c", "d", "e", "f", "g"];
const bucketOfName = (name: string): number => names.indexOf(name) * 100;

async function walk<Row>(
  read: (page: PageRequest) => Promise<Page<Row>>,
  limit: number,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const page: Page<Row> = await read({ after, limit });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}

/** Lines in seven buckets, each with decision, review case and notice; times run against the ids. */
async function fill(store: TestedStore): Promise<void> {
  for (const [index, name] of names.entries()) {
    const bucket = bucketOfName(name);
    const portfolio = index % 2 === 0 ? "cards" : "loans";
    await register(store, bucket, [name], { portfolio });
    const when = at(`2026-03-${String(20 - Math.floor(index / 2))}`, "08:00:00.123");
    await write(store, bucket, [name], (state) => {
      const causeId = idOf(0, index < 4 ? "first sweep" : "second sweep");
      const made = decision(bucket, name, {
        madeAt: when,
        causeId,
        state: index < 2 ? "noticed" : "in-review",
      });
      state.decisions.set(made.id, made);
      const review = reviewCase(bucket, name, {
        openedAt: when,
        queue: index === 0 ? "legal" : "reviewer",
      });
      state.reviews.set(review.id, review);
      const sent = notice(bucket, name, {
        issuedAt: when,
        state: index === 6 ? "bounced" : "issued",
      });
      state.notices.set(sent.id, sent);
      const asked = offer(bucket, name, {
        madeAt: when,
        ...(index === 5 ? { state: "open", settledAt: null, consent: null } : {}),
      });
      state.offers.set(asked.id, asked);
    });
  }
}

const nameIn = (id: string, kind: string): string | undefined =>
  names.find((name) => idOf(bucketOfName(name), `${kind} ${name}`) === id);

function namesOf(rows: readonly Readonly<{ id: string }>[], kind: string): string {
  return rows.map(({ id }) => nameIn(id, kind)).join("");
}

export function readsContract(open: OpenStore): void {
  describe("lists", () => {
    test.each([1, 2, 3, 7, 100])(
      "hold every row once, in order, at %s rows a page",
      async (limit) => {
        const store = await open();
        await fill(store);
        const { reads } = store;
        const lines = await walk((page) => reads.lines(page, {}), limit);
        expect(namesOf(lines, "line")).toBe("abcdefg");
        const decisions = await walk((page) => reads.decisions(page, {}), limit);
        const order = decisions.map((row) => `${row.madeAt} ${row.id}`);
        expect(order).toEqual(order.toSorted());
        expect(new Set(order).size).toBe(7);
        const reviews = await walk((page) => reads.reviews(page, {}), limit);
        expect(namesOf(reviews, "review")).toBe(namesOf(decisions, "decision"));
        const notices = await walk((page) => reads.notices(page, {}), limit);
        expect(namesOf(notices, "notice")).toBe(namesOf(decisions, "decision"));
        const offers = await walk((page) => reads.offers(page, {}), limit);
        expect(namesOf(offers, "offer")).toBe(namesOf(decisions, "decision"));
      },
    );

    test("of portfolios hold each with lines once, in order, and one alone where it is named", async () => {
      const store = await open();
      expect(await store.reads.portfolios(null)).toEqual([]);
      await fill(store);
      expect(await store.reads.portfolios(null)).toEqual(["cards", "loans"]);
      expect(await store.reads.portfolios("loans")).toEqual(["loans"]);
      expect(await store.reads.portfolios("loan")).toEqual([]);
    });

    test("of lines narrow by portfolio, status, reference, customer and scope", async () => {
      const store = await open();
      await fill(store);
      const lines = async (filter: Parameters<typeof store.reads.lines>[1]): Promise<string> =>
        namesOf((await store.reads.lines({ after: null, limit: 100 }, filter)).rows, "line");
      expect(await lines({ portfolio: "cards" })).toBe("aceg");
      expect(await lines({ portfolios: ["loans", "none"] })).toBe("bdf");
      expect(await lines({ portfolios: [] })).toBe("");
      expect(await lines({ portfolio: "cards", portfolios: ["loans"] })).toBe("");
      expect(await lines({ status: "active" })).toBe("abcdefg");
      expect(await lines({ status: "frozen" })).toBe("");
      expect(await lines({ reference: "L-c" })).toBe("c");
      expect(await lines({ customerId: idOf(bucketOfName("d"), "customer d") })).toBe("d");
      expect(await lines({ customerId: "no id" })).toBe("");
    });

    test("of decisions, review cases, notices and offers narrow by what they belong to", async () => {
      const store = await open();
      await fill(store);
      const { reads } = store;
      const page = { after: null, limit: 100 };
      const sorted = (rows: readonly Readonly<{ id: string }>[], kind: string): string =>
        namesOf(rows, kind).split("").toSorted().join("");
      const firstSweep = { causeId: idOf(0, "first sweep") };
      const ofC = { lineId: idOf(bucketOfName("c"), "line c") };
      const customer = { customerId: idOf(bucketOfName("c"), "customer c") };
      const decisions = async (filter: Parameters<typeof reads.decisions>[1]) =>
        sorted((await reads.decisions(page, filter)).rows, "decision");
      expect(await decisions(firstSweep)).toBe("abcd");
      expect(await decisions({ ...firstSweep, state: "noticed" })).toBe("ab");
      expect(await decisions({ portfolios: ["cards"], state: "in-review" })).toBe("ceg");
      expect([await decisions(ofC), await decisions(customer)]).toEqual(["c", "c"]);
      const reviews = async (filter: Parameters<typeof reads.reviews>[1]) =>
        sorted((await reads.reviews(page, filter)).rows, "review");
      expect(await reviews({ queue: "reviewer", state: "open", ...firstSweep })).toBe("bcd");
      expect(await reviews({ decisionId: idOf(bucketOfName("e"), "decision e") })).toBe("e");
      expect([await reviews(customer), await reviews({ portfolios: ["loans"] })]).toEqual([
        "c",
        "bdf",
      ]);
      const notices = async (filter: Parameters<typeof reads.notices>[1]) =>
        sorted((await reads.notices(page, filter)).rows, "notice");
      expect(await notices({ causeId: idOf(0, "second sweep") })).toBe("efg");
      expect([await notices({ state: "bounced" }), await notices(ofC)]).toEqual(["g", "c"]);
      expect([await notices(customer), await notices({ portfolios: ["loans"] })]).toEqual([
        "c",
        "bdf",
      ]);
      const offers = async (filter: Parameters<typeof reads.offers>[1]) =>
        sorted((await reads.offers(page, filter)).rows, "offer");
      expect(await offers({ causeId: idOf(0, "second sweep") })).toBe("efg");
      expect([await offers({ state: "open" }), await offers(ofC)]).toEqual(["f", "c"]);
      expect([await offers(customer), await offers({ portfolios: ["loans"] })]).toEqual([
        "c",
        "bdf",
      ]);
      const found = await reads.offer(idOf(bucketOfName("f"), "offer f"));
      expect(found).toMatchObject({ state: "open", consent: null });
      expect(await reads.offer("no id")).toBeNull();
    });

    test("of alerts narrow by line, state, severity, owner and deadline", async () => {
      const store = await open();
      await register(store, 7, ["a", "b", "c"]);
      const stored = [
        alert(7, "a"),
        alert(7, "b", { state: "taken", owner: "ann", severity: "low", ver: 2 }),
        alert(7, "c", { state: "closed", owner: "bob", closedAt: at("2026-04-01"), ver: 3 }),
      ];
      await write(store, 7, ["a"], (state) => {
        for (const one of stored) state.alerts.set(one.id, one);
      });
      const { reads } = store;
      const named = async (filter: Parameters<typeof reads.alerts>[1]) => {
        const { rows } = await reads.alerts({ after: null, limit: 9 }, filter);
        const places = new Set(rows.map(({ id }) => stored.findIndex((one) => one.id === id)));
        return ["a", "b", "c"].filter((_, place) => places.has(place)).join("");
      };
      expect(await named({})).toBe("abc");
      expect(await named({ lineId: idOf(7, "line b") })).toBe("b");
      expect(await named({ customerId: idOf(7, "customer c") })).toBe("c");
      expect([await named({ state: "open" }), await named({ severity: "high" })]).toEqual([
        ...["a", "ac"],
      ]);
      expect([await named({ owner: "ann" }), await named({ owner: "eve" })]).toEqual(["b", ""]);
      expect(await named({ overdueAt: at("2026-04-02", "00:00:00.001") })).toBe("ab");
      expect(await named({ overdueAt: at("2026-04-02") })).toBe("");
      expect(await reads.alert(stored[1]!.id)).toEqual(stored[1]);
      expect(await reads.alert("no id")).toBeNull();
      const state = await look(store, 7, { alerts: [stored[0]!.id] });
      expect([...state.alerts.values()]).toEqual([stored[0]]);
      expect([...state.lines.keys()]).toEqual([stored[0]!.lineId]);
    });

    test("of reminders narrow by line, customer and state; a customer's come together", async () => {
      const store = await open();
      await register(store, 7, ["a", "b", "c"]);
      const customerId = idOf(7, "customer a");
      const text = { zh: '还款 "提醒"', en: "A \\ reminder" };
      const words = { subject: text, short: text, body: text, version: 2 };
      const stored = [
        reminder(7, "a"),
        reminder(7, "b", { customerId, state: "sent", sentAt: noon, words, ver: 3 }),
        reminder(7, "c", { state: "dropped", because: "paid", ver: 2 }),
        reminder(7, "old", { customerId, lineId: idOf(7, "line a"), dueOn: date("2026-01-01") }),
      ];
      await write(store, 7, ["a"], (state) => {
        for (const one of stored) state.reminders.set(one.id, one);
      });
      const { reads } = store;
      const places = (ids: Iterable<string>): readonly number[] =>
        [...ids]
          .map((id) => stored.findIndex((one) => one.id === id))
          .toSorted((left, right) => left - right);
      const named = async (filter: Parameters<typeof reads.reminders>[1]) =>
        places((await reads.reminders({ after: null, limit: 9 }, filter)).rows.map(({ id }) => id));
      expect(await named({})).toEqual([0, 1, 2, 3]);
      expect(await named({ lineId: idOf(7, "line b") })).toEqual([1]);
      expect(await named({ customerId })).toEqual([0, 1, 3]);
      expect(await named({ state: "dropped" })).toEqual([2]);
      expect(await reads.reminder(stored[1]!.id)).toEqual(stored[1]);
      expect(await reads.reminder("no id")).toBeNull();
      // With one come the recent ones of its customer, and the line of the one that was named.
      const state = await look(store, 7, { reminders: [stored[0]!.id] });
      expect(places(state.reminders.keys())).toEqual([0, 1]);
      expect([...state.lines.keys()]).toEqual([stored[0]!.lineId]);
      const ofLine = await look(store, 7, { remindersOf: [stored[2]!.lineId] });
      expect(places(ofLine.reminders.keys())).toEqual([2]);
    });

    test("of alerts count what was raised and found, by kind and look", async () => {
      const store = await open();
      await register(store, 7, ["a", "b"]);
      const about = {
        look: "full-draw",
        text: { zh: "支用", en: "drawn" },
        figures: { bp: 9_800 },
      };
      const behaviour = { kind: "behaviour", about, state: "closed" } as const;
      const stored = [
        alert(7, "a"),
        alert(7, "1", { lineId: idOf(7, "line a"), ...behaviour, finding: "confirmed" }),
        alert(7, "2", { lineId: idOf(7, "line b"), ...behaviour, finding: "false-alarm" }),
        alert(7, "3", { lineId: idOf(7, "line b"), ...behaviour, state: "open" }),
      ];
      await write(store, 7, ["a"], (state) => {
        for (const one of stored) state.alerts.set(one.id, one);
      });
      const trigger = { kind: "trigger", look: null, raised: 1, confirmed: 0, falseAlarms: 0 };
      const looks = {
        kind: "behaviour",
        look: "full-draw",
        raised: 3,
        confirmed: 1,
        falseAlarms: 1,
      };
      expect(await store.reads.alertCounts({})).toEqual([looks, trigger]);
      const customerId = idOf(7, "customer a");
      expect(await store.reads.alertCounts({ customerId })).toEqual([trigger]);
      const page = { after: null, limit: 9 };
      const filter = { kind: "behaviour", look: "full-draw", lineId: idOf(7, "line b") };
      expect((await store.reads.alerts(page, filter)).rows).toHaveLength(2);
      expect((await store.reads.alerts(page, { look: "amount" })).rows).toEqual([]);
      expect((await store.reads.alerts(page, { role: "approver" })).rows).toEqual([]);
    });

    test("go on from their own cursors only", async () => {
      const store = await open();
      await fill(store);
      const { next } = await store.reads.lines({ after: null, limit: 2 }, {});
      const broken = [
        "",
        "nonsense",
        `${next}x`,
        next!.slice(0, -2),
        Buffer.from("[1]").toString("base64url"),
      ];
      for (const after of broken) {
        await expect(store.reads.lines({ after, limit: 2 }, {})).rejects.toThrow(BrokenCursor);
      }
      await expect(store.reads.decisions({ after: next, limit: 2 }, {})).rejects.toThrow(
        /expected the "next" of a page/,
      );
      for (const limit of [0, -1, 1.5]) {
        await expect(store.reads.lines({ after: null, limit }, {})).rejects.toThrow(RangeError);
      }
    });
  });

  describe("single rows", () => {
    test("come back as they were put, and null for what does not exist", async () => {
      const store = await open();
      await fill(store);
      const { reads } = store;
      const when = at("2026-03-20", "08:00:00.123");
      const review = idOf(0, "review a");
      expect(await reads.review(review)).toEqual(
        reviewCase(0, "a", { openedAt: when, queue: "legal" }),
      );
      expect(await reads.notice(idOf(0, "notice a"))).toEqual(notice(0, "a", { issuedAt: when }));
      for (const id of [idOf(3, "nothing"), "no id", ""]) {
        const found = [
          reads.line(id),
          reads.decision(id),
          reads.decisionRecord(id),
          reads.review(id),
          reads.notice(id),
        ];
        expect(await Promise.all(found)).toEqual([null, null, null, null, null]);
        expect(await reads.timeline(id)).toEqual([]);
        expect(await reads.facts(id, "2026-03-31" as never, when)).toBeNull();
      }
    });
  });
}
