// The only write path, for one command or a thousand: lock the row of the bucket (or of several, each with its own
// order and state), load, decide, evolve, write, commit. Sweep, ingest, timers and API differ only in batch size; a dry
// run is the same path rolled back.

import { leafHash, leafText } from "../audit/leaf.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import { reachesPortfolio, serviceActor, type Actor } from "../domain/actor.ts";
import type { Instant } from "../domain/calendar.ts";
import type { Bucket, Id } from "../domain/id.ts";
import { firstRefusal, isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Halt } from "./hold-ports.ts";
import type {
  BucketTransaction,
  Changes,
  GroupTransaction,
  IdempotencyKey,
  LeafRow,
  World,
} from "./ports.ts";
import { contextFor, peopleOf, wantedBy, type People, type Place } from "./deciding-context.ts";
import { pipeline, stepOf } from "./pipeline.ts";
import { isStopped, readOnlyRefusal } from "./read-only.ts";
import type { Command, CommandSpec, Context, Step } from "./step.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** What became of one command: the events it led to (with all that followed), or the refusal. */
export type CommandResult =
  | Readonly<{ command: Command; events: readonly Event[] }>
  | Readonly<{ command: Command; refusal: Refusal }>;

export type TransactOptions = Readonly<{
  /** decide and roll back */
  dryRun?: boolean;
  /** the same key gives the same answer again; the same key with another body is refused */
  idempotency?: IdempotencyKey;
}>;

/** Follow-ups may follow each other this deep; deeper is a bug in the steps. */
const maximumDepth = 16;

/**
 * Decides commands of one bucket in one transaction, in order, each on the state the ones before left.
 * A refused command changes nothing and the others go on. Throws faults (the world failed: nothing is
 * written) and bugs.
 */
export async function transact(
  world: World,
  bucket: Bucket,
  commands: readonly Command[],
  options: TransactOptions = {},
): Promise<readonly CommandResult[]> {
  const dryRun = options.dryRun === true;
  const people = await peopleOf(world, commands);
  const decided = await world.store.transaction(bucket, dryRun, (transaction) =>
    runBatch(world, transaction, bucket, commands, {
      dryRun,
      people,
      key: options.idempotency ?? null,
    }),
  );
  if (!dryRun) tell(world, [decided]);
  return decided.results;
}

/** Says what was committed. */
function tell(world: World, decided: readonly Decided[]): void {
  world.observe?.(decided.flatMap(({ events }) => events));
  if (world.onDue !== undefined && decided.some(leavesDue)) world.onDue();
}

/** All rows of a bucket are decided on at one instant, so its changes say what has come due by then. */
function leavesDue({ now, changes }: Decided): boolean {
  if (changes === null) return false;
  for (const { state, due } of changes.state.timers.values()) {
    if (state === "waiting" && due <= now) return true;
  }
  return false;
}

/**
 * Decides commands of several buckets in one transaction, at most `store.bucketsTogether`: each bucket as in `transact`,
 * with its own order and state. Throws as `transact`; then nothing of any bucket is written.
 */
export async function transactGroup(
  world: World,
  batches: ReadonlyMap<Bucket, readonly Command[]>,
  { dryRun = false }: Pick<TransactOptions, "dryRun"> = {},
): Promise<ReadonlyMap<Bucket, readonly CommandResult[]>> {
  const people = await peopleOf(world, [...batches.values()].flat());
  const decided = await world.store.group([...batches.keys()], dryRun, (group) =>
    runGroup(world, group, batches, { people, dryRun }),
  );
  if (!dryRun) tell(world, decided);
  return new Map(decided.map(({ bucket, results }) => [bucket, results]));
}

async function runGroup(
  world: World,
  group: GroupTransaction,
  batches: ReadonlyMap<Bucket, readonly Command[]>,
  { people, dryRun }: Readonly<{ people: People; dryRun: boolean }>,
): Promise<readonly Decided[]> {
  const now = await world.clock.now();
  const halts = await group.halts(now);
  const today = world.clock.dateOf(now);
  const states = await group.load(
    new Map(
      Array.from(batches, ([bucket, commands]) => [bucket, wantedBy(world, commands, today)]),
    ),
  );
  const decided: Decided[] = [];
  for (const [bucket, state] of states) {
    const place: Place = {
      ...group.buckets.get(bucket)!,
      bucket,
      state,
      now,
      halts,
      people,
      dryRun,
    };
    decided.push(await decideAll(world, place, batches.get(bucket)!));
  }
  const changed = decided.filter(({ changes }) => changes !== null);
  await group.save(new Map(changed.map(({ bucket, changes }) => [bucket, changes!])));
  return decided;
}

