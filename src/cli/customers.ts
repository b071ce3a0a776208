// `tidemark customer`: what is known of a customer over all lines.

import { rowScopeOf } from "../adapters/http/row-scope.ts";
import { wireProfile } from "../adapters/http/wire/customer-profile.ts";
import { exitCodes } from "../adapters/refusal-table.ts";
import { isId } from "../domain/id.ts";
import { isRefusal, notFound } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import { customerIdOf } from "../flow/customer-id.ts";
import { customerProfile } from "../portfolio/customer-profile.ts";
import { addWhen, whenOf } from "./date-option.ts";
import { printJson, printRefusal, say, type Frame } from "./frame.ts";
import type { Program } from "./program.ts";
import { withheldFrom, withSession, type Session } from "./session.ts";
import { tableText } from "./table.ts";

const customerNoun: Text = { en: "Customers over all their lines", zh: "客户（含全部授信）" };

export function registerCustomers(program: Program): void {
  const noun = program.noun("customer", customerNoun);
  const profile = program.add(
    noun,
    "profile",
    { en: "Show tier, segment, traits and their history", zh: "查看客户层级、客群、特征及其历史" },
    ["customer profile C-1001", "customer profile C-1001 --as-of 2026-03-31 --json"],
  );
  profile.argument("<customer>", program.text({ en: "reference or id", zh: "客户编号或标识" }));
  addWhen(program, profile);
  program.action(profile, (frame, [customer], options) =>
    withSession(frame, (session) => showProfile(frame, session, String(customer), options)),
  );
}

const words = {
  trait: { en: "trait", zh: "特征" },
  holds: { en: "holds", zh: "是否成立" },
  since: { en: "since", zh: "自" },
  lines: { en: "by the lines", zh: "依据授信" },
  day: { en: "day", zh: "日期" },
  tier: { en: "tier", zh: "层级" },
  score: { en: "score", zh: "评分" },
  utilisation: { en: "utilisation (bp)", zh: "使用率（基点）" },
  daysPastDue: { en: "days past due", zh: "逾期天数" },
  traits: { en: "traits", zh: "特征" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  unknown: { en: "unknown", zh: "未知" },
} as const satisfies Readonly<Record<string, Text>>;

async function showProfile(
  frame: Frame,
  session: Session,
  text: string,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const { world } = session.tidemark;
  const when = whenOf(options);
  if (isRefusal(when)) return printRefusal(frame, when);
  const id = isId(text.toLowerCase()) ? text.toLowerCase() : customerIdOf(world.ids, text);
  const found = await customerProfile(world, id, rowScopeOf(session.actor.scope), when);
  if (found === null) return printRefusal(frame, notFound({ en: "customer", zh: "客户" }, text));
  const profile = wireProfile(found, world.declared, await withheldFrom(session));
  printJson(frame, { customer: text, ...profile });
  if (frame.json) return exitCodes.success;
  const traits = profile.traits.map(({ label, holds, since, sources }) => [
    ...[say(frame, label), say(frame, holdsWord(holds)), since ?? "–"],
    sources
      .filter((one) => one.holds === true)
      .map(({ line }) => line.reference)
      .join(" "),
  ]);
  const labels = [words.trait, words.holds, words.since, words.lines];
  frame.terminal.out(
    tableText(
      frame,
      labels.map((label) => ({ label })),
      traits,
    ),
  );
  const points = profile.history.map((point) =>
    [point.asOf, point.tier, point.score, point.utilisation, point.daysPastDue]
      .map((value) => String(value ?? "–"))
      .concat(point.traits.join(" ")),
  );
  const columns = [
    ...[{ label: words.day }, { label: words.tier }, { label: words.score, right: true }],
    ...[
      { label: words.utilisation, right: true },
      { label: words.daysPastDue, right: true },
    ],
    { label: words.traits },
  ];
  frame.terminal.out(tableText(frame, columns, points));
  return exitCodes.success;
}

function holdsWord(holds: boolean | null): Text {
  return holds === null ? words.unknown : holds ? words.yes : words.no;
}
