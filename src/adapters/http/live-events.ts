// What happens, told to people who look: ids, states and counts, never contents, and to each only what his scope
// reaches. One poll for everybody who listens looks at the row that each bucket's transactions move on and at the
// sweeps that go on; without listeners nothing is asked and nothing kept. The last polls are kept while somebody
// listens, so that a connection that was lost goes on where it stopped; who missed more than is worth telling is told
// to read anew.

import { reachesPortfolio, type Scope } from "../../domain/actor.ts";
import { bucketCount, type Id } from "../../domain/id.ts";
import type { EventPlaces, EventTold, SweepGoing, Views } from "../../portfolio/view-ports.ts";
import type { Halt } from "../../flow/hold-ports.ts";
import type { PortfolioStore } from "../../portfolio/ports.ts";
import type { Logger } from "../log.ts";
import { recentRounds, type KeptRound, type RecentRounds } from "./recent-rounds.ts";
import { reachesLine } from "./row-scope.ts";

export const liveTopics = [
  "signal",
  "sweep",
  "decision",
  "review",
  "notice",
  "offer",
  "alert",
  "reminder",
  "report",
  "work",
] as const;

export type LiveTopic = (typeof liveTopics)[number];

/** One message. `id` is what a client names to go on after it. */
export type LiveMessage = Readonly<{
  id: string;
  topic: LiveTopic;
  data: Readonly<Record<string, unknown>>;
}>;

export type LiveEvents = Readonly<{
  /**
   * Tells `send` of everything in the scope from now on, and first of what was missed since the message `after`;
   * where that is no longer known or too much, one message `work` with `missed: true` says so.
   * @returns ends it
   */
  listen: (scope: Scope, after: string | null, send: (message: LiveMessage) => void) => () => void;
  stop: () => void;
}>;

type Source = Pick<Views, "places" | "eventsSince" | "sweepsGoing" | "newestReport"> &
  Pick<PortfolioStore["sweeps"], "standing"> &
  Readonly<{ halts: () => Promise<readonly Halt[]> }>;

type NewReport = Awaited<ReturnType<Views["newestReport"]>>;

type Round = Readonly<{
  /** only of kinds that somebody is told of */
  events: readonly EventTold[];
  /** true when more happened than was read */
  more: boolean;
  sweeps: readonly SweepGoing[];
  /** a report that was kept since */
  report: NewReport;
  /** true when a stop switch was set, lifted or ran out */
  halted: boolean;
}>;

const everyMs = 500;
const mostEventsRead = 2_000;
/** More than this of what was missed is not worth telling: half of what may lie unread in a stream. */
const mostMissedBytes = 128 * 1024;
/** Beyond this many of one topic in one round a message tells how many, not which. */
const mostNamed = 20;

type Listener = Readonly<{ scope: Scope; send: (message: LiveMessage) => void }>;