async function runBatch(
  world: World,
  transaction: BucketTransaction,
  bucket: Bucket,
  commands: readonly Command[],
  {
    dryRun,
    people,
    key,
  }: Readonly<{ dryRun: boolean; people: People; key: IdempotencyKey | null }>,
): Promise<Decided> {
  const known = key === null ? null : await transaction.recall(key);
  // Read under the lock: instants never run backwards against the order of the bucket's events.
  const now = await world.clock.now();
  if (key !== null && known !== null) {
    const results = recalled(commands, known, key);
    return { bucket, now, results, events: [], changes: null };
  }
  const halts = await transaction.halts(now);
  const state = await transaction.load(wantedBy(world, commands, world.clock.dateOf(now)));
  const place: Place = { ...transaction, bucket, state, now, halts, people, dryRun };
  const decided = await decideAll(world, place, commands, key);
  if (decided.changes !== null) await transaction.save(decided.changes);
  return decided;
}

/** What became of the commands of one bucket; `changes` is null where there is nothing to write. */
type Decided = Readonly<{
  bucket: Bucket;
  now: Instant;
  results: readonly CommandResult[];
  events: readonly Event[];
  changes: Changes | null;
}>;

async function decideAll(
  world: World,
  place: Place,
  commands: readonly Command[],
  key: IdempotencyKey | null = null,
): Promise<Decided> {
  const { bucket, state, now, halts, nextSeq, commit, dryRun } = place;
  const context = await contextFor(world, place, commands);
  const events: Event[] = [];
  const done: Id[] = [];
  const readOnly = dryRun ? null : readOnlyRefusal(halts);
  const batch: Batch = { bucket, now, state, context, halts, readOnly, events, done, seq: nextSeq };
  const results = commands.map((command) => runCommand(batch, command));
  const effective = events.length > 0 || done.length > 0 || batch.touched === true;
  if (!effective && key === null) return { bucket, now, results, events, changes: null };
  const leaves = leavesOf(commit, events, world.ids.sha256);
  const reply = replyTo(key, results);
  const changes = { state, events, leaves, doneOutbox: done, reply };
  return { bucket, now, results, events, changes };
}

type Batch = {
  readonly bucket: Bucket;
  readonly now: Instant;
  readonly state: State;
  readonly context: Context;
  readonly halts: readonly Halt[];
  readonly readOnly: Refusal | null;
  readonly events: Event[];
  readonly done: Id[];
  seq: number;
  touched?: boolean;
};

function runCommand(batch: Batch, command: Command): CommandResult {
  if (command.timerId !== undefined && !takeTimer(batch, command.timerId)) {
    return { command, events: [] };
  }
  const from = batch.events.length;
  const refusal = runOne(batch, command, 0);
  // What a stop switch stops is not used up: the timer waits on, the message is sent again after the halt.
  if (refusal !== null && isStopped(refusal)) putTimerBack(batch, command.timerId);
  else if (command.outboxId !== undefined) batch.done.push(command.outboxId);
  return refusal === null ? { command, events: batch.events.slice(from) } : { command, refusal };
}

/** A timer fires once: whoever finds it no longer waiting does nothing. */
function takeTimer(batch: Batch, id: Id): boolean {
  const timer = batch.state.timers.get(id);
  if (timer === undefined || timer.state !== "waiting") return false;
  batch.state.timers.set(id, { ...timer, state: "fired" });
  batch.touched = true;
  return true;
}

function putTimerBack(batch: Batch, id: Id | undefined): void {
  const timer = id === undefined ? undefined : batch.state.timers.get(id);
  if (timer !== undefined) batch.state.timers.set(timer.id, { ...timer, state: "waiting" });
}

function runOne(batch: Batch, command: Command, depth: number): Refusal | null {
  if (depth > maximumDepth) throw new Error(`Follow-ups do not end: ${command.kind}`);
  const step = stepOf(command.kind);
  if (step === undefined) throw new Error(`Unknown command: ${command.kind}`);
  const spec = step.commands[command.kind]!;
  const refusal = firstRefusal([
    rightsRefusal(batch.state, spec, command),
    depth === 0 && spec.records !== true ? haltRefusal(batch.halts, step, command) : null,
    depth === 0 ? batch.readOnly : null,
  ]);
  if (refusal !== null) return refusal;
  const decided = step.decide(batch.state, command, batch.context);
  if (isRefusal(decided)) return decided;
  for (const event of decided) apply(batch, step, command, event, depth);
  return null;
}

function apply(batch: Batch, step: Step, command: Command, fresh: NewEvent, depth: number): void {
  const event: Event = {
    ...fresh,
    bucket: batch.bucket,
    seq: batch.seq,
    at: batch.now,
    actor: command.actor.id,
    cause: command.id,
  };
  batch.seq += 1;
  batch.events.push(event);
  step.evolve(batch.state, event, batch.context);
  for (const follower of pipeline) {
    for (const next of follower.follow?.(batch.state, event, batch.context) ?? []) {
      const refusal = runOne(batch, { ...next, actor: serviceActor(follower.name) }, depth + 1);
      if (refusal !== null) {
        throw new Error(
          `Follow-up refused: ${next.kind} after ${event.kind}: ${refusal.detail.en}`,
        );
      }
    }
  }
}

