// The newest facts about a line in words: what each one means, in which unit, where it comes from and how old it is.
// Values that are withheld from the reader are said to be.

import { z } from "zod";
import { dayNumber, type BusinessDate } from "../../../domain/calendar.ts";
import type { FactDeclaration, FactValue } from "../../../domain/facts.ts";
import type { Currency } from "../../../domain/money.ts";
import type { Event, FactsRow } from "../../../flow/state.ts";
import { writeFactText } from "../../../policy/fact-text.ts";
import { bilingual } from "../bilingual.ts";
import type { FactDictionary } from "../fact-dictionary.ts";
import { toldJson, type Withheld } from "../withheld.ts";
import { declaredFactWire } from "./declared-fact.ts";
import { moneyWire, withWireMoney, wireMoney } from "./money.ts";
import { dateWire, instantWire, textWire } from "./text.ts";

const factWire = z
  .object({
    name: z.string(),
    label: textWire,
    type: z
      .enum(["number", "money", "boolean", "enum", "date"])
      .nullable()
      .describe(bilingual("null: no strategy in force declares it", "null 表示生效策略均未声明")),
    value: z
      .union([z.string(), z.boolean(), z.null(), moneyWire])
      .describe(bilingual("Numbers as decimal text in the unit", "数值为以该单位表示的十进制文本")),
    text: textWire.nullable().describe(bilingual("What an enum value is called", "枚举取值的名称")),
    unit: z.string().nullable(),
    source: z.string().nullable(),
    window: z.string().nullable(),
    withheld: z.boolean().describe(bilingual("Not for this role", "该角色不可见")),
    asOf: dateWire,
    ageDays: z.int(),
  })
  .meta({ id: "Fact" });

export const factsWire = z
  .object({
    asOf: dateWire.nullable().describe(bilingual("null: there are none", "null 表示没有事实")),
    knownAt: instantWire.nullable(),
    data: z.array(factWire),
    declared: z
      .array(declaredFactWire)
      .describe(bilingual("Facts that are made of signals", "依据信号生成的事实")),
  })
  .meta({ id: "Facts" });

/** How facts are told to one reader. */
export type FactReading = Readonly<{
  dictionary: FactDictionary;
  currency: Currency;
  on: BusinessDate;
  withheld: Withheld;
}>;

export function wireFacts(
  row: FactsRow | null,
  reading: FactReading,
): Omit<z.output<typeof factsWire>, "declared"> {
  if (row === null) return { asOf: null, knownAt: null, data: [] };
  const ageDays = dayNumber(reading.on) - dayNumber(row.asOf);
  return {
    asOf: row.asOf,
    knownAt: row.knownAt,
    data: Object.entries(row.facts).map(([name, value]) => ({
      ...wireFact(name, value, reading),
      ...{ asOf: row.asOf, ageDays },
    })),
  };
}

type FactParts = Omit<z.output<typeof factWire>, "asOf" | "ageDays">;

function wireFact(name: string, value: FactValue, reading: FactReading): FactParts {
  const declared = reading.dictionary.get(name);
  const withheld = reading.withheld.has(name);
  if (declared === undefined) {
    const told = typeof value === "number" ? String(value) : value;
    return {
      ...{ name, label: { zh: name, en: name }, type: null, text: null, unit: null },
      ...{ value: withheld ? null : told, source: null, window: null, withheld },
    };
  }
  const named = declared.values?.find((one) => one.value === value)?.label;
  return {
    name,
    label: { ...declared.label },
    type: declared.type,
    value: withheld ? null : wireValue(declared, value, reading.currency),
    text: withheld || named === undefined ? null : { ...named },
    unit: declared.unit ?? null,
    source: declared.source,
    window: declared.window ?? null,
    withheld,
  };
}

function wireValue(
  declared: FactDeclaration,
  value: FactValue,
  currency: Currency,
): FactParts["value"] {
  if (value === null || typeof value === "boolean") return value;
  if (declared.type === "money" && typeof value === "number") return wireMoney(value, currency);
  return writeFactText(declared, currency, value);
}

export const signalWire = z
  .object({
    id: z.string(),
    source: z.string(),
    type: z.string(),
    asOf: dateWire,
    recordedAt: instantWire,
    seq: z.int(),
    body: z
      .record(z.string(), z.unknown())
      .describe(bilingual("Balances, amount or facts that it brought", "所带的余额、金额或事实")),
  })
  .meta({ id: "Signal" });

/** A signal from the event that recorded it, without the values of the facts that are `withheld`. */
export function wireSignal(
  event: Event,
  currency: Currency,
  withheld: Withheld,
): z.output<typeof signalWire> {
  const { id, source, type, asOf, ...rest } = toldJson(event.body, withheld);
  return {
    ...{ id: String(id), source: String(source), type: String(type), asOf: String(asOf) },
    recordedAt: event.at,
    seq: event.seq,
    body: withWireMoney(rest, currency) as Record<string, unknown>,
  };
}
