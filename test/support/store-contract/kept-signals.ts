// Refused signals are kept once and change only under the version that was seen; signals about the environment count
// once per source and id.

import { describe, expect, test } from "vitest";
import { addMilliseconds, type BusinessDate } from "../../../src/domain/calendar.ts";
import type { DeadLetter } from "../../../src/domain/dead-letter.ts";
import type { EnvironmentNews } from "../../../src/domain/environment-news.ts";
import type { Timer } from "../../../src/domain/timer.ts";
import type { EnvironmentSignal, NewsBrought } from "../../../src/flow/environment-ports.ts";
import { idOf, noon, type OpenStore } from "./rows.ts";

function letter(name: string, change: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: idOf(0, `letter ${name}`),
    state: "open",
    ...{ source: "/bureau", eventId: name, type: "bureau-report" },
    reason: { refused: "invalid", detail: { zh: "无效", en: "Invalid" }, pointer: "/data/score" },
    receivedAt: noon,
    receivedFrom: "feed",
    acts: [],
    content: '{"name":"王小明 \\u0000"}',
    ver: 1,
    ...change,
  };
}

function macro(id: string, change: Partial<EnvironmentSignal> = {}): EnvironmentSignal {
  return {
    ...{ source: "/statistics", id, type: "macro-value", subject: "CN" },
    asOf: "2026-02-28" as BusinessDate,
    happenedAt: null,
    knownAt: noon,
    by: "feed",
    data: { series: "unemployment", value: 52_000 },
    content: `of ${id}`,
    ...change,
  };
}

function brought(name: string, place: string, knownAt = noon): NewsBrought {
  const id = idOf(0, `news ${name}`);
  const news: EnvironmentNews = {
    ...{ id, place, knownAt, state: "waiting", changed: [], nextBucket: 0 },
    ...{ lines: 0, held: 0, decided: 0, endedAt: null },
  };
  const timer: Timer = {
    ...{ bucket: 0, id: idOf(0, `timer ${name}`), kind: "environment-news", subject: id },
    ...{ due: knownAt, priority: 0, owner: "feed", state: "waiting" },
  };
  return { news, timer };
}

const later = addMilliseconds(noon, 60_000);

