// The form of a strategy's desk part. Its words, ids and amounts are those of the rest of the document and are given.

import { actions } from "../domain/assessment.ts";
import { skillForm } from "../domain/desk-rights.ts";
import { type ReviewPriority, reviewPriorities } from "../domain/review-case.ts";
import type { Text } from "../domain/text.ts";
import { integer, list, nullable, object, oneOf, optional, type Shape, string } from "./shape.ts";
import type { DeskCondition, DeskPart, DeskRule } from "./strategy.ts";

type Given = Readonly<{
  id: Shape<string>;
  label: Shape<Text>;
  words: Shape<string>;
  decimal: Shape<string>;
  /** most entries of a list */
  entries: number;
}>;

const skill = string({
  pattern: skillForm,
  maximum: 32,
  en: 'a skill such as "closures": a small letter, then small letters, digits and hyphens, at most 32',
  zh: "技能标识，如 “closures”：以小写字母开头，后接小写字母、数字或连字符，最多 32 个字符",
});

const routes = ["review", "four-eyes", "legal"] as const;
const dueDays = integer(1, 90);
const mostSkills = 16;

export function deskShape({ id, label, words, decimal, entries }: Given): Shape<DeskPart> {
  const names = optional(list(words, { minimum: 1, maximum: entries }));
  const when = object<DeskCondition>({
    routes: optional(list(oneOf(routes), { minimum: 1, maximum: routes.length })),
    actions: optional(list(oneOf(actions), { minimum: 1, maximum: actions.length })),
    segments: names,
    grades: names,
    impactFrom: optional(decimal),
  });
  const rule = object<DeskRule>({
    ...{ id, label, when },
    skills: list(skill, { maximum: mostSkills }),
    priority: oneOf<ReviewPriority>(reviewPriorities),
  });
  return object<DeskPart>({
    dueDays: object<DeskPart["dueDays"]>({ urgent: dueDays, high: dueDays, normal: dueDays }),
    appealDays: optional(dueDays),
    fourEyesFrom: nullable(decimal),
    rules: list(rule, { minimum: 1, maximum: entries }),
  });
}
