// How a line is used against how it was used before, on the wire; the command line prints the same JSON.

import { z } from "zod";
import { type BehaviourFinding, behaviourLooks } from "../../../domain/behaviour.ts";
import type { BusinessDate } from "../../../domain/calendar.ts";
import { bilingual } from "../bilingual.ts";
import { dateWire, textWire } from "./text.ts";

export const behaviourWire = z
  .object({
    asOf: dateWire,
    data: z.array(
      z.object({
        look: z.enum(behaviourLooks),
        unusual: z
          .boolean()
          .nullable()
          .describe(bilingual("null: too little history", "null 表示历史不足")),
        text: textWire,
        figures: z
          .record(z.string(), z.number())
          .describe(
            bilingual(
              "Amounts in minor units, shares in basis points, else counts or hours",
              "金额为最小货币单位，占比为基点，其余为次数或小时",
            ),
          ),
      }),
    ),
  })
  .meta({ id: "Behaviour" });

export function wireBehaviour({
  asOf,
  findings,
}: Readonly<{
  asOf: BusinessDate;
  findings: readonly BehaviourFinding[];
}>): z.output<typeof behaviourWire> {
  return {
    asOf,
    data: findings.map(({ look, isUnusual, text, figures }) => ({
      ...{ look, unusual: isUnusual, text: { ...text }, figures: { ...figures } },
    })),
  };
}
