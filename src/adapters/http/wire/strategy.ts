// A strategy version on the wire. Its hash is its entity tag: approving names the bytes that were looked at.

import { z } from "zod";
import {
  strategyStates,
  type CheckedVersion,
  type EditedDraft,
  type StoredStrategy,
  type StrategyStep,
} from "../../../flow/ports.ts";
import type { CellFault } from "../../../policy/cell-check.ts";
import { exampleTexts } from "../../../policy/check/example-text.ts";
import { isBlocked, lawKey, type Example } from "../../../policy/check/finding.ts";
import type { Problem } from "../../../policy/problem.ts";
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
  editedBy: z
    .array(z.string())
    .readonly()
    .describe(bilingual("Who changed it while it was a draft", "草稿期间的修改人")),
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

const problemCodeWire = z.string().describe(bilingual("What kind of problem", "问题的种类"));

const strategyProblemWire = z
  .object({
    path: z.string().describe(bilingual("JSON pointer into the document", "文档内的 JSON 指针")),
    code: problemCodeWire,
    text: textWire,
  })
  .meta({ id: "StrategyProblem" });

/** A draft that was saved, with what the language says against it. */
export const strategyDraftWire = z
  .object({
    ...summaryFields,
    problems: z
      .array(strategyProblemWire)
      .describe(
        bilingual("What must be mended before it can be submitted", "提交之前须修正的问题"),
      ),
  })
  .meta({ id: "StrategyDraft" });

export function wireDraft({ strategy, problems }: EditedDraft): z.output<typeof strategyDraftWire> {
  return { ...wireStrategySummary(strategy), problems: problems.map(wireProblem) };
}

function wireProblem({ path, code, message }: Problem): z.output<typeof strategyProblemWire> {
  return { path, code, text: message };
}

const exampleWire = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .describe(bilingual("Facts as text in their unit", "事实，以其单位表示的文本"));

const placeFields = {
  path: z.string().describe(bilingual("JSON pointer into the document", "文档内的 JSON 指针")),
  row: z.string().nullable(),
};

/** The whole check of a version. */
export const strategyCheckWire = z
  .object({
    hash: z.string().describe(bilingual("The document that was checked", "所检查文档的哈希")),
    blocked: z
      .boolean()
      .describe(bilingual("True: it cannot come into force as it is", "为 true 时不能按现状生效")),
    findings: z.array(
      z.object({
        ...placeFields,
        kind: z.string(),
        severity: z.enum(["error", "warning", "note"]),
        text: textWire,
        example: exampleWire.nullable(),
      }),
    ),
    laws: z.array(
      z.object({
        key: z.string().describe(bilingual("The name it is signed off by", "具名承担时使用的名称")),
        verdict: z.enum(["proved", "refuted", "undecided"]),
        path: z.string().nullable(),
        row: z.string().nullable(),
        text: textWire,
        example: exampleWire.nullable(),
      }),
    ),
  })
  .meta({ id: "StrategyCheck" });

export function wireCheck({
  stored,
  strategy,
  report,
}: CheckedVersion): z.output<typeof strategyCheckWire> {
  const told = (example: Example | null) =>
    example === null ? null : exampleTexts(strategy, example.facts);
  return {
    hash: stored.hash,
    blocked: isBlocked(report),
    findings: report.findings.map(({ kind, severity, at, text, example }) => ({
      ...{ path: at.path, row: at.row, kind, severity, text, example: told(example) },
    })),
    laws: report.laws.map((law) => ({
      ...{ key: lawKey(law), verdict: law.verdict, text: law.text, example: told(law.example) },
      ...{ path: law.where?.path ?? null, row: law.where?.row ?? null },
    })),
  };
}

/** What is wrong with one cell. */
export const cellFaultWire = z
  .object({
    code: problemCodeWire,
    at: z
      .int()
      .nullable()
      .describe(
        bilingual("Character, from 1, where reading ended", "无法继续读取处的字符位置（从 1 起）"),
      ),
    text: textWire,
  })
  .meta({ id: "CellFault" });

export function wireCellFault(fault: CellFault | null): z.output<typeof cellFaultWire> | null {
  return fault === null ? null : { code: fault.code, at: fault.at, text: fault.message };
}

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
