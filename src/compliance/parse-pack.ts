// The border of compliance packs: whatever a file holds becomes a pack that the gate can rely on, or a list of
// problems that says where, what was found and what was expected. Nothing is corrected or guessed.

import type { CompliancePack, NoticePeriod } from "./pack.ts";
import { packSchema } from "./pack-schema.ts";
import { checkSchema, foundText, pointerTo, type Problem } from "./schema-check.ts";

/** A pack, or everything that is wrong with it. */
export type ParsedPack =
  | Readonly<{ pack: CompliancePack }>
  | Readonly<{ problems: readonly Problem[] }>;

/**
 * Reads a compliance pack. Beside its form, refused are: an end before the start; a period "at" with days, a
 * period "before" without; one cause in two exceptions, because two periods would then hold at once.
 */
export function parsePack(document: unknown): ParsedPack {
  const problems = checkSchema(packSchema, document);
  if (problems.length > 0) return { problems };
  const pack = document as CompliancePack;
  const wrong = [...checkDates(pack), ...checkPeriods(pack), ...checkCauses(pack)];
  return wrong.length > 0 ? { problems: wrong } : { pack };
}

function checkDates({ effectiveFrom, effectiveTo }: CompliancePack): readonly Problem[] {
  if (effectiveTo === null || effectiveFrom <= effectiveTo) return [];
  return [
    {
      pointer: "/effectiveTo",
      found: foundText(effectiveTo),
      expected: { en: `not before ${effectiveFrom}`, zh: `不早于 ${effectiveFrom} 的日期` },
    },
  ];
}

function checkPeriods({ notice }: CompliancePack): readonly Problem[] {
  return [
    ...(["decrease", "freeze", "close"] as const).flatMap((action) =>
      checkPeriod(notice[action].value, `/notice/${action}/value`),
    ),
    ...notice.exceptions.flatMap((exception, index) =>
      checkPeriod(exception.value.period, `/notice/exceptions/${index}/value/period`),
    ),
  ];
}

function checkPeriod({ when, days }: NoticePeriod, pointer: string): readonly Problem[] {
  const found = foundText(days);
  if (when === "at" && days !== 0) {
    const expected = { en: '0, because "at" counts no days', zh: "0（“at”不计天数）" };
    return [{ pointer: pointerTo(pointer, "days"), found, expected }];
  }
  if (when === "before" && days === 0) {
    const expected = { en: '1 or more, or "at"', zh: "1 或更大的数，否则应写“at”" };
    return [{ pointer: pointerTo(pointer, "days"), found, expected }];
  }
  return [];
}

function checkCauses({ notice }: CompliancePack): readonly Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, number>();
  notice.exceptions.forEach((exception, index) => {
    exception.value.causes.forEach((cause, position) => {
      const other = taken.get(cause);
      if (other === undefined) {
        taken.set(cause, index);
        return;
      }
      problems.push({
        pointer: `/notice/exceptions/${index}/value/causes/${position}`,
        found: foundText(cause),
        expected: {
          en: `a cause that exception ${other} does not already name`,
          zh: `例外 ${other} 尚未列出的原因`,
        },
      });
    });
  });
  return problems;
}
