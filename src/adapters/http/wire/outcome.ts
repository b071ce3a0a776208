// What shall happen to a line, in words and money.

import { z } from "zod";
import { decisionActions, type Outcome, type Restoration } from "../../../domain/assessment.ts";
import type { Currency } from "../../../domain/money.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { bilingual } from "../bilingual.ts";

export const outcomeWire = z
  .object({
    action: z.enum(decisionActions),
    from: moneyWire.nullable().describe(bilingual("Limit before", "调整前额度")),
    to: moneyWire
      .nullable()
      .describe(
        bilingual(
          "Limit after; null where the limit stays or ends",
          "调整后额度；额度不变或终止时为 null",
        ),
      ),
  })
  .meta({ id: "Outcome" });

export function wireOutcome(
  outcome: Outcome | Restoration,
  currency: Currency,
): z.output<typeof outcomeWire> {
  return {
    action: outcome.action,
    from: "fromMinor" in outcome ? wireMoney(outcome.fromMinor, currency) : null,
    to: "toMinor" in outcome ? wireMoney(outcome.toMinor, currency) : null,
  };
}
