// The one way to ask the outside world: consent, cache, ceiling, breaker, tries and plausibility in this order, the same for
// every source. What a source says comes in as a signal by the one door of all signals, and so does the state of the source,
// so that a strategy can say what happens when it is silent. Every ask is kept, without a word of the answer, from before its
// first request leaves: what a process that died had sent stays counted, and of two about one customer only one is sent.

import { reachesPortfolio, serviceActor, type Role } from "../domain/actor.ts";
import { admit, afterCall, type Breaker } from "../domain/circuit-breaker.ts";
import type { ConnectorSpec } from "../domain/connector-spec.ts";
import type { Instant } from "../domain/calendar.ts";
import {
  dataPurposes,
  type AskFailure,
  type ConnectorAsk,
  type DataPurpose,
  type SourceState,
} from "../domain/connector.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Id } from "../domain/id.ts";
import { isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import { eventTypePrefix, signalCatalogue } from "../domain/signal-catalogue.ts";
import type { Signal, SignalData } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import type { Asked, AskRequest, KnownAnswer, Sources } from "./connector-ports.ts";
import {
  eventSourceOf,
  hasConsent,
  implausibleRefusal,
  isYounger,
  newestAnswer,
  retryDelayMs,
} from "./connector-rules.ts";
import type { World } from "./ports.ts";
import { roleRefusal } from "./role-refusal.ts";
import { haltRefusal, letterOf, linesOfCustomer, takeSignals } from "./take-signals.ts";

/** Roles that may ask: it costs money and says something about a customer. */
export const askRoles: readonly Role[] = ["operator", "service", "administrator"];

const what = { en: "External data", zh: "外部数据" };

/** Asks one source about the customer of a line. Refused: forbidden, halted, not-found, invalid; silence is no refusal. */
export async function askSource(
  world: World,
  sources: Sources,
  request: AskRequest,
): Promise<Asked | Refusal> {
  const { line, actor, dryRun = false } = request;
  const stopped = roleRefusal(actor, askRoles, what) ?? (await haltRefusal(world, dryRun));
  if (stopped !== null) return stopped;
  if (!reachesPortfolio(actor.scope, line.portfolio)) {
    return notFound({ en: "line", zh: "授信" }, line.reference);
  }
  const spec = sourceToAsk(sources.specs, request.source, request.purpose);
  if (isRefusal(spec)) return spec;
  const purpose = request.purpose as DataPurpose;
  const asking: Asking = {
    ...{ world, sources, spec, line, purpose, by: actor.id, dryRun },
    ...{ id: world.ids.fresh(), now: await world.clock.now(), sent: { calls: 0 } },
  };
  return askWith(asking);
}

/** The source of that name, where it may be asked for the purpose. Refused: not-found, invalid. */
export function sourceToAsk(
  specs: Sources["specs"],
  name: string,
  purpose: string,
): ConnectorSpec | Refusal {
  const spec = specs.get(name);
  if (spec === undefined) return unknownSource({ specs }, name);
  const known = dataPurposes.find((one) => one === purpose);
  return known !== undefined && spec.purposes.includes(known) ? spec : wrongPurpose(spec, purpose);
}

/** The refusal of a source that is not configured. */
export function unknownSource({ specs }: Pick<Sources, "specs">, name: string): Refusal {
  const known = [...specs.keys()].join(", ") || "none";
  return refuse("not-found", {
    en: `Cannot find source: found ${name}, expected one of ${known}`,
    zh: `未找到数据来源：${name}，现有：${known}`,
  });
}

function wrongPurpose({ id, purposes }: ConnectorSpec, found: string): Refusal {
  return refuse(
    "invalid",
    {
      en: `Purpose: found ${found}, expected one of ${purposes.join(", ")}, which ${id} may be asked for`,
      zh: `用途：为 ${found}，${id} 仅可用于 ${purposes.join("、")}`,
    },
    "/purpose",
  );
}

type Asking = Readonly<{
  world: World;
  sources: Sources;
  spec: ConnectorSpec;
  line: CreditLine;
  purpose: DataPurpose;
  by: string;
  id: Id;
  now: Instant;
  /** requests that have left the house, counted before each leaves */
  sent: { calls: number };
  dryRun: boolean;
}>;

/** What asking gave; `calls` requests left the house. */
type Got = Readonly<{
  calls: number;
  tookMs: number;
  data: SignalData | null;
  because: AskFailure | null;
  detail: Text | null;
}>;

const notAsked = { calls: 0, tookMs: 0, data: null, detail: null } as const;

async function askWith(asking: Asking): Promise<Asked> {
  const { world, spec, purpose, now } = asking;
  const told = await signalsTold(asking);
  if (spec.personal && !hasConsent(told, purpose)) {
    // Without consent what is known already may not be used for the purpose either.
    return finish(asking, { ...notAsked, because: "no-consent" }, null);
  }
  const held = newestAnswer(told, spec, world.clock.startOf);
  if (held !== null && isYounger(held, spec.cache.freshHours, now)) {
    return finish(asking, { ...notAsked, because: null }, held);
  }
  if (spec.http === undefined) return finish(asking, { ...notAsked, because: "not-told" }, held);
  const other = asking.dryRun ? null : await begin(asking);
  if (other !== null) return askAfter(asking, other, held);
  try {
    const got = await fetchByRules(asking);
    const taken = got.data === null ? got : await takeAnswer(asking, got, got.data);
    return await finish(asking, taken, held);
  } catch (error) {
    // Others may ask now, instead of waiting for nobody.
    const { calls } = asking.sent;
    await world.store.connectors.keep(
      askOf(asking, "none", { ...notAsked, because: "lost", calls }),
    );
    throw error;
  }
}

/** The other ask about the customer that is under way; null: this one has begun. */
function begin(asking: Asking): Promise<Id | null> {
  const { world, sources, spec, line } = asking;
  const { timeOutMs, retries } = spec;
  const nowMs = sources.nowMs();
  const longestMs = (retries.times + 1) * (timeOutMs + retries.mostDelayMs) + storingMs;
  const claim = { customerId: line.customerId, nowMs, untilMs: nowMs + longestMs };
  const ask = askOf(asking, "asking", { ...notAsked, because: null });
  return world.store.connectors.begin(ask, claim);
}

/** What storing an answer may take on a machine with much to do. */
const storingMs = 30_000;
const lookAgainMs = 100;

/** Waits for the other ask: its answer is known then, and why it has none holds for this one too. */
async function askAfter(asking: Asking, other: Id, held: KnownAnswer | null): Promise<Asked> {
  const { world, sources } = asking;
  for (;;) {
    const found = await world.store.connectors.find(other, sources.nowMs());
    if (found?.outcome !== "asking") {
      const because = found?.because ?? null;
      return because === null || because === "lost"
        ? askWith(asking)
        : finish(asking, { ...notAsked, because }, held);
    }
    await sources.pause(lookAgainMs);
  }
}

/** Everything that the lines of the customer were told, whoever asks now. */
async function signalsTold({ world, line }: Asking): Promise<readonly Signal[]> {
  const lineIds = await linesOfCustomer({ world, actor: everybody }, line.customerId);
  const timelines = await Promise.all(lineIds.map((id) => world.store.reads.timeline(id)));
  return timelines.flatMap((events) =>
    events.flatMap(({ kind, body }) =>
      kind === "SignalRecorded" ? [body as unknown as Signal] : [],
    ),
  );
}

const everybody = serviceActor("connector");

async function fetchByRules(asking: Asking): Promise<Got> {
  const { world, sources, spec, line, dryRun } = asking;
  const began = sources.nowMs();
  const subject = { customer: line.customerReference, line: line.reference };
  let last: Got | null = null;
  for (let calls = 1; ; calls += 1) {
    const passed = await barrier(asking, calls);
    if (typeof passed === "string") return last ?? { ...notAsked, because: passed };
    if (dryRun) return { ...notAsked, calls, because: null };
    await charge(asking, calls);
    const fetched = await sources.fetch(spec, subject).catch(async (error: unknown) => {
      // Nothing was sent, so nothing is paid.
      await charge(asking, calls - 1);
      await world.store.ledger.release(...turnOf(asking, calls));
      throw error;
    });
    const tookMs = sources.nowMs() - began;
    const failed = "failed" in fetched ? fetched.failed : null;
    await settle(asking, passed, failed !== null && failed !== "declined");
    if ("data" in fetched) {
      return { ...{ calls, tookMs, data: fetched.data }, because: null, detail: null };
    }
    last = { ...{ calls, tookMs, data: null }, because: fetched.failed, detail: fetched.detail };
    const mayPass = failed === "down" || failed === "slow";
    if (!mayPass || calls > spec.retries.times) return last;
    await sources.pause(retryDelayMs(spec.retries, calls - 1, sources.chance()));
  }
}

async function charge(asking: Asking, calls: number): Promise<void> {
  const { world, spec, id, sent } = asking;
  sent.calls = calls;
  await world.store.connectors.charge(id, calls, calls * spec.cost.perCallMinor);
}

/** What keeps the next request in the house; where it may leave, it is paid for: the breaker that lets it through. */
async function barrier(asking: Asking, call: number): Promise<AskFailure | Breaker> {
  const { world, spec, now, dryRun } = asking;
  const { perCallMinor, dailyCeilingMinor } = spec.cost;
  const [budget, key] = turnOf(asking, call);
  const on = world.clock.dateOf(now);
  const { ledger } = world.store;
  if (dryRun) {
    const left = await ledger.remaining(budget, on, dailyCeilingMinor);
    if (left < perCallMinor) return "ceiling";
    return (await admitted(asking)) ?? "breaker-open";
  }
  if (!(await ledger.reserve(budget, on, dailyCeilingMinor, key, perCallMinor))) return "ceiling";
  const breaker = await admitted(asking);
  if (breaker !== null) return breaker;
  await ledger.release(budget, key);
  return "breaker-open";
}

/** Budget and key of what one request costs. */
function turnOf({ spec, id }: Asking, call: number): readonly [budget: string, key: string] {
  return [turnBudget(spec), `${id}:${call}`];
}

/** The budget that requests of a source are paid from. */
export function turnBudget({ id }: Pick<ConnectorSpec, "id">): string {
  return `connector:${id}`;
}

/** The breaker that lets a request through; null where it lets nobody through. */
async function admitted({ world, sources, spec, dryRun }: Asking): Promise<Breaker | null> {
  let by: Breaker | null = null;
  await changeBreaker(world, spec.id, (breaker) => {
    const found = admit(breaker, sources.nowMs(), 2 * spec.timeOutMs);
    by = found.admitted ? found.breaker : null;
    return dryRun ? breaker : found.breaker;
  });
  return by;
}

function settle({ world, sources, spec }: Asking, by: Breaker, failed: boolean): Promise<void> {
  return changeBreaker(world, spec.id, (breaker) =>
    afterCall(breaker, by, spec.breaker, failed, sources.nowMs()),
  );
}

/** Several processes share a breaker: whoever lost the race looks again. */
async function changeBreaker(
  { store: { connectors } }: World,
  source: string,
  change: (breaker: Breaker) => Breaker,
): Promise<void> {
  for (;;) {
    const { breaker, ver } = await connectors.breaker(source);
    const next = change(breaker);
    if (next === breaker || (await connectors.putBreaker(source, next, ver))) return;
  }
}

/** Puts an answer through the one door; one that cannot be true waits with the dead letters for a person. */
async function takeAnswer(asking: Asking, got: Got, data: SignalData): Promise<Got> {
  const { world, spec, id, now } = asking;
  const event = eventOf(asking, spec.signal, id, data);
  const odd = implausibleRefusal(spec, data);
  if (odd !== null) {
    const letter = letterOf(world, { event }, odd, { at: now, by: everybody.id });
    await world.store.deadLetters.keep([letter]);
    return { ...got, data: null, because: "implausible", detail: odd.detail };
  }
  const [taken] = await takeSignals(world, everybody, [{ event }], { clockSkewMs: 0 });
  return "refusal" in taken!
    ? { ...got, data: null, because: "rejected", detail: taken.refusal.detail }
    : got;
}

function eventOf(
  { spec, line, now }: Asking,
  type: Signal["type"],
  id: string,
  data: SignalData,
): unknown {
  const subject = signalCatalogue[type].about === "line" ? line.id : line.customerId;
  return {
    ...{ specversion: "1.0", id, source: eventSourceOf(spec), type: eventTypePrefix + type },
    ...{ subject, time: now, data },
  };
}

async function finish(asking: Asking, got: Got, held: KnownAnswer | null): Promise<Asked> {
  const { world, spec, now, dryRun } = asking;
  const { because, calls, data, detail } = got;
  const isUsable = held !== null && isYounger(held, spec.cache.staleHours, now);
  const outcome =
    because === null
      ? calls === 0
        ? "cached"
        : "answered"
      : isUsable && because !== "no-consent"
        ? "stale"
        : "none";
  const ask = askOf(asking, outcome, got);
  if (!dryRun) {
    await world.store.connectors.keep(ask);
    if (outcome !== "cached" && because !== "lost") await tellState(asking, because ?? "answered");
  }
  const old = outcome === "cached" || outcome === "stale" ? held : null;
  return { ask, answer: data === null ? old : { data, at: now }, detail };
}

function askOf(
  { world, spec, line, purpose, by, id, now }: Asking,
  outcome: ConnectorAsk["outcome"],
  { because, calls, tookMs }: Pick<Got, "because" | "calls" | "tookMs">,
): ConnectorAsk {
  return {
    ...{ id, source: spec.id, lineId: line.id, purpose, at: now, on: world.clock.dateOf(now), by },
    ...{ outcome, because, calls, costMinor: calls * spec.cost.perCallMinor },
    ...{ currency: spec.cost.currency, tookMs },
  };
}

async function tellState(asking: Asking, state: SourceState): Promise<void> {
  const { world, spec, id } = asking;
  const event = eventOf(asking, "source-state", `${id}/state`, { source: spec.id, state });
  await takeSignals(world, everybody, [{ event }], { clockSkewMs: 0 });
}
