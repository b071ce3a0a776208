// A strategy version on the wire. Its hash is its entity tag: approving names the bytes that were looked at.

import { z } from "zod";
import type { StoredStrategy } from "../../../flow/ports.ts";
import { instantWire } from "./text.ts";
import { bilingual } from "../bilingual.ts";

const summaryFields = {
  id: z.string(),
  version: z.int(),
  hash: z
    .string()
    .describe(
      bilingual("SHA-256 of the RFC 8785 form of the document", "文档 RFC 8785 规范形式的 SHA-256"),
    ),
  state: z.enum(["draft", "active", "retired"]),
  author: z.string(),
  approvedBy: z.string().nullable(),
  signedOff: z
    .array(z.string())
    .readonly()
    .describe(
      bilingual("Undecided laws that the approver answered for", "批准人具名承担的未决定律"),
    ),
  addedAt: instantWire,
};

export const strategySummaryWire = z.object(summaryFields).meta({ id: "StrategySummary" });

export const strategyWire = z
  .object({ ...summaryFields, document: z.record(z.string(), z.unknown()) })
  .meta({ id: "Strategy" });

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
