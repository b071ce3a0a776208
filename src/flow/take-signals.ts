// Signals come in here, one or a batch, from whatever door: each is read, the line or customer is found, and transactions
// of several buckets at once record them. One bad event never stops the others: it is kept as a dead letter with the
// reason, exactly once, and told to the sender. What is no fault of the event (rights, a stop switch) keeps nothing.

import { addMilliseconds } from "../domain/calendar.ts";
import type { Actor } from "../domain/actor.ts";
import type { DeadLetter } from "../domain/dead-letter.ts";
import { bucketOfCustomer, bucketOfId, isId, type Bucket, type Id } from "../domain/id.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { eventTypePrefix } from "../domain/signal-catalogue.ts";
import type { IncomingSignal, TakenSignal } from "../domain/signal.ts";
import { readCloudEvent, type ToldEvent } from "./cloud-event.ts";
import { customerIdOf } from "./customer-id.ts";
import { bucketsAtOnce, inParallel } from "./in-parallel.ts";
import { ingest } from "./ingest.ts";
import { allRows } from "./page.ts";
import { readOnlyRefusal } from "./read-only.ts";
import type { EnvironmentSignal, RowScope, World } from "./ports.ts";
import { roleRefusal } from "./role-refusal.ts";
import { contentRefusal } from "./signal-rules.ts";
import type { Command } from "./step.ts";
import { transactGroup, type CommandResult } from "./transact.ts";
import { wholeLenderRefusal } from "./whole-lender.ts";

export type TakeOptions = Readonly<{
  dryRun?: boolean;
  /** how far the time of an event may be ahead of our clock */
  clockSkewMs: number;
}>;

/** Roles that may send signals. */
export const signalRoles = ingest.commands["RecordSignal"]!.roles;

/** How far a sender's clock may be ahead of ours. */
export const usualClockSkewMs = 5 * 60_000;

/** Longer events are refused and kept cut to this many characters. */
export const longestEvent = 65_536;

const commandsAtOnce = 200;

/** What became of each event, in their order. Throws faults: sending the same again changes nothing twice. */
export async function takeSignals(
  world: World,
  actor: Actor,
  incoming: readonly IncomingSignal[],
  options: TakeOptions,
): Promise<readonly TakenSignal[]> {
  const judged = await judgeSignals(world, actor, incoming, options);
  const letters: DeadLetter[] = [];
  const at = await world.clock.now();
  const taken = judged.map((verdict, index): TakenSignal => {
    if (!isRefusal(verdict)) return verdict;
    if (isAboutTheSender(verdict)) return { outcome: "refused", refusal: verdict };
    const letter = letterOf(world, incoming[index]!, verdict, { at, by: actor.id });
    letters.push(letter);
    return { outcome: "rejected", refusal: verdict, deadLetterId: letter.id };
  });
  if (options.dryRun !== true) await world.store.deadLetters.keep(letters);
  return taken;
}

/** A refusal that the event can do nothing about. */
export function isAboutTheSender({ refused }: Refusal): boolean {
  return ["forbidden", "halted", "read-only", "busy"].includes(refused);
}

type Verdict = Extract<TakenSignal, Readonly<{ outcome: "recorded" | "duplicate" }>> | Refusal;

/** The same without keeping what was refused. */
export async function judgeSignals(
  world: World,
  actor: Actor,
  incoming: readonly IncomingSignal[],
  { dryRun = false, clockSkewMs }: TakeOptions,
): Promise<readonly Verdict[]> {
  const stopped = roleRefusal(actor, signalRoles, what) ?? (await haltRefusal(world, dryRun));
  if (stopped !== null) return incoming.map(() => stopped);
  const now = await world.clock.now();
  const { dateOf } = world.clock;
  const reading = { dateOf, today: dateOf(now), latest: addMilliseconds(now, clockSkewMs) };
  const verdicts: Verdict[] = [];
  const told: Told[] = [];
  incoming.forEach((one, index) => {
    const refusal = textRefusal(one);
    const read = refusal ?? readCloudEvent((one as Readonly<{ event: unknown }>).event, reading);
    if (isRefusal(read)) verdicts[index] = read;
    else told.push({ ...read, index });
  });
  const work: Work = { world, actor, dryRun, verdicts };
  await recordEnvironment(
    work,
    told.filter(({ about }) => about === "environment"),
  );
  await recordLines(
    work,
    told.filter(({ about }) => about !== "environment"),
  );
  return verdicts;
}

type Told = ToldEvent & Readonly<{ index: number }>;

type Work = Readonly<{ world: World; actor: Actor; dryRun: boolean; verdicts: Verdict[] }>;

const what = { en: "Signals", zh: "信号接入" };

