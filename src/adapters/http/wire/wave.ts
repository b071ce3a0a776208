// The undoing of a wave on the wire: what it shall undo, who asked and approved, and what became of each decision.

import { z } from "zod";
import { gatedActions } from "../../../compliance/pack.ts";
import type { Currency } from "../../../domain/money.ts";
import { reasonCodes, type ReasonCode } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import {
  undoneWays,
  waveUndoStates,
  type UndoCounts,
  type UndoneLine,
  type WaveUndo,
} from "../../../portfolio/wave-ports.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { idWire, instantWire } from "./text.ts";

const whichever = bilingual("null: whichever", "null 表示不限");

const reasons = Object.keys(reasonCodes) as [ReasonCode, ...ReasonCode[]];

/** Fields of a filter on a wave, as they are asked for. */
export const reasonInput = z.enum(reasons);

const undoCountsWire = z
  .object({
    withdrawn: z
      .int()
      .describe(bilingual("Had not changed their lines and never will", "尚未执行、已撤回的决定")),
    restored: z
      .int()
      .describe(bilingual("Lines given back by a new decision", "以新决定恢复的授信数")),
    amount: moneyWire.describe(
      bilingual("Exposure given back, or not taken after all", "恢复或不再调减的风险敞口"),
    ),
    refused: z
      .record(z.string(), z.int())
      .describe(
        bilingual("Lines that stay as they are, by refusal code", "未变更的授信，按拒绝代码"),
      ),
  })
  .meta({ id: "WaveUndoCounts" });

export const waveUndoWire = z
  .object({
    id: idWire,
    sweepId: idWire,
    portfolio: z
      .string()
      .nullable()
      .describe(bilingual("null: every portfolio", "null 表示全部组合")),
    filter: z.object({
      segment: z.string().nullable().describe(whichever),
      region: z.string().nullable().describe(whichever),
      action: z.enum(gatedActions).nullable().describe(whichever),
      reason: reasonInput.nullable().describe(whichever),
    }),
    reason: z.string(),
    author: z.string(),
    proposedAt: instantWire,
    planned: undoCountsWire.describe(
      bilingual("What its approver agrees to", "审批人所同意的内容"),
    ),
    done: undoCountsWire.describe(bilingual("What it did so far", "已完成的内容")),
    state: z.enum(waveUndoStates),
    decidedBy: z.string().nullable(),
    decidedAt: instantWire.nullable(),
    finishedAt: instantWire.nullable(),
    dryRun: z.boolean(),
  })
  .meta({ id: "WaveUndo" });

export const undoneLineWire = z
  .object({
    decisionId: idWire,
    lineId: idWire,
    reference: z.string(),
    did: z.enum(undoneWays),
    amount: moneyWire,
    restorationId: idWire
      .nullable()
      .describe(
        bilingual(
          "The decision that gives the line back, or says that an announced change is not made",
          "恢复该授信的决定，或告知已通知的变更不再执行的决定",
        ),
      ),
    refused: z.string().nullable().describe(bilingual("Refusal code", "拒绝代码")),
    because: z.string().nullable(),
  })
  .meta({ id: "UndoneLine" });

export const undoPreviewWire = z
  .object({
    ...waveUndoWire.shape,
    examples: z
      .array(undoneLineWire)
      .describe(bilingual("The largest amounts first", "按金额由大到小")),
  })
  .meta({ id: "WaveUndoPreview" });

function wireCounts({ amountMinor, refused, ...counts }: UndoCounts, currency: Currency) {
  return { ...counts, amount: wireMoney(amountMinor, currency), refused: { ...refused } };
}

/** `currency` is that of the sweep's strategy. */
export function wireUndo(
  { planned, filter, ...undo }: WaveUndo,
  done: UndoCounts,
  currency: Currency,
  dryRun = false,
): z.output<typeof waveUndoWire> {
  return {
    ...undo,
    filter: { ...filter },
    planned: wireCounts(planned, currency),
    done: wireCounts(done, currency),
    dryRun,
  };
}

export function wireUndone(
  line: UndoneLine,
  currency: Currency,
  language: Language,
): z.output<typeof undoneLineWire> {
  const { decisionId, lineId, reference, did, amountMinor, restorationId, refused, because } = line;
  return {
    ...{ decisionId, lineId, reference, did, restorationId, refused },
    amount: wireMoney(amountMinor, currency),
    because: because === null ? null : because[language],
  };
}
