// The border of the watch document: unknown input becomes rules for reminders and alerts, or a list of problems that says
// where and why. Rules that name what does not exist would silently watch nothing, so they are refused.

import { alertDesk } from "../domain/alert.ts";
import { behaviourLooks } from "../domain/behaviour.ts";
import type { DeclaredFacts } from "../domain/declared-fact.ts";
import { reminderChannels } from "../domain/reminder.ts";
import { severities } from "../domain/severity.ts";
import { signalCatalogue } from "../domain/signal-catalogue.ts";
import type { LookRule, ReminderRules, WatchRules } from "../domain/watch-rules.ts";
import { collectProblems, pointer, type Problem, type Problems } from "./problem.ts";
import {
  integer,
  list,
  nullable,
  object,
  oneOf,
  string,
  type JsonSchema,
  type Shape,
} from "./shape.ts";

/** The rules, or every problem with its JSON pointer. */
export type ParsedWatch =
  | Readonly<{ rules: WatchRules }>
  | Readonly<{ problems: readonly Problem[] }>;

const factName = string({
  pattern: /^[a-z][A-Za-z0-9]{0,63}$/,
  maximum: 64,
  en: "the name of a fact, such as hardship",
  zh: "事实名称，如 hardship",
});
const clock = string({
  pattern: /^(?:[01]\d|2[0-3]):[0-5]\d$/,
  maximum: 5,
  en: "a time of day such as 10:00",
  zh: "时刻，如 10:00",
});

const reminders: Shape<ReminderRules> = object<ReminderRules>({
  daysBefore: list(integer(1, 30), { minimum: 1, maximum: 10 }),
  at: clock,
  channels: list(oneOf(reminderChannels), { minimum: 1, maximum: reminderChannels.length }),
  cap: object({ most: integer(1, 100), days: integer(1, 31) }),
  leaveAlone: list(factName, { maximum: 20 }),
});

const look: Shape<LookRule> = object<LookRule>({
  look: oneOf(behaviourLooks),
  severity: oneOf(severities),
  role: oneOf(alertDesk),
  hours: integer(1, 720),
  coolDownDays: integer(1, 365),
});

const documentShape: Shape<WatchRules> = object<WatchRules>({
  reminders: nullable(reminders),
  alerts: object({
    roles: list(oneOf(alertDesk), { minimum: 1, maximum: alertDesk.length }),
    looks: list(look, { maximum: behaviourLooks.length }),
  }),
});

/** The published JSON Schema of the document. */
export const watchSchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Tidemark watch document",
  ...documentShape.schema,
};

/** Reads a watch document: form first, then whether what it names exists, and only once. */
export function parseWatch(source: unknown, declared: DeclaredFacts): ParsedWatch {
  const problems = collectProblems();
  documentShape.read(source, "", problems);
  if (problems.list.length > 0) return { problems: problems.list };
  const rules = source as WatchRules;
  const { reminders: rule, alerts } = rules;
  if (rule !== null) checkReminders(problems, rule, declared);
  checkOnce(problems, "/alerts/roles", alerts.roles);
  checkOnce(
    problems,
    "/alerts/looks",
    alerts.looks.map((one) => one.look),
  );
  if (alerts.looks.length > 0) checkMeasured(problems, "/alerts/looks", declared);
  return problems.list.length > 0 ? { problems: problems.list } : { rules };
}

function checkReminders(problems: Problems, rule: ReminderRules, declared: DeclaredFacts): void {
  checkMeasured(problems, "/reminders", declared);
  checkOnce(problems, "/reminders/daysBefore", rule.daysBefore);
  checkOnce(problems, "/reminders/channels", rule.channels);
  checkOnce(problems, "/reminders/leaveAlone", rule.leaveAlone);
  rule.leaveAlone.forEach((name, at) => {
    if (declared.facts.has(name) || told.has(name)) return;
    problems.add(
      "unknown-name",
      pointer("/reminders/leaveAlone", at),
      `Cannot leave lines alone by ${name}: found no such fact, expected one that signals tell or the facts document declares`,
      `无法按 ${name} 免于提醒：没有该事实，应为信号告知或事实声明文件所声明的事实`,
    );
  });
}

/** Facts that signals tell by themselves. */
const told: ReadonlySet<string> = new Set(
  Object.values(signalCatalogue).flatMap(({ fields, tells = {} }) => [
    ...Object.keys(tells),
    ...Object.values(fields).flatMap(({ fact }) => (fact === undefined ? [] : [fact])),
  ]),
);

/** What was repaid and how a line is used is read off the measures of the facts document. */
function checkMeasured(problems: Problems, path: string, { behaviour }: DeclaredFacts): void {
  if (behaviour !== null) return;
  problems.add(
    "unknown-name",
    path,
    `Cannot use ${path}: found no behaviour in the facts document, expected the measures of what is drawn, repaid and taken as cash`,
    `无法使用 ${path}：事实声明文件没有 behaviour，应列明支用、还款与取现的度量`,
  );
}

function checkOnce(problems: Problems, path: string, found: readonly (string | number)[]): void {
  found.forEach((one, at) => {
    if (found.indexOf(one) === at) return;
    problems.add(
      "duplicate-id",
      pointer(path, at),
      `Cannot use ${one}: found it a second time, expected it once`,
      `无法使用“${one}”：重复出现，只能出现一次`,
    );
  });
}
