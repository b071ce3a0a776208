// Undoing the decisions of one bucket through the one write path: what has not changed its line is withdrawn, what has
// gets a new decision that gives it back, and so does what was announced. A bucket that is worked on again after an interruption finds both done.

import { serviceActor } from "../domain/actor.ts";
import { exposureRemovedMinor } from "../domain/assessment.ts";
import { endedWithoutEffect, principalReasons, type Decision } from "../domain/decision.ts";
import type { Bucket } from "../domain/id.ts";
import type { World } from "../flow/ports.ts";
import type { RestoreBody } from "../flow/restore.ts";
import type { Command } from "../flow/step.ts";
import { isStopped } from "../flow/read-only.ts";
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
    const asked = batch.flatMap((one) => commandsFor(world, undo, one));
    const results = await transact(world, bucket, asked, { dryRun: rehearse });
    if (results.some((result) => "refusal" in result && isStopped(result.refusal))) {
      return null;
    }
    const resultsOf = Map.groupBy(results, ({ command }) => command.subject);
    for (const one of batch) {
      lines.push(undoneLine(undo, one, resultsOf.get(one.decision.id) ?? []));
    }
  }
  return lines;
}

function concerns(decision: Decision, undo: Pick<WaveUndo, "id">): boolean {
  return !endedWithoutEffect(decision.state) || decision.endedBecause === endedByUndo(undo);
}

/** Whoever was told of a change that is not made after all is told so. */
function commandsFor(
  world: World,
  undo: Pick<WaveUndo, "id" | "author" | "decidedBy">,
  { decision }: WaveDecision,
): readonly Command[] {
  const { id: subject, bucket, state, noticeId } = decision;
  const common = { subject, actor, cause: undo.id };
  const restoring: Command = {
    ...common,
    id: world.ids.derive(bucket, "undo", undo.id, subject, "Restore"),
    kind: "Restore",
    body: {
      decisionId: world.ids.derive(bucket, "restoration", undo.id, subject),
      causeId: undo.id,
      maker: undo.author,
      approvedBy: undo.decidedBy ?? undo.author,
    } satisfies RestoreBody,
  };
  if (state === "executed") return [restoring];
  const told = noticeId === null ? [] : [restoring];
  if (endedWithoutEffect(state)) return told;
  const id = world.ids.derive(bucket, "undo", undo.id, subject, "Withdraw");
  const body = { reason: endedByUndo(undo) };
  return [{ ...common, id, kind: "Withdraw", body }, ...told];
}

function undoneLine(
  undo: Pick<WaveUndo, "id">,
  { decision, line }: WaveDecision,
  results: readonly CommandResult[],
): UndoneLine {
  const common = {
    ...{ bucket: decision.bucket, undoId: undo.id, decisionId: decision.id, lineId: line.id },
    reference: line.reference,
    amountMinor: exposureRemovedMinor(decision.outcome, line.drawnMinor),
  };
  const refusal = results.flatMap((result) => ("refusal" in result ? [result.refusal] : [])).at(0);
  if (refusal !== undefined) {
    const { refused, detail } = refusal;
    return { ...common, did: "refused", restorationId: null, refused, because: detail };
  }
  const restoring = results.find(({ command }) => command.kind === "Restore")?.command;
  return {
    ...common,
    did: decision.state === "executed" ? "restored" : "withdrawn",
    restorationId: (restoring?.body as RestoreBody | undefined)?.decisionId ?? null,
    refused: null,
    because: null,
  };
}
