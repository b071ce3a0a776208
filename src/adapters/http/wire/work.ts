// What needs somebody now, on the wire: how much of it, since when, about how much money, and the list that shows it.

import { z } from "zod";
import type { WaitingWork } from "../../../portfolio/view-ports.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { instantWire } from "./text.ts";

export const workKinds = [
  "reviews-overdue",
  "reviews-to-decide",
  "overrides-to-agree",
  "opinions-to-give",
  "alerts-open",
  "alerts-mine",
  "executions-disputed",
  "notices-escalated",
  "strategies-to-approve",
  "experiments-to-approve",
  "texts-to-approve",
  "undos-to-approve",
  "outbox-stuck",
  "letters-open",
  "halts",
  "waves-held",
  "emergencies-to-approve",
  "sweeps-paused",
  "sweeps-running",
  "reports-new",
] as const;

/** The pages that lists of work stand on. */
const workPages = [
  ...(["review-cases", "alerts", "decisions", "notices", "strategies", "experiments"] as const),
  ...(["notice-texts", "sweeps", "halts", "dead-letters", "installation", "reports"] as const),
] as const;

type WorkPage = (typeof workPages)[number];

export type WorkKind = (typeof workKinds)[number];

export const workItemWire = z
  .object({
    kind: z.enum(workKinds),
    count: z.int(),
    oldestAt: instantWire.nullable(),
    amount: z
      .array(moneyWire)
      .optional()
      .describe(bilingual("Exposure that it is about, by currency", "涉及的风险敞口，按币种")),
    link: z
      .object({ page: z.enum(workPages), params: z.record(z.string(), z.string()) })
      .describe(bilingual("The list that shows it and its filters", "可查看的列表及其筛选条件")),
  })
  .meta({ id: "WorkItem" });

export type WorkItemWire = z.output<typeof workItemWire>;

/** One entry, or none where nothing waits. */
export function wireWork(
  kind: WorkKind,
  { count, oldestAt, removed }: WaitingWork,
  page: WorkPage,
  params: Readonly<Record<string, string>> = {},
): readonly WorkItemWire[] {
  if (count === 0) return [];
  const amount = removed.map(({ currency, amountMinor }) => wireMoney(amountMinor, currency));
  return [
    {
      ...{ kind, count, oldestAt },
      ...(amount.length === 0 ? {} : { amount }),
      link: { page, params: { ...params } },
    },
  ];
}
