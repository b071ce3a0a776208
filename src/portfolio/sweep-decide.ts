// Pass two of a sweep, one bucket at a time: proposals become decisions through the one write path. Ids are
// derived from sweep, line and decision area, so a bucket that is decided again after an interruption finds
// its decisions made and changes nothing.

import { serviceActor } from "../domain/actor.ts";
import type { Assessment } from "../domain/assessment.ts";
import type { Bucket, Id } from "../domain/id.ts";
import type { DecideBody } from "../flow/decide.ts";
import type { World } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
import type { Event } from "../flow/state.ts";
import { isStopped } from "../flow/read-only.ts";
import { transact, type CommandResult } from "../flow/transact.ts";
import { releaseUnusedTurns, takeTurns, type WantedTurns } from "../flow/turns.ts";
import type { Strategy } from "../policy/strategy.ts";
import type { Proposal, Sweep, SweepCounts } from "./ports.ts";
import { countRefusal, noCounts } from "./sweep-counts.ts";
import { decisionOf, turnsOf } from "./sweep-pace.ts";

/** Memory holds what a batch leaves behind until it is stored: decisions, notices, events and their texts. */
const decisionsAtOnce = 250;

const actor = serviceActor("sweep");

/** Takes the turns of all these proposals at once, in their order: the decisions that hold theirs. */
export async function takeProposedTurns(
  world: World,
  strategy: Strategy,
  sweep: Sweep,
  proposals: readonly Proposal[],
): Promise<ReadonlySet<Id>> {
  const today = world.clock.dateOf(await world.clock.now());
  return takeTurns(world, wantedTurns(world, strategy, sweep, proposals), today);
}

/** Gives back the turns of proposals that were not decided after all. */
export async function returnProposedTurns(
  world: World,
  strategy: Strategy,
  sweep: Sweep,
  proposals: readonly Proposal[],
): Promise<void> {
  await releaseUnusedTurns(world, wantedTurns(world, strategy, sweep, proposals));
}

function wantedTurns(
  world: World,
  strategy: Strategy,
  sweep: Sweep,
  proposals: readonly Proposal[],
): readonly WantedTurns[] {
  return proposals
    .filter(({ granted }) => granted === true)
    .map((proposal) => ({
      decisionId: decisionOf(world.ids, strategy, sweep, proposal),
      turns: turnsOf(strategy, sweep, proposal),
    }));
}

/**
 * Decides the proposals of one bucket; counts paced, to review, straight through and refused.
 * @param granted decisions that hold all their turns; null to rehearse: decide and roll back as if all that were ranked
 * high enough held theirs, with nothing stored
 * @returns the counts, or null when a halt stopped it: then the bucket is not done
 */
export async function decideBucket(
  world: World,
  strategy: Strategy,
  sweep: Sweep,
  bucket: Bucket,
  proposals: readonly Proposal[],
  granted: ReadonlySet<Id> | null,
): Promise<SweepCounts | null> {
  const rehearse = granted === null;
  let counts = noCounts;
  for (let from = 0; from < proposals.length; from += decisionsAtOnce) {
    const batch = proposals.slice(from, from + decisionsAtOnce);
    const commands = batch.map((proposal) => commandFor(world, strategy, sweep, proposal, granted));
    const results = await transact(world, bucket, commands, { dryRun: rehearse });
    if (!rehearse) await releaseUnusedTurns(world, results.filter(ledToNothing).map(turnsIn));
    if (results.some((result) => "refusal" in result && isStopped(result.refusal))) {
      return null;
    }
    for (const result of results) counts = await count(world, counts, result);
  }
  return counts;
}

function commandFor(
  world: World,
  strategy: Strategy,
  sweep: Sweep,
  proposal: Proposal,
  granted: ReadonlySet<Id> | null,
): Command {
  const decisionId = decisionOf(world.ids, strategy, sweep, proposal);
  const body: DecideBody = {
    decisionId,
    turns: turnsOf(strategy, sweep, proposal),
    granted: granted === null ? proposal.granted === true : granted.has(decisionId),
    assessment: JSON.parse(proposal.assessment) as Assessment,
    ...armOf(sweep, proposal),
    area: strategy.area,
    cause: strategy.cause,
    causeId: sweep.id,
    knownAt: sweep.knownAt,
    lineVer: proposal.lineVer,
    maker: sweep.maker,
  };
  return {
    id: world.ids.derive(proposal.bucket, "decide", decisionId),
    kind: "Decide",
    subject: proposal.lineId,
    actor,
    cause: sweep.id,
    body,
  };
}

function armOf({ experiment }: Sweep, { arm }: Proposal): Pick<DecideBody, "arm"> {
  return experiment === null || arm === null ? {} : { arm: { experiment: experiment.id, arm } };
}

/** A turn that was taken and led to nothing belongs to the budget again: no decision was made, or it has ended. */
function ledToNothing(result: CommandResult): boolean {
  const { turns, granted } = result.command.body as unknown as DecideBody;
  if (!granted || turns.length === 0) return false;
  return "refusal" in result || result.events.length === 0;
}

function turnsIn({ command }: CommandResult): Pick<DecideBody, "decisionId" | "turns"> {
  return command.body as unknown as DecideBody;
}

async function count(
  world: World,
  counts: SweepCounts,
  result: CommandResult,
): Promise<SweepCounts> {
  if ("refusal" in result) {
    return countRefusal(counts, result.refusal.refused);
  }
  const kinds = await whatHappened(world, result);
  const held = kinds.includes("NoticeDeferred") ? counts.held + 1 : counts.held;
  switch (kinds.find((kind) => wentTo.includes(kind))) {
    case "DecisionPaced":
      return { ...counts, paced: counts.paced + 1 };
    case "ReviewOpened":
      return { ...counts, toReview: counts.toReview + 1 };
    default:
      return { ...counts, held, straightThrough: counts.straightThrough + 1 };
  }
}

/** Where a decision may go first after it was made. */
const wentTo = ["DecisionPaced", "ReviewOpened", "DecisionApproved"];

/** Kinds of what happened to the decision since it was made, now or before an interruption. */
async function whatHappened(
  world: World,
  result: CommandResult & { events: readonly Event[] },
): Promise<readonly string[]> {
  const decisionId = result.command.body["decisionId"] as Id;
  const events =
    result.events.length > 0
      ? result.events
      : await world.store.reads.timeline(result.command.subject);
  return events.filter(({ subject }) => subject === decisionId).map(({ kind }) => kind);
}