/** The refusal of signals while they are halted; null where they come in. */
export async function haltRefusal(
  { store, clock }: World,
  dryRun: boolean,
): Promise<Refusal | null> {
  const halts = await store.halts.list(await clock.now());
  const halt = halts.find(({ area }) => area === ingest.area || area === "all");
  if (halt === undefined) return dryRun ? null : readOnlyRefusal(halts);
  return refuse("halted", {
    en: `Signals: ${halt.area} is halted by ${halt.by} until ${halt.expiresAt}: ${halt.reason}`,
    zh: `信号接入：${halt.area} 已由 ${halt.by} 停用至 ${halt.expiresAt}：${halt.reason}`,
  });
}

function textRefusal(one: IncomingSignal): Refusal | null {
  const { length } = textOf(one);
  if (length > longestEvent) {
    return refuse("invalid", {
      en: `CloudEvent: found ${length} characters, expected at most ${longestEvent}`,
      zh: `CloudEvent：共 ${length} 个字符，最多 ${longestEvent} 个`,
    });
  }
  return "unreadable" in one
    ? refuse("invalid", {
        en: "CloudEvent: found text that is not JSON, expected one JSON object",
        zh: "CloudEvent：不是 JSON，应为一个 JSON 对象",
      })
    : null;
}

/** One text for equal events, however their JSON was spaced. */
function textOf(one: IncomingSignal): string {
  return "unreadable" in one ? one.unreadable : (JSON.stringify(one.event) ?? "");
}

async function recordEnvironment(work: Work, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return;
  const { world, actor, dryRun, verdicts } = work;
  const narrow = wholeLenderRefusal(actor, signalRoles, what);
  if (narrow !== null) {
    for (const { index } of told) verdicts[index] = narrow;
    return;
  }
  const knownAt = await world.clock.now();
  const signals = told.map(({ subject, signal }): EnvironmentSignal => {
    const { source, id, type, asOf, happenedAt = null, data = {} } = signal;
    const said = { source, id, type, subject, data, asOf: happenedAt ?? asOf };
    const content = world.ids.sha256(canonicalJson(said));
    return { ...said, asOf, happenedAt, knownAt, by: actor.id, content };
  });
  const recorded = dryRun ? [] : await world.store.environment.record(signals);
  told.forEach(({ index, signal }, at) => {
    const { isNew, content } = recorded[at] ?? { isNew: true, content: signals[at]!.content };
    verdicts[index] = isNew
      ? { outcome: "recorded", lineIds: [] }
      : (contentRefusal(signal, content, signals[at]!.content) ?? {
          outcome: "duplicate",
          lineIds: [],
        });
  });
}

type Addressed = Readonly<{ index: number; lineIds: readonly Id[]; command: Command }>;

async function recordLines(work: Work, told: readonly Told[]): Promise<void> {
  const { world, verdicts, dryRun } = work;
  const linesOf = await linesByName(work, told);
  const addressed: Addressed[] = [];
  for (const one of told) {
    const lineIds = linesOf.get(nameOf(one)) ?? [];
    if (lineIds.length === 0) verdicts[one.index] = unknown(one);
    else addressed.push({ index: one.index, lineIds, command: commandOf(work, one, lineIds) });
  }
  const batches = Map.groupBy(addressed, ({ command }) => bucketOfId(command.subject));
  const { bucketsTogether } = world.store;
  const lanes = bucketsTogether === 1 ? bucketsAtOnce : 1;
  const byLane = Map.groupBy(batches, ([bucket]) => bucket % lanes);
  await inParallel(byLane.values(), lanes, async (lane) => {
    for (const group of groupsOf(lane, bucketsTogether)) {
      const commands = new Map(
        group.map(([bucket, some]) => [bucket, some.map(({ command }) => command)] as const),
      );
      const results = await transactGroup(world, commands, { dryRun });
      for (const [bucket, some] of group) {
        some.forEach((one, at) => {
          verdicts[one.index] = verdictOf(told, one, results.get(bucket)![at]!);
        });
      }
    }
  });
}

type Batch = readonly [Bucket, readonly Addressed[]];

/** Parts of a few buckets and a bounded number of commands each, so that no lock is held for long. */
function* groupsOf(batches: readonly Batch[], mostBuckets: number): Generator<readonly Batch[]> {
  let group: Batch[] = [];
  let size = 0;
  for (const [bucket, batch] of batches) {
    for (let from = 0; from < batch.length; from += commandsAtOnce) {
      const some = batch.slice(from, from + commandsAtOnce);
      const isFull = group.length === mostBuckets || size + some.length > commandsAtOnce;
      if (isFull && group.length > 0) {
        yield group;
        group = [];
        size = 0;
      }
      group.push([bucket, some]);
      size += some.length;
    }
  }
  if (group.length > 0) yield group;
}

