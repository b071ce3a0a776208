// Compliance packs on the wire: which version holds, how sure it is, each value with its place, status and source, and
// what a release changed. Values are JSON text, as a diff shows them, because their shapes differ from place to place.

import { z } from "zod";
import {
  countValues,
  openPlaces,
  valuesOf,
  type PackDifference,
} from "../../../compliance/pack-values.ts";
import { valueStatuses, type CompliancePack } from "../../../compliance/pack.ts";
import { bilingual } from "../bilingual.ts";
import { dateWire, textWire } from "./text.ts";

const pointer = z
  .string()
  .describe(bilingual("JSON pointer into the pack", "规则包内的 JSON 指针"));

export const packSummaryWire = z
  .object({
    id: z.string(),
    version: z.int(),
    jurisdiction: z.string(),
    label: textWire,
    release: textWire,
    productScope: z.array(z.string()),
    effectiveFrom: dateWire,
    effectiveTo: dateWire.nullable(),
    inForce: z
      .boolean()
      .describe(bilingual("The pack of its jurisdiction today", "该法域现行规则包")),
    values: z.object({
      confirmed: z.int(),
      contract: z.int(),
      unconfirmed: z.int(),
      open: z.int(),
    }),
  })
  .meta({ id: "PackSummary" });

export const packWire = packSummaryWire
  .extend({
    calendar: z.string(),
    content: z.array(
      z.object({
        pointer,
        value: z.string().describe(bilingual("JSON", "JSON")),
        status: z.enum(valueStatuses),
        source: z.string(),
      }),
    ),
    open: z
      .array(pointer)
      .describe(bilingual("Duties of which nothing was read", "尚无依据的义务")),
  })
  .meta({ id: "Pack" });

export const packDifferenceWire = z
  .object({ pointer, from: z.string().nullable(), to: z.string().nullable() })
  .meta({ id: "PackDifference" });

export function wirePackSummary(
  pack: CompliancePack,
  inForce: boolean,
): z.output<typeof packSummaryWire> {
  const { id, version, jurisdiction, effectiveFrom, effectiveTo } = pack;
  return {
    ...{ id, version, jurisdiction, effectiveFrom, effectiveTo, inForce },
    label: { ...pack.label },
    release: { ...pack.release },
    productScope: [...pack.productScope],
    values: countValues(pack),
  };
}

export function wirePack(pack: CompliancePack, inForce: boolean): z.output<typeof packWire> {
  const content = valuesOf(pack).map(({ pointer: at, value, status, source }) => {
    return { pointer: at, value: JSON.stringify(value), status, source };
  });
  const { calendar } = pack;
  return { ...wirePackSummary(pack, inForce), calendar, content, open: [...openPlaces(pack)] };
}

export function wirePackDifference({
  pointer: at,
  from,
  to,
}: PackDifference): z.output<typeof packDifferenceWire> {
  return { pointer: at, from, to };
}