export function keptSignalsContract(open: OpenStore): void {
  describe("dead letters", () => {
    test("are kept once, as they first came", async () => {
      const { deadLetters } = await open();
      const bare = letter("b", {
        ...{ source: null, eventId: null, type: null },
        reason: { refused: "not-found", detail: { zh: "无", en: "None" } },
      });
      await deadLetters.keep([letter("a"), letter("a", { content: "other" }), bare]);
      await deadLetters.keep([letter("a", { state: "discarded", content: null })]);
      expect(await deadLetters.find(letter("a").id)).toEqual(letter("a"));
      expect(await deadLetters.find(bare.id)).toEqual(bare);
      expect(await deadLetters.find(idOf(0, "nothing"))).toBeNull();
      expect(await deadLetters.find("no id")).toBeNull();
      await deadLetters.keep([]);
    });

    test("are listed by arrival, narrowed and page by page", async () => {
      const { deadLetters } = await open();
      const sent = letter("c", { state: "sent", receivedAt: later });
      const other = letter("d", { source: "/core", type: null, receivedAt: later });
      await deadLetters.keep([letter("a"), sent, other]);
      const all = async (filter: Parameters<typeof deadLetters.list>[1], newestFirst = false) => {
        const names: (string | null)[] = [];
        let after: string | null = null;
        do {
          const page = await deadLetters.list({ after, limit: 1, newestFirst }, filter);
          names.push(...page.rows.map(({ eventId }) => eventId));
          after = page.next;
        } while (after !== null);
        return names;
      };
      expect(new Set(await all({}))).toEqual(new Set(["a", "c", "d"]));
      expect((await all({}))[0]).toBe("a");
      expect((await all({}, true)).at(-1)).toBe("a");
      expect(await all({ state: "open", source: "/bureau" })).toEqual(["a"]);
      expect(await all({ type: "bureau-report" })).toEqual(["a", "c"]);
    });

    test("are replaced under the version that was seen, and discarded contents are gone", async () => {
      const { deadLetters } = await open();
      await deadLetters.keep([letter("a")]);
      const act = { at: noon, by: "ann", did: "discarded", because: "测试" } as const;
      const ended = letter("a", { state: "discarded", content: null, acts: [act], ver: 2 });
      expect(await deadLetters.replace(ended, 2)).toBe(false);
      expect(await deadLetters.replace(ended, 1)).toBe(true);
      expect(await deadLetters.replace(ended, 1)).toBe(false);
      expect(await deadLetters.find(ended.id)).toEqual(ended);
    });
  });

  describe("signals about the environment", () => {
    test("count once per source and id, and say what stands under it", async () => {
      const { environment } = await open();
      const changed = macro("1", { content: "other", subject: "US" });
      expect(await environment.record([macro("1"), changed, macro("2")])).toEqual([
        { isNew: true, content: "of 1" },
        { isNew: false, content: "of 1" },
        { isNew: true, content: "of 2" },
      ]);
      const elsewhere = macro("1", { source: "/other", happenedAt: noon, type: "market-event" });
      expect(await environment.record([changed, elsewhere])).toEqual([
        { isNew: false, content: "of 1" },
        { isNew: true, content: "of 1" },
      ]);
      expect(await environment.record([])).toEqual([]);
      expect(await environment.newest("market-event", 9)).toEqual([elsewhere]);
    });

    test("are told by type, day and knowledge, as they became known, for facts that are made of them", async () => {
      const { environment } = await open();
      const event = macro("4", { type: "regional-event", data: { region: "GD" } });
      const old = macro("5", { asOf: "2025-12-31" as BusinessDate });
      await environment.record([macro("2", { knownAt: later }), event, old, macro("1")]);
      const view = { after: "2025-12-31" as BusinessDate, asOf: macro("1").asOf, knownAt: noon };
      const ids = async (types: Parameters<typeof environment.told>[0], change = {}) =>
        (await environment.told(types, { ...view, ...change })).map(({ id }) => id);
      expect(await ids(["macro-value"])).toEqual(["1"]);
      expect(await ids(["macro-value", "regional-event"], { knownAt: later })).toEqual([
        ...["1", "4", "2"],
      ]);
      expect(await ids(["macro-value"], { after: "2025-12-30" as BusinessDate })).toEqual([
        ...["1", "5"],
      ]);
      expect(await ids(["macro-value"], { asOf: "2026-02-27" as BusinessDate })).toEqual([]);
      expect(await ids([])).toEqual([]);
      expect(await environment.told(["regional-event"], view)).toEqual([event]);
    });

    test("bring news of their place once while it waits, each with its timer", async () => {
      const { environment, waiting } = await open();
      const [gd, other, ah] = [
        brought("a", "region/GD"),
        brought("b", "region/GD"),
        brought("c", "region/AH"),
      ];
      await environment.record([macro("1")], [gd]);
      await environment.record([macro("1")], [brought("known", "region/JS")]);
      await environment.record([macro("2"), macro("3"), macro("4")], [other, ah, null]);
      const timers = await waiting.dueTimers(noon, 9, []);
      expect(new Set(timers)).toEqual(new Set([gd.timer, ah.timer]));
      expect(new Set(await environment.newestNews(9))).toEqual(new Set([gd.news, ah.news]));
      const begun = { ...gd.news, state: "spreading", changed: ["riskIndex"] } as const;
      expect(await environment.moveNews(begun, begun)).toBe(false);
      expect(await environment.moveNews(gd.news, begun)).toBe(true);
      expect(await environment.moveNews(gd.news, begun)).toBe(false);
      const done: EnvironmentNews = {
        ...{ ...begun, state: "done", nextBucket: 1_024, lines: 9, held: 4, decided: 3 },
        endedAt: later,
      };
      expect(await environment.moveNews(begun, done)).toBe(true);
      expect(await environment.findNews(gd.news.id)).toEqual(done);
      expect(await environment.findNews(idOf(0, "nobody"))).toBeNull();
      const after = brought("d", "region/GD", later);
      await environment.record([macro("5", { knownAt: later })], [after]);
      expect(await environment.newestNews(1)).toEqual([after.news]);
    });

    test("are told newest first", async () => {
      const { environment } = await open();
      const march = macro("3", { asOf: "2026-03-31" as BusinessDate });
      await environment.record([macro("1"), march, macro("2", { knownAt: later })]);
      const ids = async (limit: number) =>
        (await environment.newest(null, limit)).map(({ id }) => id);
      expect(await ids(9)).toEqual(["3", "2", "1"]);
      expect(await ids(1)).toEqual(["3"]);
    });
  });
}
