// The border of compliance packs: whatever a file holds becomes a pack that the gate can rely on, or a list of
// problems that says where, what was found and what was expected. Nothing is corrected or guessed.

import {
  gatedActions,
  type AdverseActionRule,
  type CompliancePack,
  type NoticePeriod,
} from "./pack.ts";
import { packSchema } from "./pack-schema.ts";
import { checkSchema, foundText, pointerTo, type Problem } from "./schema-check.ts";

/** A pack, or everything that is wrong with it. */
export type ParsedPack =
  | Readonly<{ pack: CompliancePack }>
  | Readonly<{ problems: readonly Problem[] }>;

/**
 * Reads a compliance pack. Beside its form, refused are: an end before the start; a period "at" with days, a
 * period "before" without; one cause in two exceptions, because two periods would then hold at once; rules on adverse
 * action that share an id, that owe no notice but content or a notice without content, or whose last one does not
 * always ask for a notice, because then the pack would be silent on some change.
 */
export function parsePack(document: unknown): ParsedPack {
  const problems = checkSchema(packSchema, document);
  if (problems.length > 0) return { problems };
  const pack = document as CompliancePack;
  const wrong = [
    ...checkDates(pack),
    ...checkPeriods(pack),
    ...checkCauses(pack),
    ...checkRules(pack),
  ];
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

function checkPeriod(period: NoticePeriod, pointer: string): readonly Problem[] {
  const { when, months = 0, days } = period;
  const found = foundText(days);
  if (when === "at" && (days !== 0 || months !== 0)) {
    const expected = { en: '0, because "at" counts no days', zh: "0（“at”不计天数）" };
    return [{ pointer: pointerTo(pointer, "days"), found, expected }];
  }
  if (when === "before" && days === 0 && months === 0) {
    const expected = { en: '1 or more, or "at"', zh: "1 或更大的数，否则应写“at”" };
    return [{ pointer: pointerTo(pointer, "days"), found, expected }];
  }
  return [];
}

function checkCauses({ notice }: CompliancePack): readonly Problem[] {
  const problems: Problem[] = [];
  const taken = new Map<string, number>();
  notice.exceptions.forEach(({ value: { actions = gatedActions, causes } }, index) => {
    causes.forEach((cause, position) => {
      const keys = actions.map((action) => `${action} ${cause}`);
      const other = keys.map((key) => taken.get(key)).find((found) => found !== undefined);
      for (const key of keys) taken.set(key, other ?? index);
      if (other === undefined) return;
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

function checkRules({ adverseAction }: CompliancePack): readonly Problem[] {
  const last = adverseAction.length - 1;
  return adverseAction.flatMap(({ value: rule }, index) => {
    const pointer = `/adverseAction/${index}/value`;
    const first = adverseAction.findIndex(({ value }) => value.id === rule.id);
    const expected = { en: "an id that no other rule has", zh: "其他规则未使用的编号" };
    return [
      ...(first < index ? [{ pointer: `${pointer}/id`, found: foundText(rule.id), expected }] : []),
      ...checkContent(rule, pointer),
      ...(index === last ? checkLastRule(rule, pointer) : []),
    ];
  });
}

function checkContent(rule: AdverseActionRule, pointer: string): readonly Problem[] {
  const { notice, content, contentIfBureau } = rule;
  const found = foundText(content);
  if (notice !== null && content.length === 0) {
    const expected = { en: "what the notice must say", zh: "通知应载明的内容" };
    return [{ pointer: `${pointer}/content`, found, expected }];
  }
  if (notice === null && content.length + contentIfBureau.length > 0) {
    const expected = { en: "nothing, because no notice is owed", zh: "空列表（无须通知）" };
    return [{ pointer: `${pointer}/content`, found, expected }];
  }
  return [];
}

function checkLastRule(rule: AdverseActionRule, pointer: string): readonly Problem[] {
  if (Object.keys(rule.if).length === 0 && rule.notice !== null) return [];
  return [
    {
      pointer,
      found: foundText(rule.id),
      expected: {
        en: "a last rule without conditions that asks for a notice",
        zh: "末条规则应不设条件且要求通知",
      },
    },
  ];
}