/** Live events over the reads. `epoch` tells the messages of this process from those of another. */
export function liveEvents(
  source: Source,
  epoch: string,
  log: Pick<Logger, "warn">,
  waitMs: number = everyMs,
): LiveEvents {
  const listeners = new Set<Listener>();
  const recent = recentRounds<Round>(epoch);
  const poll = pollOf(source);
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let failed = false;
  const look = async (): Promise<void> => {
    try {
      const found = await poll.next();
      failed = false;
      if (found !== null) {
        const round = recent.add(found);
        for (const { scope, send } of listeners) {
          for (const message of messagesOf(round, scope)) send(message);
        }
      }
    } catch (error) {
      failed = true;
      log.warn({ err: error }, "live events: cannot look, trying again");
    }
    timer = null;
    plan();
  };
  const plan = (): void => {
    if (stopped || timer !== null) return;
    if (listeners.size === 0) {
      recent.forget();
      return poll.forget();
    }
    // The first look only finds where things stand: what happens until then would go untold.
    timer = setTimeout(() => void look(), poll.hasBegun() || failed ? waitMs : 0).unref();
  };
  return {
    listen: (scope, after, send) => {
      const listener = { scope, send };
      for (const message of missed(recent, after, scope)) send(message);
      listeners.add(listener);
      plan();
      return () => void listeners.delete(listener);
    },
    stop: () => {
      stopped = true;
      listeners.clear();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** What happened between two looks; the first look only finds where things stand. */
function pollOf(source: Source): Readonly<{
  next: () => Promise<Round | null>;
  hasBegun: () => boolean;
  forget: () => void;
}> {
  let places: EventPlaces | null = null;
  let going = new Map<Id, SweepGoing>();
  let newest: NewReport = null;
  let stopped = "";
  return {
    hasBegun: () => places !== null,
    forget: () => void (places = null),
    next: async () => {
      const [now, sweeps, report, halts] = await Promise.all([
        source.places(),
        source.sweepsGoing(),
        source.newestReport(),
        source.halts(),
      ]);
      const before = places;
      places = now;
      const held = going;
      going = new Map(sweeps.map((sweep) => [sweep.id, sweep]));
      const fresh = report?.id === newest?.id ? null : report;
      newest = report;
      const switches = JSON.stringify(halts);
      const halted = switches !== stopped;
      stopped = switches;
      if (before === null) return null;
      const moved = new Map([...before].filter(([bucket, seq]) => (now.get(bucket) ?? seq) > seq));
      const read = await source.eventsSince(moved, mostEventsRead);
      // What came in between the two reads belongs to the next round.
      const events = read.filter(
        ({ bucket, seq, kind }) => seq < (now.get(bucket) ?? 0) && topicOf(kind) !== null,
      );
      const changed = await changedSweeps(source, held, going);
      const more = read.length === mostEventsRead;
      const quiet = events.length + changed.length === 0 && fresh === null && !halted;
      return quiet ? null : { events, more, sweeps: changed, report: fresh, halted };
    },
  };
}

/** Sweeps that moved on, and those that ended with the state in which they did. */
async function changedSweeps(
  source: Pick<Source, "standing">,
  before: ReadonlyMap<Id, SweepGoing>,
  now: ReadonlyMap<Id, SweepGoing>,
): Promise<readonly SweepGoing[]> {
  const told = [...now.values()].filter(
    (sweep) => JSON.stringify(before.get(sweep.id)) !== JSON.stringify(sweep),
  );
  const gone = [...before.values()].filter(({ id }) => !now.has(id));
  const ended = await Promise.all(
    gone.map(async (sweep) => {
      const state = (await source.standing(sweep.id))?.state ?? sweep.state;
      return { ...sweep, state, ...(state === "done" ? { decided: bucketCount } : {}) };
    }),
  );
  return [...told, ...ended];
}

/** What a client did not hear since the message `after`. */
function missed(
  recent: RecentRounds<Round>,
  after: string | null,
  scope: Scope,
): readonly LiveMessage[] {
  if (after === null) return [];
  const messages = recent.since(after)?.flatMap((round) => messagesOf(round, scope));
  const bytes = messages?.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
  if (messages !== undefined && bytes! <= mostMissedBytes) return messages;
  return [{ id: recent.place(), topic: "work", data: { missed: true } }];
}

/** The messages of one round for one scope. */
function messagesOf({ place: id, round }: KeptRound<Round>, scope: Scope): readonly LiveMessage[] {
  const messages: LiveMessage[] = [];
  const seen = round.events.filter((event) => reachesLine(scope, event));
  for (const [topic, events] of Map.groupBy(seen, ({ kind }) => topicOf(kind))) {
    if (topic === null) continue;
    if (events.length > mostNamed || round.more) {
      const kinds = Map.groupBy(events, ({ kind, type }) => type ?? kind);
      const counts = Object.fromEntries(Array.from(kinds, ([kind, one]) => [kind, one.length]));
      messages.push({ id, topic, data: { count: events.length, kinds: counts } });
      continue;
    }
    for (const { kind, subject, lineId, at, actor, type } of events) {
      const told = type === null ? { by: actor } : { type };
      messages.push({ id, topic, data: { id: subject, kind, lineId, at, ...told } });
    }
  }
  for (const sweep of round.sweeps) {
    if (!reachesPortfolio(scope, sweep.portfolio)) continue;
    messages.push({ id, topic: "sweep", data: progressOf(sweep) });
  }
  if (round.report !== null && reachesPortfolio(scope, round.report.portfolio)) {
    messages.push({ id, topic: "report", data: { id: round.report.id } });
  }
  if (round.halted && scope.kind !== "own") {
    messages.push({ id, topic: "work", data: { halts: true } });
  }
  return messages;
}

function progressOf(sweep: SweepGoing): Readonly<Record<string, unknown>> {
  const { id, state, pausedBy, assessed, decided } = sweep;
  const phase = state === "asking" ? "ask" : state === "assessing" ? "assess" : "decide";
  return {
    ...{ id, state, paused: pausedBy !== null, phase },
    bucketsDone: phase === "decide" ? decided : assessed,
    buckets: bucketCount,
  };
}

const topicPatterns: readonly Readonly<[RegExp, LiveTopic]>[] = [
  [/^(Review|Override|Opinion|Attachment|Appeal)/, "review"],
  [/^Notice/, "notice"],
  [/^SignalRecorded$/, "signal"],
  [/^Offer/, "offer"],
  [/^Alert/, "alert"],
  [/^Reminder/, "reminder"],
  [/^(Decision|Execution|Limit|LineFrozen|LineClosed|LineSettled|LineRe)/, "decision"],
];

/** What kind of thing an event is news of; null for what nobody watches live: registrations. */
function topicOf(kind: string): LiveTopic | null {
  if (kind === "LineRegistered") return null;
  return topicPatterns.find(([pattern]) => pattern.test(kind))?.[1] ?? null;
}
