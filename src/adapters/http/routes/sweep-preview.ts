// What a sweep would do, as it is told before anything is stored: its counts and a few proposals by name, because a count
// alone hides what it means.

import { z } from "zod";
import { decisionActions, type Assessment } from "../../../domain/assessment.ts";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import type { Proposal, Sweep } from "../../../portfolio/ports.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { reasonWire } from "../wire/decision.ts";
import { moneyWire, wireMoney } from "../wire/money.ts";
import { wireOutcome } from "../wire/outcome.ts";
import { sweepWire } from "../wire/sweep.ts";
import { idWire } from "../wire/text.ts";
import { wiredSweep } from "./sweep-routes.ts";

const mostExamples = 20;

const exampleWire = z
  .object({
    lineId: idWire,
    reference: z.string(),
    portfolio: z.string(),
    segment: z.string().nullable(),
    action: z.enum(decisionActions),
    from: moneyWire.nullable(),
    to: moneyWire.nullable(),
    removed: moneyWire.describe(bilingual("Exposure taken away", "调减的风险敞口")),
    reason: reasonWire.nullable().describe(bilingual("The most important one", "最主要的理由")),
  })
  .meta({ id: "SweepExample" });

export const previewWire = z
  .object({
    ...sweepWire.shape,
    examples: z
      .array(exampleWire)
      .describe(
        bilingual(
          `Up to ${mostExamples} proposals, largest expected loss avoided first`,
          `至多 ${mostExamples} 个拟处置示例，按避免的预期损失由大到小`,
        ),
      ),
  })
  .meta({ id: "SweepPreview" });

/** The answer of a preview with its examples, of which lines that are gone are left out. */
export async function wiredPreview(
  dependencies: ServerDependencies,
  sweep: Sweep,
  proposals: readonly Proposal[],
  language: Language,
): Promise<z.output<typeof previewWire>> {
  const { reads } = dependencies.world.store;
  const lines = await Promise.all(proposals.map(({ lineId }) => reads.line(lineId)));
  const examples = proposals.flatMap((proposal, index) => {
    const line = lines[index] ?? null;
    return line === null ? [] : [wireExample(proposal, line.reference, language)];
  });
  return { ...(await wiredSweep(dependencies, sweep, { dryRun: true })), examples };
}

/** Keeps the proposals that avoid the largest expected loss, whatever the order they come in. */
export function bestProposals(): Readonly<{
  add: (proposals: readonly Proposal[]) => void;
  list: () => readonly Proposal[];
}> {
  let best: readonly Proposal[] = [];
  return {
    add: (proposals) => {
      best = [...best, ...proposals]
        .toSorted(
          (left, right) =>
            right.expectedLossAvoidedMinor - left.expectedLossAvoidedMinor ||
            (left.lineId < right.lineId ? -1 : 1),
        )
        .slice(0, mostExamples);
    },
    list: () => best,
  };
}

function wireExample(
  proposal: Proposal,
  reference: string,
  language: Language,
): z.output<typeof exampleWire> {
  const { outcome, currency, reasons } = JSON.parse(proposal.assessment) as Assessment;
  const [reason] = reasons;
  return {
    ...{ lineId: proposal.lineId, reference, portfolio: proposal.portfolio },
    segment: proposal.segment,
    ...wireOutcome(outcome, currency),
    removed: wireMoney(proposal.removedMinor, currency),
    reason:
      reason === undefined
        ? null
        : {
            code: reason.code,
            text: reasonCodes[reason.code][language],
            facts: [...reason.facts],
          },
  };
}