/** Role first, then scope. A row outside the scope is refused like any other, without its contents. */
function rightsRefusal(state: State, spec: CommandSpec, command: Command): Refusal | null {
  const { actor } = command;
  if (!actor.roles.some((role) => spec.roles.includes(role))) {
    return refuse("forbidden", {
      en: `${command.kind}: found roles ${actor.roles.join(", ") || "none"}, expected one of ${spec.roles.join(", ")}`,
      zh: `${command.kind}：当前角色为 ${actor.roles.join("、") || "无"}，需要 ${spec.roles.join("、")} 之一`,
    });
  }
  return inScope(state, actor, lineIdOf(state, spec, command.subject), command)
    ? null
    : refuse("out-of-scope", {
        en: `${command.kind}: ${command.subject} is outside the scope of ${actor.id}`,
        zh: `${command.kind}：${command.subject} 不在 ${actor.id} 的管辖范围内`,
      });
}

/** A line that is only being registered lies in the portfolio that the registration names. */
function inScope(
  state: State,
  actor: Actor,
  lineId: Id | undefined,
  { kind, body }: Command,
): boolean {
  if (actor.scope.kind === "all") return true;
  const line = lineId === undefined ? undefined : state.lines.get(lineId);
  if (line === undefined) {
    return kind === "RegisterLine" && reachesPortfolio(actor.scope, String(body["portfolio"]));
  }
  return actor.scope.kind === "own"
    ? line.customerId === actor.scope.customerId
    : actor.scope.portfolios.includes(line.portfolio);
}

function lineIdOf(state: State, spec: CommandSpec, subject: Id): Id | undefined {
  switch (spec.subject) {
    case "line":
      return subject;
    case "decision":
      return state.decisions.get(subject)?.lineId;
    case "review-case":
      return state.reviews.get(subject)?.lineId;
    case "notice":
      return state.notices.get(subject)?.lineId;
    case "offer":
      return state.offers.get(subject)?.lineId;
    case "alert":
      return state.alerts.get(subject)?.lineId;
    case "reminder":
      return state.reminders.get(subject)?.lineId;
  }
}

/** Follow-ups only write down what is due; what they send or execute passes its own area later. */
function haltRefusal(halts: readonly Halt[], step: Step, command: Command): Refusal | null {
  const halt = halts.find((one) => one.area === step.area || one.area === "all");
  return halt === undefined
    ? null
    : refuse("halted", {
        en: `${command.kind}: ${halt.area} is halted by ${halt.by} until ${halt.expiresAt}: ${halt.reason}`,
        zh: `${command.kind}：${halt.area} 已由 ${halt.by} 停用至 ${halt.expiresAt}：${halt.reason}`,
      });
}

/** The events of one command say the same of customer, line and cause: such a commitment is made once. */
function leavesOf(
  commitOf: BucketTransaction["commit"],
  events: readonly Event[],
  sha256: (text: string) => string,
): readonly LeafRow[] {
  const known = new Map<string, string>();
  let customerId = "";
  const commit = (text: string): string => commitOf(customerId, text);
  const commitOnce = (text: string): string => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = commit(text);
    known.set(text, made);
    return made;
  };
  return events.map((event) => {
    // A commitment is under the key of one customer and means nothing for another.
    if (event.customerId !== customerId) known.clear();
    ({ customerId } = event);
    const { bucket, seq } = event;
    const leaf = leafText({
      ...{ v: 1, bucket, seq, kind: event.kind, at: event.at, actor: event.actor },
      cause: commitOnce(`cause:${event.cause}`),
      subject: commitOnce(`subject:${event.subject}`),
      customer: commitOnce(`customer:${event.customerId}`),
      line: commitOnce(`line:${event.lineId}`),
      body: commit(`body:${canonicalJson(event.body)}`),
    });
    return { bucket, seq, leaf, hash: leafHash(leaf, sha256) };
  });
}

/** Only effects are remembered: a refused request may be tried again under its key. */
function replyTo(
  key: IdempotencyKey | null,
  results: readonly CommandResult[],
): (IdempotencyKey & Readonly<{ status: number; reply: unknown }>) | null {
  if (key === null || results.some((result) => "refusal" in result)) return null;
  // What only `evolve` needed is in the rows already and does not belong into a remembered answer.
  const told = (events: readonly Event[]): readonly Event[] =>
    events.map((event) => {
      const { attached: _attached, ...kept } = event;
      return kept;
    });
  const reply = results.map((result) => ("events" in result ? told(result.events) : []));
  return { ...key, status: 200, reply };
}

function recalled(
  commands: readonly Command[],
  known: Readonly<{ bodyHash: string; reply: unknown }>,
  key: IdempotencyKey,
): readonly CommandResult[] {
  if (known.bodyHash !== key.bodyHash) {
    const refusal = refuse("key-reused", {
      en: `Idempotency key ${key.key}: found a different request body than the first time`,
      zh: `幂等键 ${key.key}：请求内容与首次不同`,
    });
    return commands.map((command) => ({ command, refusal }));
  }
  const replies = known.reply as readonly (readonly Event[])[];
  return commands.map((command, index) => ({ command, events: replies[index] ?? [] }));
}
