// One random life of two lines, played through the write path, the scheduler and the outbox over any store. Ids and
// answers follow from the sequence alone, so that two stores that are given the same sequence must end the same.

import { applyRecord, decideDrawdown } from "../../src/adapters/core-simulator/core-book.ts";
import { serviceActor, type Actor } from "../../src/domain/actor.ts";
import { addDays, addMilliseconds, type Instant } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { hasEnded, type Decision } from "../../src/domain/decision.ts";
import { bucketOfCustomer, type Id } from "../../src/domain/id.ts";
import type { Offer } from "../../src/domain/offer.ts";
import type { Notice } from "../../src/domain/notice.ts";
import type { ReviewCase } from "../../src/domain/review-case.ts";
import { dispatch } from "../../src/flow/dispatch.ts";
import type { World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import type { Event } from "../../src/flow/state.ts";
import type { Command } from "../../src/flow/step.ts";
import { haltAreas, setHalt } from "../../src/flow/stop-switch.ts";
import { transact } from "../../src/flow/transact.ts";
import { assessment } from "./given.ts";
import { people, type Move, type PersonName, type Sequence } from "./life-moves.ts";
import { watchOver, type Watch } from "./life-watch.ts";
import { worldOf } from "./life-world.ts";
import { compiled, strategyDocument } from "./strategy-document.ts";
import { every, person } from "./whole-life.ts";
import { worldBegins, type TestWorld } from "./world.ts";

/** What a life leaves behind: broken promises, every event in order, and all that can be read of it. */
export type Life = Readonly<{
  broken: readonly string[];
  events: readonly Event[];
  refusals: readonly string[];
  left: unknown;
}>;

type MoveOf<Kind extends Move["kind"]> = Extract<Move, Readonly<{ kind: Kind }>>;

type Play = Readonly<{
  test: TestWorld;
  world: World;
  watch: Watch;
  bucket: number;
  customerId: Id;
  lineIds: readonly Id[];
  sent: Command[];
  /** ids of commands that led to something */
  counted: Set<Id>;
  refusals: string[];
}>;

const strategy = compiled({
  ...strategyDocument(),
  offer: {
    ...{ answerWithinDays: 14, ifDeclined: "review", ifSilent: "proceed" },
    counter: { minimumBp: 2_500, acceptBp: 7_500 },
  },
});
const limitMinor = 1_000_000;
const administrator = person("adm", "administrator");
const areas = ["area-a", "area-b"];

/**
 * Plays a sequence and then lets everything end: halts are lifted, people approve what waits for them, channels and the
 * core system do well, and the clock goes on until nothing waits. The watch judges by `law`.
 */
export async function playLife(
  test: TestWorld,
  { jurisdiction, negotiated, fates, moves }: Sequence,
  name: string,
  law: World["packs"] = test.world.packs,
): Promise<Life> {
  const events: Event[] = [];
  const watch = watchOver(
    (id, version) => law(jurisdiction, { id, version }),
    test.world.clock.dateOf,
  );
  const honest = { now: false };
  const { ids } = test.world;
  const bucket = bucketOfCustomer(name);
  const play: Play = {
    ...{ test, watch, bucket, sent: [], counted: new Set(), refusals: [] },
    world: { ...worldOf(test, watch, events, fates, honest), loadStrategy: async () => strategy },
    customerId: ids.derive(bucket, "customer", name),
    lineIds: ["0", "1"].map((at) => ids.derive(bucket, "line", name, at)),
  };
  const product = negotiated ? "negotiated-credit-line" : "consumer-line";
  await register(play, { jurisdiction, product }, name);
  for (const [at, move] of moves.entries()) await make(play, move, at);
  honest.now = true;
  await settle(play);
  const left = await leftBehind(play);
  agreeWithCore(play, left.lines, watch);
  return { broken: watch.broken, events, refusals: play.refusals, left };
}

async function register(
  play: Play,
  terms: Readonly<{ jurisdiction: string; product: string }>,
  name: string,
): Promise<void> {
  const { world, test, bucket, lineIds, customerId } = play;
  const amounts = { limitMinor, drawnMinor: 200_000, pendingMinor: 0 };
  for (const [at, lineId] of lineIds.entries()) {
    const reference = `${name}-${at}`;
    test.openAccounts([
      { lineReference: reference, currency: "CNY", status: "active", ...amounts },
    ]);
    await send(play, {
      id: world.ids.derive(bucket, "register", reference),
      ...{ kind: "RegisterLine", subject: lineId, actor: serviceActor("trial"), cause: lineId },
      body: {
        ...{ customerId, customerReference: name, lineReference: reference, portfolio: "trial" },
        ...{ ...terms, currency: "CNY", language: "zh", ...amounts },
        ...{ status: "active", openedOn: "2024-01-01", asOf: worldBegins.slice(0, 10) },
        ...{ facts: {}, identity: {} },
      },
    });
  }
}

async function send(
  { world, bucket, sent, counted, refusals }: Play,
  command: Command,
): Promise<void> {
  sent.push(command);
  for (const result of await transact(world, bucket, [command])) {
    if ("refusal" in result) refusals.push(`${command.kind} ${result.refusal.refused}`);
    else if (result.events.length > 0) counted.add(command.id);
  }
}

async function make(play: Play, move: Move, at: number): Promise<void> {
  const { world } = play;
  switch (move.kind) {
    case "decide":
      return decideMove(play, move, at);
    case "review":
      return reviewMove(play, move, at);
    case "on decision":
      return decisionMove(play, move, at);
    case "answer":
      return answerMove(play, move, at);
    case "appeal":
      return appealMove(play, move, at);
    case "money":
      return moneyMove(play, move, at);
    case "receipt":
      return receiptMove(play, move, at);
    case "time":
      return play.test.clock.set(addMilliseconds(await world.clock.now(), move.ms));
    case "halt":
      return haltMove(play, move);
    case "fire":
      return void (await fireDue(world));
    case "send":
      return void (await dispatch(world, "trial"));
    case "again":
      return againMove(play, move);
  }
}

function commandOf(
  { world, bucket }: Play,
  at: number,
  kind: string,
  subject: Id,
  actor: Actor,
  body: Command["body"],
): Command {
  const id = world.ids.derive(bucket, "move", subject, String(at));
  return { id, kind, subject, actor, cause: id, body };
}

async function decideMove(play: Play, move: MoveOf<"decide">, at: number): Promise<void> {
  const { world, bucket, lineIds } = play;
  const line = (await world.store.reads.line(lineIds[move.line]!))!;
  const fromMinor = line.limitMinor;
  const toMinor = Math.floor((fromMinor * move.keep) / 100);
  const outcome =
    move.action === "none"
      ? ({ action: "none" } as const)
      : { action: move.action, fromMinor, ...(move.action === "decrease" ? { toMinor } : {}) };
  const now = await world.clock.now();
  const decisionId = world.ids.derive(bucket, "decision", line.id, String(at));
  const turn = {
    ledger: line.customerId,
    window: "day",
    cap: limitMinor,
    amount: 400_000,
  } as const;
  const found = assessment(outcome as Parameters<typeof assessment>[0], move.route);
  await send(
    play,
    commandOf(play, at, "Decide", line.id, serviceActor("trial"), {
      ...{ decisionId, area: areas[move.line], cause: move.cause, causeId: line.id },
      assessment: { ...found, asOf: world.clock.dateOf(now) },
      ...{ knownAt: now, lineVer: line.ver - (move.stale ? 1 : 0), maker: "ann" },
      ...{ turns: move.granted ? [] : [turn], granted: move.granted },
    }),
  );
}

const actorOf = (name: PersonName): Actor => person(name, ...people[name]);

/** The nth row from the newest, none where there are no rows. */
function nthOf<Row>(rows: readonly Row[], nth: number): Row | undefined {
  return rows.length === 0 ? undefined : rows[rows.length - 1 - (nth % rows.length)];
}

async function reviewMove(play: Play, move: MoveOf<"review">, at: number): Promise<void> {
  const review = nthOf(await reviewsOf(play), move.nth);
  if (review === undefined) return;
  const now = await play.world.clock.now();
  const expires = addDays(play.world.clock.dateOf(now), move.days);
  const amountMinor = Math.floor((limitMinor * move.keep) / 100);
  const body = {
    Approve: {},
    Reject: { reason: "trial" },
    Refer: { to: move.to, reason: "trial" },
    Override: {
      ...{ reason: "trial", expires, action: move.keep > 100 ? "none" : "decrease" },
      limit: { amountMinor, currency: "CNY" },
    },
  }[move.verb];
  const command = commandOf(play, at, move.verb, review.id, actorOf(move.by), body);
  await send(play, move.stale ? { ...command, expectedVer: review.ver - 1 } : command);
}

async function decisionMove(play: Play, move: MoveOf<"on decision">, at: number): Promise<void> {
  const { world, bucket } = play;
  const decision = nthOf(await decisionsOf(play), move.nth);
  if (decision === undefined) return;
  const restores = move.command === "Restore";
  const body = restores
    ? {
        decisionId: world.ids.derive(bucket, "restored", decision.id, String(at)),
        ...{ causeId: decision.id, maker: "ann", approvedBy: "cyd" },
      }
    : { reason: "trial" };
  const actor = restores ? serviceActor("trial") : actorOf(move.by);
  await send(play, commandOf(play, at, move.command, decision.id, actor, body));
}

async function answerMove(play: Play, move: MoveOf<"answer">, at: number): Promise<void> {
  const offer = nthOf(await offersOf(play), move.nth);
  if (offer === undefined) return;
  const amountMinor = Math.floor((offer.terms.fromMinor * move.keep) / 100);
  const said = move.alone ? {} : { channel: "phone", how: "trial" };
  const limit = { limit: { amountMinor, currency: "CNY" } };
  const body = { ...said, ...(move.verb === "CounterOffer" ? limit : {}) };
  const actor = move.alone ? borrowerOf(play) : actorOf("eve");
  await send(play, commandOf(play, at, move.verb, offer.id, actor, body));
}

function borrowerOf({ customerId }: Play): Actor {
  return { id: "fay", roles: ["borrower"], scope: { kind: "own", customerId } };
}

/** An appeal against a decision, or an answer to whatever case stands there. */
async function appealMove(play: Play, move: MoveOf<"appeal">, at: number): Promise<void> {
  const { verb, alone, by, nth } = move;
  if (verb !== "LodgeAppeal") {
    const review = nthOf(await reviewsOf(play), nth);
    if (review === undefined) return;
    return send(play, commandOf(play, at, verb, review.id, actorOf(by), { answer: "trial" }));
  }
  const decision = nthOf(await decisionsOf(play), nth);
  if (decision === undefined) return;
  const actor = alone ? borrowerOf(play) : actorOf("eve");
  const said = alone ? {} : { channel: "phone", how: "trial" };
  const body = { ground: "disagrees", ...said };
  await send(play, commandOf(play, at, verb, decision.id, actor, body));
}

/** Drawn at the core system, which tells us or does not. */
async function moneyMove(play: Play, move: MoveOf<"money">, at: number): Promise<void> {
  const { world, test, lineIds } = play;
  const line = (await world.store.reads.line(lineIds[move.line]!))!;
  const { reference: lineReference, currency } = line;
  const amountMinor = move.share * 5_000;
  const drawdown = { drawdownId: `${lineReference}-${at}`, amountMinor };
  applyRecord(test.book, decideDrawdown(test.book, lineReference, drawdown));
  if (!move.told) return;
  const { drawnMinor } = test.book.accounts.get(lineReference)!;
  const asOf = world.clock.dateOf(await world.clock.now());
  await send(
    play,
    commandOf(play, at, "RecordSignal", line.id, serviceActor("trial"), {
      ...{ source: "core", id: `${lineReference}-${at}`, type: "balance", asOf },
      drawn: { amountMinor: drawnMinor, currency },
      pending: { amountMinor: 0, currency },
    }),
  );
}

async function receiptMove(play: Play, move: MoveOf<"receipt">, at: number): Promise<void> {
  const notice = nthOf(await noticesOf(play), move.nth);
  const delivery = notice?.deliveries[move.attempt % notice.deliveries.length];
  if (notice === undefined || delivery === undefined || delivery.sentAt === null) return;
  if (move.result !== "bounced") play.watch.onDelivered(notice);
  await send(
    play,
    commandOf(play, at, "RecordDelivery", notice.id, serviceActor("trial"), {
      ...{ delivery: delivery.id, result: move.result },
      ...(move.result === "bounced" ? { because: "box full", permanent: false } : {}),
    }),
  );
}

async function haltMove({ world }: Play, { area, lifted }: MoveOf<"halt">): Promise<void> {
  const now = await world.clock.now();
  if (lifted) return void (await world.store.halts.lift(area, "adm", now));
  const expiresAt = addMilliseconds(now, 86_400_000);
  await setHalt(world, { area, reason: "trial", expiresAt, actor: administrator });
}

/** The same command once more: whatever it led to the first time, it leads to nothing now. */
async function againMove(play: Play, { nth }: MoveOf<"again">): Promise<void> {
  const command = nthOf(play.sent, nth)!;
  const isOnce = ["RegisterLine", "RecordSignal", "Decide"].includes(command.kind);
  const [result] = await transact(play.world, play.bucket, [command]);
  if (result === undefined || "refusal" in result || result.events.length === 0) return;
  // What was refused the first time may be taken now.
  if (isOnce && play.counted.has(command.id)) {
    play.watch.breaks("no double effect", `${command.kind} counted twice`);
  }
  play.counted.add(command.id);
}

const rounds = 400;

/** Everybody does their part until nothing waits; a wait that does not end breaks its promise. */
async function settle(play: Play): Promise<void> {
  const { world, test, watch } = play;
  // An expired halt as well: the next life in this store begins before its end.
  for (const area of haltAreas) {
    await world.store.halts.lift(area, "adm", await world.clock.now());
  }
  for (let round = 0; round < rounds; round += 1) {
    await dispatch(world, "trial");
    await approveAll(play, round);
    if ((await world.store.waiting.unsent()) > 0) continue;
    const next: Instant | null = await world.store.waiting.nextDue([]);
    if (next === null) return;
    if (next > (await world.clock.now())) await test.clock.set(next);
    await fireDue(world);
  }
  watch.breaks("every wait ends", `something still waits after ${rounds} rounds`);
}

/** Somebody who has had no part in anything. */
const stranger = person("hal", "approver", "legal", "compliance");

/** Whoever may, approves; what has gone stale in the meantime is rejected; a stranger answers the appeals. */
async function approveAll(play: Play, round: number): Promise<void> {
  for (const { id, appeal } of (await reviewsOf(play)).filter(({ state }) => state === "open")) {
    if (appeal !== null) {
      for (const verb of ["Overturn", "Uphold"] as const) {
        const at = `${verb} ${round}`;
        const command = commandOf(play, round, verb, id, stranger, { answer: "trial" });
        await transact(play.world, play.bucket, [
          { ...command, id: play.world.ids.derive(play.bucket, command.id, at) },
        ]);
      }
      continue;
    }
    for (const name of ["bob", "cyd", "dee", "eve"] as const) {
      for (const verb of ["Approve", "Reject"] as const) {
        if (verb === "Reject" && (round < 2 || name === "bob")) continue;
        const by = actorOf(name);
        const command = commandOf(play, 1_000 + round, verb, id, by, { reason: "trial" });
        await transact(play.world, play.bucket, [
          { ...command, id: play.world.ids.derive(play.bucket, command.id, verb, name) },
        ]);
      }
    }
  }
}

const decisionsOf = ({ world, customerId }: Play): Promise<readonly Decision[]> =>
  every((after) => world.store.reads.decisions({ after, limit: 100 }, { customerId }));

async function reviewsOf(play: Play): Promise<readonly ReviewCase[]> {
  const ids = (await decisionsOf(play)).flatMap(({ reviewId }) => reviewId ?? []);
  return Promise.all(ids.map(async (id) => (await play.world.store.reads.review(id))!));
}

async function noticesOf(play: Play): Promise<readonly Notice[]> {
  const ids = (await decisionsOf(play)).flatMap(({ noticeId }) => noticeId ?? []);
  return Promise.all(ids.map(async (id) => (await play.world.store.reads.notice(id))!));
}

const offersOf = ({ world, customerId }: Play): Promise<readonly Offer[]> =>
  every((after) => world.store.reads.offers({ after, limit: 100 }, { customerId }));

async function leftBehind(play: Play) {
  const { world, lineIds, watch } = play;
  const decisions = await decisionsOf(play);
  for (const { id, state } of decisions) {
    if (!hasEnded(state)) watch.breaks("every wait ends", `decision ${id} is ${state}`);
  }
  const lines: CreditLine[] = [];
  const timelines: (readonly Event[])[] = [];
  for (const id of lineIds) {
    lines.push((await world.store.reads.line(id))!);
    timelines.push(await world.store.reads.timeline(id));
  }
  // Other lives may have been in the bucket before.
  const first = timelines[0]![0]!.seq;
  const events = timelines.flat().map((event) => ({ ...event, seq: event.seq - first }));
  return {
    ...{ lines, events, decisions },
    ...{ reviews: await reviewsOf(play), notices: await noticesOf(play) },
    offers: await offersOf(play),
  };
}

/** Our limits are those of the core system: nothing counted twice, nothing was lost. */
function agreeWithCore({ test }: Play, lines: readonly CreditLine[], watch: Watch): void {
  for (const { reference, limitMinor: ours, status } of lines) {
    const { limitMinor: theirs, status: there } = test.book.accounts.get(reference)!;
    const same = ours === theirs && (status === there || status === "exited");
    if (!same) {
      watch.breaks(
        "no double effect",
        `${reference}: ${ours} ${status} here, ${theirs} ${there} there`,
      );
    }
  }
}
