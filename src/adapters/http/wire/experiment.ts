// An experiment on the wire: its arms with shares and digits, what became of each, and who took which step.

import { z } from "zod";
import { actions } from "../../../domain/assessment.ts";
import { experimentStates, type ViewedExperiment } from "../../../portfolio/experiment-ports.ts";
import { bilingual } from "../bilingual.ts";
import { textInput } from "../text-input.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { instantWire } from "./text.ts";

/** A strategy by id, and by version or (null) the active one. */
export const strategyChoiceInput = z.strictObject({
  id: textInput(100),
  version: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe(bilingual("null: the active version", "null 表示生效版本")),
});

const choiceWire = z.object({ id: z.string(), version: z.int().nullable() });

const armWire = z
  .object({
    name: z
      .string()
      .describe(
        bilingual(
          "champion and holdout are themselves, any other is a challenger",
          "champion 为冠军，holdout 为留存对照组，其余为挑战者",
        ),
      ),
    strategy: choiceWire
      .nullable()
      .describe(bilingual("null: assessed as the champion", "null 表示按冠军策略评估")),
    shareBp: z.int().describe(bilingual("Of 10,000", "份额，合计 10,000")),
    ranges: z
      .array(z.object({ from: z.int(), to: z.int() }))
      .describe(
        bilingual(
          "Digits from … up to and without …; before the start those that it would get now",
          "所持号段（含起不含止）；启动前为现时将获分配的号段",
        ),
      ),
    customers: z
      .int()
      .describe(bilingual("Customers drawn so far who are in it", "已抽号且属于该组的客户数")),
    decisions: z.array(
      z.object({
        action: z.enum(actions),
        decisions: z.int(),
        cut: moneyWire.describe(
          bilingual(
            "Limit taken by decreases that were not withdrawn or refused",
            "降额减少的额度（不含已撤回、已拒绝）",
          ),
        ),
      }),
    ),
  })
  .meta({ id: "ExperimentArm" });

export const experimentWire = z
  .object({
    id: z.string(),
    area: z.string().describe(bilingual("Decision area", "决策领域")),
    state: z.enum(experimentStates),
    arms: z.array(armWire),
    shadows: z
      .array(choiceWire)
      .describe(bilingual("Assess beside, without effect", "陪跑策略，不产生效果")),
    actOn: z
      .array(z.string())
      .describe(
        bilingual(
          "Reasons for which a holdout customer is acted on all the same",
          "对留存对照组客户仍予处置的原因码",
        ),
      ),
    steps: z.array(
      z.object({
        state: z.enum(experimentStates),
        at: instantWire,
        by: z.string(),
        reason: z.string().nullable(),
      }),
    ),
    movedBp: z
      .int()
      .describe(
        bilingual(
          "Customers, of 10,000, who are in another arm than before it",
          "与此前相比换组的客户（每 10,000 人）",
        ),
      ),
    running: z
      .string()
      .nullable()
      .describe(bilingual("Another one of the area that is running", "同领域中正在进行的另一实验")),
  })
  .meta({ id: "Experiment" });

/** All of an experiment: nothing in it is hidden from staff. */
export function wireExperiment(experiment: ViewedExperiment): z.output<typeof experimentWire> {
  const { id, area, state, arms, shadows, actOn, steps, movedBp, running } = experiment;
  return {
    ...{ id, area, state, movedBp, running },
    shadows: [...shadows],
    actOn: [...actOn],
    steps: [...steps],
    arms: arms.map(({ ranges, decisions, ...arm }) => ({
      ...arm,
      ranges: [...ranges],
      decisions: decisions.map(({ action, decisions: count, cutMinor, currency }) => {
        return { action, decisions: count, cut: wireMoney(cutMinor, currency) };
      }),
    })),
  };
}