function verdictOf(told: readonly Told[], one: Addressed, result: CommandResult): Verdict {
  const { lineIds, index } = one;
  if ("events" in result) {
    return { outcome: result.events.length > 0 ? "recorded" : "duplicate", lineIds };
  }
  // To an actor with a narrower scope, what lies outside it does not exist; a line may be claimed and never registered.
  const { refused } = result.refusal;
  const isHidden = refused === "out-of-scope" || refused === "not-found";
  return isHidden ? unknown(told.find((event) => event.index === index)!) : result.refusal;
}

function unknown({ about, subject }: Told): Refusal {
  const name = about === "line" ? { en: "line", zh: "授信" } : { en: "customer", zh: "客户" };
  return { ...notFound(name, subject), pointer: "/subject" };
}

function nameOf({ about, subject }: Told): string {
  return `${about} ${subject}`;
}

function commandOf(
  { world, actor }: Work,
  { signal, about }: Told,
  lineIds: readonly Id[],
): Command {
  const subject = lineIds[0]!;
  const id = world.ids.derive(bucketOfId(subject), "signal", signal.source, signal.id);
  const isNews = true;
  const body = { ...signal, isNews, ...(about === "customer" ? { lines: lineIds } : {}) };
  return { id, kind: "RecordSignal", subject, actor, cause: id, body };
}

/** The lines behind each name, each name looked up once. */
async function linesByName(
  work: Work,
  told: readonly Told[],
): Promise<ReadonlyMap<string, readonly Id[]>> {
  const { references } = work.world.store;
  const found = new Map<string, readonly Id[]>();
  const named = told.filter(({ about }) => about === "line").map(({ subject }) => subject);
  const [ids, others] = [named.filter(isId), [...new Set(named.filter((name) => !isId(name)))]];
  for (const id of ids) found.set(`line ${id}`, [id]);
  for (const { reference, lineId } of await references.holders(others)) {
    found.set(`line ${reference}`, [lineId]);
  }
  const customers = new Set(
    told.filter(({ about }) => about === "customer").map(({ subject }) => subject),
  );
  await inParallel(customers, bucketsAtOnce, async (name) => {
    found.set(`customer ${name}`, await linesOfCustomer(work, name));
  });
  return found;
}

const linesAtOnce = 200;

/** The customer's lines that the actor reaches, by id. */
export async function linesOfCustomer(
  { world, actor }: Pick<Work, "world" | "actor">,
  name: string,
): Promise<readonly Id[]> {
  const customerId = isId(name) ? name : customerIdOf(world.ids, name);
  const { scope } = actor;
  const narrowed: RowScope = scope.kind === "portfolios" ? { portfolios: scope.portfolios } : {};
  const filter = { ...narrowed, customerId };
  const { reads } = world.store;
  const lines = await allRows((page) => reads.lines(page, filter), linesAtOnce);
  return lines.map(({ id }) => id);
}

/** The letter about an event that is not used. Its id follows from the event, so that the same one again is no second letter. */
export function letterOf(
  { ids }: Pick<World, "ids">,
  one: IncomingSignal,
  reason: Refusal,
  { at, by }: Readonly<{ at: DeadLetter["receivedAt"]; by: string }>,
): DeadLetter {
  const text = textOf(one);
  return {
    id: ids.derive(letterBucket, "dead-letter", ids.sha256(text)),
    state: "open",
    ...envelopeOf(one),
    ...{ reason, receivedAt: at, receivedFrom: by, acts: [] },
    content: text.slice(0, longestEvent),
    ver: 1,
  };
}

/** Letters are about no line that is known; ids have a bucket all the same. */
const letterBucket: Bucket = bucketOfCustomer("");

const named = /^[^\p{C}\p{Z}]{1,200}$/u;

/** What the envelope says, as far as it can be read; the type without what all types begin with. */
export function envelopeOf(one: IncomingSignal): Pick<DeadLetter, "source" | "eventId" | "type"> {
  const event = "event" in one ? one.event : null;
  const field = (name: string): string | null => {
    const value =
      typeof event === "object" && event !== null && Object.hasOwn(event, name)
        ? (event as Readonly<Record<string, unknown>>)[name]
        : null;
    return typeof value === "string" && named.test(value) ? value : null;
  };
  const type = field("type");
  const isOurs = type?.startsWith(eventTypePrefix) === true;
  return {
    source: field("source"),
    eventId: field("id"),
    type: isOurs ? type.slice(eventTypePrefix.length) : type,
  };
}
