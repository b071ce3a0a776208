// A strategy version on the wire. Its hash is its entity tag: approving names the bytes that were looked at.

import { z } from "zod";
import { strategyStates, type StoredStrategy, type StrategyStep } from "../../../flow/ports.ts";
import { dateWire, instantWire, textWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";

const summaryFields = {
  id: z.string(),
  version: z.int(),
  hash: z
    .string()
    .describe(
      bilingual("SHA-256 of the RFC 8785 form of the document", "文档 RFC 8785 规范形式的 SHA-256"),
    ),
  state: z.enum(strategyStates),
  author: z.string(),
  approvedBy: z.string().nullable(),
  signedOff: z
    .array(z.string())
    .readonly()
    .describe(
      bilingual("Undecided laws that the approver answered for", "批准人具名承担的未决定律"),
    ),
  effectiveOn: dateWire
    .nullable()
    .describe(
      bilingual("Active from this day on; null until approved", "自该日起生效；批准前为 null"),
    ),
  restores: z
    .int()
    .nullable()
    .describe(bilingual("The earlier version whose contents this one has", "内容所恢复的早先版本")),
  addedAt: instantWire,
};

export const strategySummaryWire = z.object(summaryFields).meta({ id: "StrategySummary" });

export const strategyWire = z
  .object({ ...summaryFields, document: z.record(z.string(), z.unknown()) })
  .meta({ id: "Strategy" });

export const strategyStepWire = z
  .object({
    id: z.string(),
    version: z.int(),
    state: z.enum(strategyStates).describe(bilingual("State entered", "所进入的状态")),
    at: instantWire,
    by: z.string(),
    reason: z.string().nullable(),
  })
  .meta({ id: "StrategyStep" });

export const strategyChangeWire = z
  .object({
    path: z
      .string()
      .describe(
        bilingual(
          "Parts by id, such as tables/treatment/rows/T20",
          "以编号指明的位置，如 tables/treatment/rows/T20",
        ),
      ),
    kind: z.enum(["added", "removed", "moved", "changed"]),
    before: z
      .unknown()
      .describe(bilingual("As in the document; of a move its place", "文档中的值；移动时为位次")),
    after: z.unknown(),
    text: textWire,
  })
  .meta({ id: "StrategyChange" });

/** A step as it is kept: nothing in it is hidden from staff. */
export const wireStrategyStep = (step: StrategyStep): z.output<typeof strategyStepWire> => step;

export function wireStrategySummary(
  strategy: StoredStrategy,
): z.output<typeof strategySummaryWire> {
  const { document: _, ...rest } = strategy;
  return rest;
}

export function wireStrategy(strategy: StoredStrategy): z.output<typeof strategyWire> {
  const document = JSON.parse(strategy.document) as Record<string, unknown>;
  return { ...wireStrategySummary(strategy), document };
}
