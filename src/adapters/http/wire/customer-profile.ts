// The profile of a customer on the wire: traits with the lines and facts that they follow from, and how it went over a year.
// The command line prints the same JSON.

import { z } from "zod";
import { type DeclaredFacts, formOf } from "../../../domain/declared-fact.ts";
import { exposureForm } from "../../../domain/exposure.ts";
import { type LineProfile, profileFacts } from "../../../domain/line-profile.ts";
import { decimalText } from "../../../domain/money.ts";
import type { CustomerProfile, ProfilePoint, TraitSource } from "../../../portfolio/view-ports.ts";
import { bilingual } from "../bilingual.ts";
import type { Withheld } from "../withheld.ts";
import { dateWire, idWire, instantWire, textWire } from "./text.ts";

const traitWire = z.object({
  name: z.string(),
  label: textWire,
  holds: z.boolean().nullable().describe(bilingual("null: unknown", "null 表示未知")),
  since: dateWire
    .nullable()
    .describe(bilingual("At the latest since then, by the history", "按历史至迟自该日起成立")),
  sources: z.array(
    z.object({
      line: z.object({ id: idWire, reference: z.string() }),
      holds: z.boolean().nullable(),
      facts: z.array(
        z.object({
          name: z.string(),
          label: textWire,
          unit: z.string().nullable(),
          value: z.string().nullable(),
        }),
      ),
    }),
  ),
});

const pointWire = z.object({
  asOf: dateWire,
  tier: z.string().nullable(),
  score: z.int().nullable().describe(bilingual("The lowest of the lines", "各授信中最低")),
  utilisation: z
    .int()
    .nullable()
    .describe(bilingual("Basis points, the highest of the lines", "基点，各授信中最高")),
  daysPastDue: z.int().nullable().describe(bilingual("The most of the lines", "各授信中最长")),
  traits: z.array(z.string()),
});

export const customerProfileWire = z
  .object({
    asOf: dateWire,
    knownAt: instantWire,
    tier: z.string().nullable(),
    segment: z
      .object({ id: z.string(), decisionId: idWire, madeAt: instantWire })
      .nullable()
      .describe(bilingual("By the newest decision", "依据最近一次决定")),
    traits: z.array(traitWire),
    history: z
      .array(pointWire)
      .describe(bilingual("One a month, oldest first", "每月一点，由早到晚")),
    withheld: z.array(z.string()).describe(bilingual("Not for this role", "该角色不可见")),
  })
  .meta({ id: "CustomerProfile" });

/** A profile without what is withheld from the reader. */
export function wireProfile(
  { asOf, knownAt, segment, traits, history }: CustomerProfile,
  declared: DeclaredFacts,
  withheld: Withheld,
): z.output<typeof customerProfileWire> {
  const points = history.map((point) => wirePoint(point, withheld));
  return {
    ...{ asOf, knownAt, segment, tier: points.at(-1)!.tier, history: points },
    traits: traits.map(({ trait: { name, label }, holds, since, sources }) => ({
      ...{ name, label: { ...label }, holds, since },
      sources: sources.map((source) => wireSource(source, declared)),
    })),
    withheld: told.filter((field) => withheld.has(profileFacts[field])),
  };
}

const told = [
  "tier",
  "score",
  "utilisationBp",
  "daysPastDue",
] as const satisfies readonly (keyof LineProfile)[];

function wirePoint(point: ProfilePoint, withheld: Withheld): z.output<typeof pointWire> {
  const seen = <Field extends (typeof told)[number]>(field: Field): ProfilePoint[Field] | null =>
    withheld.has(profileFacts[field]) ? null : point[field];
  return {
    ...{
      asOf: point.asOf,
      tier: seen("tier"),
      score: seen("score"),
      utilisation: seen("utilisationBp"),
    },
    ...{ daysPastDue: seen("daysPastDue"), traits: [...point.traits] },
  };
}

function wireSource({ lineId, reference, holds, facts }: TraitSource, declared: DeclaredFacts) {
  return {
    ...{ line: { id: lineId, reference }, holds },
    facts: Object.entries(facts).map(([name, value]) => {
      const made = declared.facts.get(name);
      const summed = declared.exposure.get(name);
      const form = made === undefined ? exposureForm(summed!) : formOf(declared.measures, made);
      const { label } = (made ?? summed)!;
      return {
        ...{ name, label: { ...label }, unit: form.unit ?? null },
        value: typeof value === "number" ? decimalText(value, form.scale ?? 0) : null,
      };
    }),
  };
}
