// Facts that are made of signals, with what each value rests on: the window, the age of the newest word and the panes, so
// that anybody can add them up again. The command line prints the same JSON.

import { z } from "zod";
import type { Actor } from "../../../domain/actor.ts";
import { type BusinessDate, daysBetween } from "../../../domain/calendar.ts";
import { type DeclaredFact, type DeclaredFacts, formOf } from "../../../domain/declared-fact.ts";
import type { DayPane, DerivedFact } from "../../../domain/derive-facts.ts";
import {
  environmentForm,
  type EnvironmentFact,
  type EnvironmentValue,
} from "../../../domain/environment-fact.ts";
import type { FactDeclaration, FactForm, FactValue } from "../../../domain/facts.ts";
import type { Currency } from "../../../domain/money.ts";
import type { Text } from "../../../domain/text.ts";
import { writeFactText } from "../../../policy/fact-text.ts";
import { bilingual } from "../bilingual.ts";
import { mayReadPersonalData } from "../personal-data.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { dateWire, instantWire, textWire } from "./text.ts";

const paneWire = z
  .object({
    measure: z.string(),
    on: dateWire,
    count: z.int(),
    sum: z
      .int()
      .nullable()
      .describe(
        bilingual(
          "In the unit of the signal's field, as the other numbers",
          "单位同信号字段，其余数值亦同",
        ),
      ),
    low: z.int().nullable(),
    high: z.int().nullable(),
    last: z.union([z.int(), z.string()]).nullable(),
    seen: z.array(z.string()).nullable(),
    lastAt: instantWire.nullable(),
  })
  .meta({ id: "FactPane" });

export const declaredFactWire = z
  .object({
    name: z.string(),
    label: textWire,
    type: z.enum(["number", "money", "boolean", "enum", "date"]),
    unit: z.string().nullable(),
    value: z
      .union([z.string(), z.boolean(), z.null(), moneyWire])
      .describe(
        bilingual(
          "null: unknown; numbers as decimal text in the unit",
          "null 表示未知；数值为以该单位表示的十进制文本",
        ),
      ),
    window: textWire,
    from: dateWire.describe(bilingual("First day looked at", "所看窗口的首日")),
    ageDays: z
      .int()
      .nullable()
      .describe(
        bilingual(
          "Days since anything was told of it; null: nothing",
          "距最近一次告知天数；null 表示没有",
        ),
      ),
    panes: z.array(paneWire),
    withheld: z.boolean().describe(bilingual("Not for this role", "该角色不可见")),
  })
  .meta({ id: "DeclaredFact" });

export type DeclaredFactWire = z.output<typeof declaredFactWire>;

type Told = Pick<DeclaredFactWire, "from" | "ageDays" | "panes" | "window"> &
  Readonly<{ name: string; label: Text; value: FactValue; form: FactForm }> &
  Pick<FactDeclaration, "sensitivity">;

/** A declared fact as it is told to an actor. */
export function wireDerived(
  { fact, value, from, ageDays, panes }: DerivedFact,
  { measures }: Pick<DeclaredFacts, "measures">,
  currency: Currency,
  actor: Pick<Actor, "roles">,
): DeclaredFactWire {
  const { name, label, sensitivity } = fact;
  const form = formOf(measures, fact);
  const window = { ...windowText(fact) };
  const told = { name, label, sensitivity, form, value, window, from, ageDays };
  return wireTold({ ...told, panes: panes.map(wirePane) }, currency, actor);
}

/** A fact about where a line lives, as it is told to an actor: it rests on signals that are no line's own. */
export function wireAround(
  { fact, value, told }: EnvironmentValue,
  on: BusinessDate,
  currency: Currency,
  actor: Pick<Actor, "roles">,
): DeclaredFactWire {
  const { name, label, sensitivity } = fact;
  const [form, window] = [environmentForm(fact), { ...aroundWindowText(fact) }];
  const days = told.map(({ asOf }) => asOf).toSorted();
  const last = days.at(-1);
  const ageDays = last === undefined ? null : daysBetween(last, on);
  const from = days[0] ?? on;
  const about = { name, label, sensitivity, form, value, window, from, ageDays };
  return wireTold({ ...about, panes: [] }, currency, actor);
}

function wireTold(
  { name, label, sensitivity, form, value, window, from, ageDays, panes }: Told,
  currency: Currency,
  actor: Pick<Actor, "roles">,
): DeclaredFactWire {
  const isPersonal = sensitivity === "personal" || sensitivity === "protected";
  const withheld = isPersonal && !mayReadPersonalData(actor);
  const declaration = {
    ...form,
    name,
    label,
    source: "",
    missing: "unknown",
    sensitivity,
  } as const;
  const text =
    form.type === "money" && typeof value === "number"
      ? wireMoney(value, currency)
      : typeof value === "boolean"
        ? value
        : writeFactText(declaration, currency, value);
  return {
    name,
    label: { ...label },
    ...{ type: form.type, unit: form.unit ?? null, value: withheld ? null : text },
    ...{ window, from, ageDays: withheld ? null : ageDays },
    panes: withheld ? [] : panes,
    withheld,
  };
}

function wirePane({
  measure,
  onDate,
  count,
  sum,
  low,
  high,
  last,
  seen,
  lastSeen,
  lastAt,
}: DayPane) {
  return {
    ...{ measure, on: onDate, count, sum, low, high },
    ...{ last: last ?? lastSeen, seen: seen === null ? null : [...seen], lastAt },
  };
}

/** Which time a fact about where a line lives looks at, in words. */
export function aroundWindowText({ take, months, days }: EnvironmentFact): Text {
  if (days !== undefined) return { en: `${days} days`, zh: `${days} 天` };
  return take === "change"
    ? { en: `against ${months} months before`, zh: `较 ${months} 个月前` }
    : { en: "newest", zh: "最新" };
}

/** Which days a fact looks at, in words. */
export function windowText({ take, days, cycles, stepDays }: DeclaredFact): Text {
  if (cycles !== undefined) return { en: `${cycles} cycles`, zh: `${cycles} 期` };
  if (days === undefined) return { en: "newest", zh: "最新" };
  if (take === "change") return { en: `against ${days} days ago`, zh: `较 ${days} 天前` };
  return stepDays === undefined
    ? { en: `${days} days`, zh: `${days} 天` }
    : { en: `${days} days by ${stepDays}`, zh: `${days} 天，每 ${stepDays} 天` };
}
