// The life of a line on one screen. This array is the only list of steps: routes, command-line verbs, the
// rights table and the reference docs are built from it.

import { alertStep } from "./alert.ts";
import { appeal } from "./appeal.ts";
import { confirm } from "./confirm.ts";
import { desk } from "./desk.ts";
import { decideStep } from "./decide.ts";
import { execute } from "./execute.ts";
import { ingest } from "./ingest.ts";
import { notify } from "./notify.ts";
import { offer } from "./offer.ts";
import { pace } from "./pace.ts";
import { remindStep } from "./remind.ts";
import { review } from "./review.ts";
import { restore } from "./restore.ts";
import type { Step } from "./step.ts";

/** In the order in which a line meets them. Evaluating is pure and has no commands: see evaluate.ts. */
export const pipeline: readonly Step[] = [
  ingest,
  decideStep,
  pace,
  review,
  desk,
  offer,
  notify,
  execute,
  confirm,
  appeal,
  restore,
  alertStep,
  remindStep,
];

const byCommand = new Map<string, Step>(
  pipeline.flatMap((step) => Object.keys(step.commands).map((kind) => [kind, step] as const)),
);

/** The step that decides a command; undefined for a kind nobody knows. */
export function stepOf(commandKind: string): Step | undefined {
  return byCommand.get(commandKind);
}
