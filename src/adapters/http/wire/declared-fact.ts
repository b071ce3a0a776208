// Facts that are made of signals, with what each value rests on: the window, the age of the newest word and the panes, so
// that anybody can add them up again. The command line prints the same JSON.

import { z } from "zod";
import type { Actor } from "../../../domain/actor.ts";
import { type BusinessDate, daysBetween } from "../../../domain/calendar.ts";
import type { CreditLine } from "../../../domain/credit-line.ts";
import { type DeclaredFact, type DeclaredFacts, formOf } from "../../../domain/declared-fact.ts";
import type { DayPane, DerivedFact } from "../../../domain/derive-facts.ts";
import {
  environmentForm,
  type EnvironmentFact,
  type EnvironmentValue,
} from "../../../domain/environment-fact.ts";
import type { ExplainedFacts } from "../../../domain/explained-facts.ts";
import { type ExposureFact, exposureForm } from "../../../domain/exposure.ts";
import type { FactForm, FactValue, FactValues, SensitivityClass } from "../../../domain/facts.ts";
import type { Currency } from "../../../domain/money.ts";
import type { PaneRow } from "../../../domain/pane.ts";
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

/** One version of a pane; the newest one that was known at an instant counted then. */
export const paneVersionWire = z
  .object({ ...paneWire.shape, knownAt: instantWire })
  .meta({ id: "FactPaneVersion" });

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

/** All declared facts of a line as they are told to an actor: made of signals, over the exposure, and about where it lives. */
export function wireDeclared(
  { derived, exposure, environment }: ExplainedFacts & Readonly<{ exposure: FactValues }>,
  declared: DeclaredFacts,
  { currency }: Pick<CreditLine, "currency">,
  on: BusinessDate,
  actor: Pick<Actor, "roles" | "scope">,
): DeclaredFactWire[] {
  return [
    ...derived.map((one) => wireDerived(one, declared, currency, actor)),
    ...Array.from(declared.exposure.values(), (fact) =>
      wireExposure(fact, exposure[fact.name] ?? null, { currency, on, actor }),
    ),
    ...environment.map((one) => wireAround(one, on, currency, actor)),
  ];
}

/** A fact that is made of signals as it is told to an actor. */
export function wireDerived(
  { fact, value, from, ageDays, panes }: DerivedFact,
  { measures }: Pick<DeclaredFacts, "measures">,
  currency: Currency,
  actor: Pick<Actor, "roles">,
): DeclaredFactWire {
  const withheld = isWithheld(fact.sensitivity, actor);
  const form = formOf(measures, fact);
  return {
    ...wireValue(fact, form, withheld ? null : value, currency),
    ...{ window: { ...windowText(fact) }, from, ageDays: withheld ? null : ageDays },
    panes: withheld ? [] : panes.map(wirePane),
    withheld,
  };
}

/** A fact about where a line lives, as it is told to an actor: it rests on signals that are no line's own. */
function wireAround(
  { fact, value, told }: EnvironmentValue,
  on: BusinessDate,
  currency: Currency,
  actor: Pick<Actor, "roles">,
): DeclaredFactWire {
  const withheld = isWithheld(fact.sensitivity, actor);
  const days = told.map(({ asOf }) => asOf).toSorted();
  const last = days.at(-1);
  const ageDays = last === undefined || withheld ? null : daysBetween(last, on);
  return {
    ...wireValue(fact, environmentForm(fact), withheld ? null : value, currency),
    ...{ window: { ...aroundWindowText(fact) }, from: days[0] ?? on, ageDays },
    ...{ panes: [], withheld },
  };
}

/** Who does not reach every line is not told what the others add up to. */
function wireExposure(
  fact: ExposureFact,
  value: FactValue,
  {
    currency,
    on,
    actor,
  }: Readonly<{
    currency: Currency;
    on: BusinessDate;
    actor: Pick<Actor, "roles" | "scope">;
  }>,
): DeclaredFactWire {
  const withheld = actor.scope.kind !== "all" || isWithheld(fact.sensitivity, actor);
  return {
    ...wireValue(fact, exposureForm(fact), withheld ? null : value, currency),
    ...{ window: { ...exposureWindow }, from: on, ageDays: withheld || value === null ? null : 0 },
    ...{ panes: [], withheld },
  };
}

/** Which lines a fact over the exposure looks at, in words. */
export const exposureWindow: Text = { en: "open lines now", zh: "当前全部未结清授信" };

function isWithheld(sensitivity: SensitivityClass, actor: Pick<Actor, "roles">): boolean {
  const isPersonal = sensitivity === "personal" || sensitivity === "protected";
  return isPersonal && !mayReadPersonalData(actor);
}

function wireValue(
  { name, label, sensitivity }: Pick<DeclaredFact, "name" | "label" | "sensitivity">,
  form: FactForm,
  value: FactValue,
  currency: Currency,
): Pick<DeclaredFactWire, "name" | "label" | "type" | "unit" | "value"> {
  const { type, unit = null } = form;
  const made = { source: "", missing: "unknown" } as const;
  const declaration = { ...form, ...made, name, label, sensitivity };
  const told =
    type === "money" && typeof value === "number"
      ? wireMoney(value, currency)
      : typeof value === "boolean"
        ? value
        : writeFactText(declaration, currency, value);
  return { name, label: { ...label }, type, unit, value: told };
}

/** A version of a pane: what it said, and since when. */
export function wireVersion(pane: PaneRow): z.output<typeof paneVersionWire> {
  return { ...wirePane(pane), knownAt: pane.knownAt };
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
