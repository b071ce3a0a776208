// Undoing the decisions of one bucket through the one write path: what has not changed its line is withdrawn, what has
// gets a new decision that gives it back. A bucket that is worked on again after an interruption finds both done.

import { serviceActor } from "../domain/actor.ts";
import { exposureRemovedMinor } from "../domain/assessment.ts";
import type { LineStatus } from "../domain/credit-line.ts";
import { endedWithoutEffect, principalReasons, type Decision } from "../domain/decision.ts";
import type { Bucket } from "../domain/id.ts";
import type { World } from "../flow/ports.ts";
import type { RestoreBody } from "../flow/restore.ts";
import type { Command } from "../flow/step.ts";
import { transact, type CommandResult } from "../flow/transact.ts";
import type { UndoneLine, WaveDecision, WaveFilter, WaveUndo } from "./wave-ports.ts";

const decisionsAtOnce = 250;

const actor = serviceActor("wave-undo");

/** Why a withdrawn decision ended: names the undoing, which names its author, its approver and their reason. */
export function endedByUndo({ id }: Pick<WaveUndo, "id">): string {
  return `wave-undo ${id}`;
}

/** True for decisions that the filter names. */
export function isMeant({ decision, region }: WaveDecision, filter: WaveFilter): boolean {
  const { record, outcome } = decision;
  return (
    (filter.segment === null || record.assessment.segment === filter.segment) &&
    (filter.region === null || region === filter.region) &&
    (filter.action === null || outcome.action === filter.action) &&
    (filter.reason === null || principalReasons(record).some(({ code }) => code === filter.reason))
  );
}

/**
 * Undoes what the filter names among the decisions of one bucket; what ended without effect before needs no undoing.
 * @param rehearse decide and roll back, with nothing stored
 * @returns what became of each, or null when a halt stopped it: then the bucket is not done
 */
export async function undoBucket(
  world: World,
  undo: Pick<WaveUndo, "id" | "author" | "decidedBy" | "filter">,
  bucket: Bucket,
  found: readonly WaveDecision[],
  rehearse = false,
): Promise<readonly UndoneLine[] | null> {
  const meant = found.filter((one) => isMeant(one, undo.filter) && concerns(one.decision, undo));
  const lines: UndoneLine[] = [];
  for (let from = 0; from < meant.length; from += decisionsAtOnce) {
    const batch = meant.slice(from, from + decisionsAtOnce);
    const open = batch.filter(({ decision }) => !endedWithoutEffect(decision.state));
    const commands = await Promise.all(open.map((one) => commandFor(world, undo, one)));
    const results = await transact(world, bucket, commands, { dryRun: rehearse });
    if (results.some((result) => "refusal" in result && result.refusal.refused === "halted")) {
      return null;
    }
    const resultOf = new Map(results.map((result) => [result.command.subject, result]));
    for (const one of batch) lines.push(undoneLine(undo, one, resultOf.get(one.decision.id)));
  }
  return lines;
}

function concerns(decision: Decision, undo: Pick<WaveUndo, "id">): boolean {
  return !endedWithoutEffect(decision.state) || decision.endedBecause === endedByUndo(undo);
}

async function commandFor(
  world: World,
  undo: Pick<WaveUndo, "id" | "author" | "decidedBy">,
  { decision }: WaveDecision,
): Promise<Command> {
  const { id: subject, bucket } = decision;
  const id = world.ids.derive(bucket, "undo", undo.id, subject);
  const common = { id, subject, actor, cause: undo.id };
  if (decision.state !== "executed") {
    return { ...common, kind: "Withdraw", body: { reason: endedByUndo(undo) } };
  }
  const body: RestoreBody = {
    decisionId: world.ids.derive(bucket, "restoration", undo.id, subject),
    causeId: undo.id,
    maker: undo.author,
    approvedBy: undo.decidedBy ?? undo.author,
    statusBefore: await statusBefore(world, decision),
  };
  return { ...common, kind: "Restore", body };
}

/** Only a closed line may have had another status than active before. */
async function statusBefore(world: World, { id, lineId, outcome }: Decision): Promise<LineStatus> {
  if (outcome.action !== "close") return "active";
  const timeline = await world.store.reads.timeline(lineId);
  const closed = timeline.find(({ kind, subject }) => kind === "LineClosed" && subject === id);
  return closed?.body["fromStatus"] as LineStatus;
}

function undoneLine(
  undo: Pick<WaveUndo, "id">,
  { decision, line }: WaveDecision,
  result: CommandResult | undefined,
): UndoneLine {
  const common = {
    ...{ bucket: decision.bucket, undoId: undo.id, decisionId: decision.id, lineId: line.id },
    reference: line.reference,
    amountMinor: exposureRemovedMinor(decision.outcome, line.drawnMinor),
  };
  if (result !== undefined && "refusal" in result) {
    const { refused, detail } = result.refusal;
    return { ...common, did: "refused", restorationId: null, refused, because: detail };
  }
  const isRestored = result?.command.kind === "Restore";
  return {
    ...common,
    did: isRestored ? "restored" : "withdrawn",
    restorationId: isRestored ? (result.command.body as unknown as RestoreBody).decisionId : null,
    refused: null,
    because: null,
  };
}
