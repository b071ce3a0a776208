// Whether news of a line is what a strategy waits for: the facts as they are now are held against `when`, and what was known
// before against `was`. Pure, so that a golden case tries triggers by the same function as the scheduler.

import type { BusinessDate } from "../domain/calendar.ts";
import type { FactValues } from "../domain/facts.ts";
import { severities } from "../domain/severity.ts";
import { loadFacts } from "./evaluate.ts";
import { encodeFact } from "./fact-text.ts";
import { holdsAll } from "./holds.ts";
import type { Program, TriggerIr } from "./ir.ts";

/**
 * The triggers that hold, the most severe first and equal ones in their order; none where the facts cannot be read.
 * @param before what was known before the news; null where nothing was, and then nothing is said to have changed
 */
export function triggersThatHold(
  program: Program,
  facts: FactValues,
  before: FactValues | null,
  asOf: BusinessDate,
): readonly TriggerIr[] {
  const now = valuesOf(program, facts, asOf);
  if (now === null) return [];
  const asksBefore = program.triggers.some((trigger) => trigger.before.length > 0);
  const then = asksBefore && before !== null ? valuesOf(program, before, asOf) : null;
  return program.triggers
    .filter(
      (trigger) =>
        holdsAll(trigger.tests, now) &&
        (trigger.before.length === 0 || (then !== null && holdsAll(trigger.before, then))),
    )
    .toSorted((one, other) => rankOf(other) - rankOf(one));
}

function rankOf({ severity }: TriggerIr): number {
  return severities.indexOf(severity);
}

/** Facts in their slots, those of triggers among them; null where one that is needed is missing or none is what it should be. */
function valuesOf(program: Program, facts: FactValues, asOf: BusinessDate): Float64Array | null {
  const loaded = loadFacts(program, facts, asOf);
  if ("missing" in loaded) return null;
  const { values } = loaded;
  for (const { name, slot, type, codes, required } of program.triggerFacts) {
    const code = encodeFact(Object.hasOwn(facts, name) ? facts[name] : null, type, codes);
    if (code === undefined || (required && Number.isNaN(code))) return null;
    values[slot] = code;
  }
  return values;
}
