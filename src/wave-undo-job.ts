// Undoing a wave in the background of a server, and what the API is given to propose and decide on one, and to hold it.

import type { WaveHooks } from "./adapters/http/dependencies.ts";
import { pause } from "./adapters/pause.ts";
import type { Tidemark } from "./compose.ts";
import type { Id } from "./domain/id.ts";
import type { WaveThresholds } from "./portfolio/wave-ports.ts";
import {
  decideUndo,
  proposeUndo,
  runUndo,
  undoApproverRoles,
  undoAuthorRoles,
} from "./portfolio/wave-undo.ts";
import { holdWave, releaseWave, waveHoldRoles, waveStanding } from "./portfolio/wave-watch.ts";

/** Works on an approved undoing until it is done or the signal says stop. */
export async function workOnUndo(
  { world, portfolio, owner, log }: Tidemark,
  id: Id,
  signal: AbortSignal,
): Promise<void> {
  const undo = await runUndo(world, portfolio, id, {
    owner,
    stop: () => signal.aborted,
    pause: (ms) => pause(ms, signal),
  });
  log.info({ undo: id, state: undo.state }, "Undoing a wave worked on");
}

/** `run` works on an approved one in the background. */
export function waveHooks(
  { world, portfolio }: Pick<Tidemark, "world" | "portfolio">,
  thresholds: WaveThresholds | null,
  run: (id: Id) => void,
): WaveHooks {
  return {
    authorRoles: undoAuthorRoles,
    approverRoles: undoApproverRoles,
    propose: (request, options) => proposeUndo(world, portfolio, request, options),
    decide: (id, verdict, actor) => decideUndo(world, portfolio, id, verdict, actor),
    run,
    ...{ thresholds, holdRoles: waveHoldRoles },
    standing: (sweepId) => waveStanding(world, portfolio, thresholds, sweepId),
    hold: (...asked) => holdWave(world, portfolio, ...asked),
    release: (...asked) => releaseWave(world, portfolio, ...asked),
  };
}
