// Facts that are made of signals: incremental, the same in any order, the same for one line and for all, and as of any past
// date what they were then.

import { beforeEach, describe, expect, test } from "vitest";
import { addDays, type BusinessDate, type Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { noDeclaredFacts } from "../../src/domain/declared-fact.ts";
import { deriveFacts } from "../../src/domain/derive-facts.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { factsToTell, factValues, knownFacts } from "../../src/flow/known-facts.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import { editDraft } from "../../src/flow/strategy-draft.ts";
import { addStrategy, approveStrategy, submitStrategy } from "../../src/flow/strategy-life.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact } from "../../src/flow/transact.ts";
import { checkDocument } from "../../src/policy/check/check-document.ts";
import { canonicalStrategy } from "../../src/policy/compile.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import { lineReader } from "../../src/portfolio/lines-to-assess.ts";
import { rebuildFacts, type Rebuilt } from "../../src/portfolio/rebuild-facts.ts";
import { fireTriggers } from "../../src/portfolio/triggers.ts";
import { laterBy, lineIn, minor, randomSignals, tell, tellOf } from "../support/declared-facts.ts";
import { actor } from "../support/given.ts";
import { randomFrom } from "../support/random.ts";
import { sha256, strategyDocument } from "../support/strategy-document.ts";
import { memoryWorld, worldBegins, type TestWorld } from "../support/world.ts";

const clerk = actor("ann", "operator", "analyst");
const approver = actor("app", "approver");
const today = "2026-03-02" as BusinessDate;
const dayMs = 86_400_000;

let given: TestWorld;
let world: World;
let line: CreditLine;

const facts = {
  late: 0,
  use: 2_000,
  region: "east",
  breach: false,
  opened: "2020-05-01",
  sex: "f",
};

beforeEach(async () => {
  given = memoryWorld();
  const { portfolio } = given;
  world = { ...given.world, triggers: { fire: (news) => fireTriggers(world, portfolio, news) } };
  line = await lineIn(world, "L-1", facts);
});

/** Values by name, of those that are known. */
async function told(asOf = today, knownAt: Instant | null = null): Promise<FactValues> {
  const { derived } = await factsToTell(world, line, asOf, knownAt);
  return Object.fromEntries(
    derived.flatMap(({ fact, value }) => (value === null ? [] : [[fact.name, value]])),
  );
}

async function rebuilt(check = true): Promise<Rebuilt> {
  const run = { check, stop: () => false, onProgress: () => undefined };
  const found = await rebuildFacts(world, given.portfolio, clerk, run);
  if (isRefusal(found)) throw new Error(found.detail.en);
  return found;
}

const drawn = (asOf: string, amountMinor: number) => ({
  ...{ type: "drawdown", asOf, amount: minor(amountMinor) },
});

describe("a signal", () => {
  test("writes a new version of the pane of its day and of no other", async () => {
    await tell(world, line, drawn("2026-02-20", 100_000), drawn("2026-02-25", 50_000));
    const before = await world.store.reads.panes(line.id, addDays(today, -50), today, worldBegins);
    await laterBy(given, 1_000);
    await tell(world, line, drawn("2026-02-25", 25_000));
    const now = await world.clock.now();
    const after = await world.store.reads.panes(line.id, addDays(today, -50), today, now);
    expect(after[0]).toEqual(before[0]);
    expect(before[1]).toMatchObject({ onDate: "2026-02-25", count: 1, sum: 50_000 });
    expect(after[1]).toMatchObject({ onDate: "2026-02-25", count: 2, sum: 75_000, knownAt: now });
    expect(await told()).toMatchObject({ drawdowns7Days: 2, drawdowns30Days: 3 });
  });

  test("about a customer reaches the panes of all its lines that it names", async () => {
    const report = { type: "bureau-report", asOf: "2026-03-01", data: { score: 610 } };
    await tellOf(world, line.bucket, [{ line, one: { ...report, lines: [line.id] } }]);
    expect(await told()).toMatchObject({ bureauScoreAgeDays: 1 });
  });

  test("about a day that is longer ago than the horizon is kept and makes no pane", async () => {
    const { lateDays } = world.declared;
    const [last, first] = [addDays(today, -lateDays), addDays(today, -lateDays - 1)];
    await tell(world, line, drawn(first, 1));
    expect(await told()).toEqual({});
    await tell(world, line, drawn(last, 7));
    expect(await told()).toMatchObject({ daysSinceDrawdown: lateDays });
    expect((await world.store.reads.timeline(line.id)).map(({ kind }) => kind)).toEqual([
      ...["LineRegistered", "SignalRecorded", "SignalRecorded"],
    ]);
  });

  test("tells no fact that is made of signals, nor does a registration", async () => {
    const one = { type: "facts", asOf: "2026-03-01", facts: { drawdowns7Days: 3 } };
    const [result] = await tellOf(world, line.bucket, [{ line, one }]);
    expect(result).toMatchObject({
      refusal: { refused: "invalid", pointer: "/facts/drawdowns7Days" },
    });
    await expect(lineIn(world, "L-2", { drawdowns7Days: 3 })).rejects.toThrow("not registered");
  });
});

describe("windows slide with the days", () => {
  test("without a new signal, and whoever asks", async () => {
    await tell(world, line, drawn("2026-02-25", 50_000));
    expect(await told()).toMatchObject({ drawdowns7Days: 1, daysSinceDrawdown: 5 });
    await laterBy(given, 10 * dayMs);
    const later = addDays(today, 10);
    expect(await told(later)).toMatchObject({ drawdowns7Days: 0, daysSinceDrawdown: 15 });
    expect(await ofAll(later)).toMatchObject({ drawdowns7Days: 0, daysSinceDrawdown: 15 });
  });

  test("and divide by the limit of the line as it was known", async () => {
    await tell(world, line, { type: "balance", asOf: "2026-03-01", drawn: minor(500_000) });
    expect(await told()).toMatchObject({ utilisationTold: 5_000 });
    const before = await world.clock.now();
    await laterBy(given, 1_000);
    const bucket = line.bucket;
    const id = world.ids.fresh();
    const body = {
      ...{ customerId: line.customerId, customerReference: "L-1", lineReference: "L-1" },
      ...{ portfolio: "cards", product: "card", jurisdiction: "cn", currency: "CNY" },
      ...{ language: "zh", limitMinor: 2_000_000, drawnMinor: 500_000, pendingMinor: 0 },
      ...{ status: "active", openedOn: null, asOf: "2026-03-02", facts, identity: {} },
    };
    await registerAgain({ id, bucket, body });
    line = (await world.store.reads.line(line.id))!;
    expect(await told()).toMatchObject({ utilisationTold: 2_500 });
    expect(await told(today, before)).toMatchObject({ utilisationTold: 5_000 });
  });
});

async function registerAgain({ id, bucket, body }: { id: string; bucket: number; body: object }) {
  const command = { id, kind: "RegisterLine", subject: line.id, actor: clerk, cause: id };
  const [result] = await transact(world, bucket, [{ ...command, body: { ...body } }]);
  expect(result).not.toHaveProperty("refusal");
}

/** The same facts as a sweep makes them of every line of the bucket. */
async function ofAll(asOf: BusinessDate, knownAt?: Instant): Promise<FactValues> {
  const view = { asOf, knownAt: knownAt ?? (await world.clock.now()), portfolio: null };
  const { facts: made, exposure } = world.declared;
  const names = [...made.keys(), ...exposure.keys()];
  const asked = [{ facts: names.map((name) => ({ name })) }];
  const read = await lineReader(world, given.portfolio, view, asked)([line.bucket]);
  return read.get(line.bucket)!.find((one) => one.line.id === line.id)!.facts;
}

describe("random histories", () => {
  const seeds = Array.from({ length: 12 }, (_, at) => at + 1);

  test.each(seeds)("seed %i: any order, one line and all, and a rebuild agree", async (seed) => {
    const random = randomFrom(seed);
    const signals = randomSignals(random, today, 60);
    const results = [];
    for (const order of [signals, random.some(signals, signals.length)]) {
      given = memoryWorld();
      ({ world } = given);
      line = await lineIn(world, "L-1", {});
      const withDuplicates = order.flatMap((one) => (random.chance(0.2) ? [one, one] : [one]));
      for (let from = 0; from < withDuplicates.length;) {
        const next = from + random.integer(1, 5);
        await tell(world, line, ...withDuplicates.slice(from, next));
        await laterBy(given, random.integer(1, 60_000));
        from = next;
      }
      const known = await knownFacts(world, line, today, await world.clock.now());
      const at = { asOf: today, limitMinor: line.limitMinor };
      const single = deriveFacts(world.declared, known.panes, at);
      expect(await ofAll(today)).toEqual(factValues(world, known, line, today, null));
      expect(await ofAll(today)).toMatchObject(single);
      expect(await rebuilt()).toMatchObject({ signals: signals.length, different: 0 });
      results.push(single);
    }
    expect(results[1]).toEqual(results[0]);
    expect(Object.values(results[0]!).filter((value) => value !== null).length).toBeGreaterThan(20);
  });

  test("facts as of any past date, known at any past instant, are what they were then", async () => {
    const random = randomFrom(99);
    const seen: { asOf: BusinessDate; knownAt: Instant; values: FactValues }[] = [];
    for (let day = 0; day < 12; day += 1) {
      const now = addDays(today, day);
      for (const one of randomSignals(random, now, 6)) {
        await tell(world, line, { ...one, id: `${day} ${one.id}` });
      }
      const knownAt = await world.clock.now();
      for (const asOf of [now, addDays(now, -9)]) {
        seen.push({ asOf, knownAt, values: await told(asOf) });
      }
      await laterBy(given, dayMs);
    }
    for (const { asOf, knownAt, values } of seen) {
      expect(await told(asOf, knownAt)).toEqual(values);
    }
  });
});

describe("facts over the customer's exposure", () => {
  test("are the same for one line and for a bucket, and count open lines alone", async () => {
    await lineIn(world, "L-1b", { daysPastDue: 12 }, "L-1", { drawnMinor: 400_000 });
    await lineIn(world, "L-1c", { daysPastDue: 99 }, "L-1", { status: "closed" });
    const expected = {
      ...{ customerLimit: 2_000_000, customerDrawn: 400_000, customerAvailable: 1_600_000 },
      ...{ customerUtilisation: 2_000, customerLines: 2, customerWorstPastDue: 12 },
    };
    const { exposure } = await factsToTell(world, line, today, null);
    expect(exposure).toEqual(expected);
    const known = await knownFacts(world, line, today, await world.clock.now());
    expect(factValues(world, known, line, today, null)).toMatchObject(expected);
    expect(await ofAll(today)).toMatchObject(expected);
  });

  test("are those of now and of no other day or knowledge", async () => {
    const { exposure } = await factsToTell(world, line, today, await world.clock.now());
    expect(exposure).toEqual({});
    expect((await factsToTell(world, line, addDays(today, -1), null)).exposure).toEqual({});
  });

  test("are declared by a strategy as the document says and tested by no trigger", async () => {
    const own = {
      ...{ name: "customerLines", label: { zh: "授信数", en: "Lines" }, unit: "count" },
      ...{ minimum: "0", maximum: "9999", source: "customer", missing: "unknown" },
      ...{ missingMeans: { zh: "未知", en: "Unknown" }, sensitivity: "financial" },
    };
    const added = (change: object, more: object = {}) =>
      addStrategy(
        world,
        JSON.parse(JSON.stringify(documentWith({ ...own, ...change }, more))),
        clerk,
      );
    expect(await added({ source: "signals" })).toMatchObject({
      ...{ refused: "invalid", pointer: expect.stringMatching(/^\/facts\/\d+\/source$/) },
    });
    const trigger = { ...scoreFell, when: { customerLines: "> 5" } };
    expect(await added({}, { triggers: [trigger] })).toMatchObject({
      ...{ refused: "invalid", pointer: "/triggers/0/when/customerLines" },
    });
    expect(await added({})).toMatchObject({ was: "added" });
  });
});

describe("a rebuild", () => {
  test("tells what is not as the signals say, and writes it anew as known from then on", async () => {
    await tell(world, line, drawn("2026-02-25", 50_000));
    const before = await world.clock.now();
    await laterBy(given, 1_000);
    const [pane] = await world.store.reads.panes(line.id, addDays(today, -50), today, before);
    await world.store.transaction(line.bucket, false, async (transaction) => {
      const wanted = { lines: [], decisions: [], reviews: [], notices: [], customers: [] };
      const more = {
        offers: [],
        alerts: [],
        reminders: [],
        remindersOf: [],
        signals: [],
        factsOf: [],
        decreasedOf: [],
        panes: [pane!],
        today,
      };
      const state = await transaction.load({ ...wanted, ...more });
      const knownAt = await world.clock.now();
      state.panes.set([...state.panes.keys()][0]!, { ...pane!, knownAt, count: 9 });
      await transaction.save({ state, events: [], leaves: [], doneOutbox: [], reply: null });
    });
    expect(await told()).toMatchObject({ drawdowns7Days: 9 });
    const found = await rebuilt();
    expect(found).toMatchObject({ different: 1, written: 0 });
    expect(found.differences[0]).toMatchObject({
      ...{ lineId: line.id, measure: "drawn", onDate: "2026-02-25" },
      ...{ stored: { count: 9 }, expected: { count: 1 } },
    });
    const wrongAt = await world.clock.now();
    await laterBy(given, 1_000);
    expect(await rebuilt(false)).toMatchObject({ different: 1, written: 1 });
    expect(await rebuilt()).toMatchObject({ different: 0 });
    expect(await told()).toMatchObject({ drawdowns7Days: 1 });
    expect(await told(today, wrongAt)).toMatchObject({ drawdowns7Days: 9 });
  });

  test("is for people who answer for the whole lender", async () => {
    const run = { check: true, stop: () => false, onProgress: () => undefined };
    const found = await rebuildFacts(world, given.portfolio, actor("rev", "reviewer"), run);
    expect(found).toMatchObject({ refused: "forbidden" });
  });
});

const scoreFell = {
  ...{ id: "score-fell", label: { zh: "评分下降", en: "Score fell" }, cause: "bureau" },
  ...{ when: { bureauScoreChange30Days: "<= -50" }, coolDownDays: 30 },
};

const scoreChange = {
  ...{ name: "bureauScoreChange30Days", label: { zh: "评分变化", en: "Change of the score" } },
  ...{ type: "number", unit: "points", minimum: "-1000", maximum: "1000", source: "signals" },
  ...{ missing: "unknown", missingMeans: { zh: "没有评分", en: "No score" } },
  ...{ sensitivity: "financial" },
};

/** The small strategy that also reads a fact made of signals. */
function documentWith(change: object = {}, more: object = {}): Record<string, unknown> {
  const document = strategyDocument();
  return {
    ...document,
    facts: [...(document["facts"] as unknown[]), { ...scoreChange, ...change }],
    ...more,
  };
}

async function activate(document: Record<string, unknown>): Promise<void> {
  const { strategy, problems } = parseStrategy(document);
  if (strategy === null) throw new Error(problems.map(({ message }) => message.en).join());
  const text = canonicalStrategy(strategy);
  await world.store.strategies.add({
    ...{ id: strategy.id, version: strategy.version, hash: world.ids.sha256(text) },
    ...{ state: "active", author: "ann", approvedBy: "app", signedOff: [], effectiveOn: null },
    ...{ restores: null, document: text, addedAt: worldBegins, editedBy: [] },
  });
}

describe("a strategy", () => {
  test("is looked at at once when news changes a watched fact, and keeps the value it read", async () => {
    await activate(documentWith({}, { triggers: [scoreFell] }));
    line = await lineIn(world, "L-3", { ...facts, late: 45 });
    const report = (asOf: string, score: number) => ({
      ...{ type: "bureau-report", asOf, data: { score } },
    });
    await tell(world, line, report("2026-01-20", 700));
    await fireDue(world);
    expect((await world.store.reads.decisions({ after: null, limit: 5 }, {})).rows).toEqual([]);
    await tell(world, line, report("2026-03-01", 630));
    await fireDue(world);
    const { rows } = await world.store.reads.decisions({ after: null, limit: 5 }, {});
    expect(rows.map(({ maker, record }) => [maker, record.cause])).toEqual([
      ["trigger:score-fell", "bureau"],
    ]);
    const { assessment, knownAt } = rows[0]!.record;
    const used = assessment.facts["bureauScoreChange30Days"];
    expect(used).toBe(-70);
    await laterBy(given, 1_000);
    await tell(world, line, report("2026-01-25", 640));
    expect((await told(assessment.asOf))["bureauScoreChange30Days"]).toBe(-10);
    expect((await told(assessment.asOf, knownAt))["bureauScoreChange30Days"]).toBe(used);
  });

  test("reads the environment in a trigger, when the line has news of its own", async () => {
    const region = {
      ...{ name: "regionWorstEvent90Days", label: scoreChange.label, type: "enum" },
      values: ["low", "medium", "high"].map((value) => ({ value, label: scoreChange.label })),
      ...{ source: "environment", missing: "unknown", missingMeans: scoreChange.missingMeans },
      sensitivity: "ordinary",
    };
    const flood = { ...scoreFell, id: "flood", cause: "region", when: { [region.name]: '"high"' } };
    const document = strategyDocument();
    const own = [...(document["facts"] as unknown[]), region];
    await activate({ ...document, facts: own, triggers: [flood] });
    line = await lineIn(world, "L-4", { ...facts, late: 45 });
    const happened = async (id: string, severity: string): Promise<void> => {
      const data = { region: "east", severity };
      await world.store.environment.record([
        {
          ...{ source: "weather", id, type: "regional-event", subject: "flood", data },
          ...{ asOf: today, happenedAt: null, by: "feed", content: id },
          knownAt: await world.clock.now(),
        },
      ]);
      const score = { type: "bureau-report", asOf: today, data: { score: 700 } };
      await tell(world, line, score);
      await fireDue(world);
    };
    const makers = async (): Promise<readonly (string | null)[]> =>
      (await world.store.reads.decisions({ after: null, limit: 5 }, {})).rows.map(
        ({ maker }) => maker,
      );
    await happened("1", "medium");
    expect(await makers()).toEqual([]);
    await happened("2", "high");
    expect(await makers()).toEqual(["trigger:flood"]);
  });

  test("of a sweep reads the same facts as one line is told to have", async () => {
    await activate(documentWith());
    await tell(world, line, { type: "bureau-report", asOf: "2026-02-01", data: { score: 700 } });
    await tell(world, line, { type: "bureau-report", asOf: "2026-03-01", data: { score: 660 } });
    const { strategy } = parseStrategy(documentWith());
    const now = await world.clock.now();
    const view = { asOf: today, knownAt: now, portfolio: null };
    const read = await lineReader(world, given.portfolio, view, [strategy!])([line.bucket]);
    const [one] = read.get(line.bucket)!;
    expect(one!.facts).toEqual({ ...facts, bureauScoreChange30Days: null });
    const later = addDays(today, 2);
    const known = await knownFacts(world, line, later, now);
    expect(factValues(world, known, line, later, null)).toMatchObject({
      bureauScoreChange30Days: -40,
    });
    const next = await lineReader(world, given.portfolio, { ...view, asOf: later }, [strategy!])([
      line.bucket,
    ]);
    expect(next.get(line.bucket)![0]!.facts).toMatchObject({ bureauScoreChange30Days: -40 });
  });

  test.each<[string, object, object, string]>([
    ["another type", { type: "money", unit: undefined }, {}, "/type"],
    ["other decimals", { scale: 2 }, {}, "/scale"],
    ["another unit", { unit: "count" }, {}, "/unit"],
    ["another source", { source: "bureau" }, {}, "/source"],
    ["another sensitivity", { sensitivity: "ordinary" }, {}, "/sensitivity"],
    ["a name that nobody declared", { name: "somethingElse" }, {}, "/name"],
  ])("that declares a fact with %s is refused", async (_, change, more, pointer) => {
    const document = JSON.parse(JSON.stringify(documentWith(change, more))) as unknown;
    const added = await addStrategy(world, document, clerk);
    expect(added).toMatchObject({ refused: "invalid" });
    expect("pointer" in added && added.pointer).toMatch(new RegExp(`^/facts/\\d+${pointer}$`));
    const { problems, report } = checkDocument(document, world.declared, sha256);
    const place = { path: "pointer" in added && added.pointer };
    expect([
      problems,
      report.findings.filter(({ severity }) => severity === "error"),
    ]).toMatchObject([[place], [{ kind: "invalid", at: place }]]);
  });

  test("that declares it otherwise is told so at every save, and is neither handed in nor approved", async () => {
    const right = documentWith({}, { triggers: [scoreFell] });
    const { id, version } = right as Readonly<{ id: string; version: number }>;
    await addStrategy(world, right, clerk, { draft: true });
    const wrong = documentWith({ source: "bureau" });
    const saved = await editDraft(world, id, version, wrong, clerk, null);
    expect(saved).toMatchObject({ problems: [{ code: "not-as-declared" }] });
    expect(await submitStrategy(world, id, version, clerk)).toMatchObject({ refused: "invalid" });
    await editDraft(world, id, version, right, clerk, null);
    expect(await submitStrategy(world, id, version, clerk)).toMatchObject({ state: "submitted" });
    // The lender's facts document became another one meanwhile.
    const bare = { ...world, declared: noDeclaredFacts };
    expect(await approveStrategy(bare, id, version, approver, null)).toMatchObject({
      refused: "invalid",
    });
  });

  test("with a trigger on a fact that is not watched is refused", async () => {
    const change = { name: "bureauScoreAgeDays", unit: "days" };
    const trigger = { ...scoreFell, when: { bureauScoreAgeDays: ">= 90" } };
    const added = await addStrategy(world, documentWith(change, { triggers: [trigger] }), clerk);
    expect(added).toMatchObject({
      ...{ refused: "invalid", pointer: "/triggers/0/when/bureauScoreAgeDays" },
    });
  });

  test("that declares it as it is made is taken", async () => {
    const added = await addStrategy(world, documentWith({}, { triggers: [scoreFell] }), clerk);
    expect(added).toMatchObject({ was: "added" });
  });
});
