// An emergency profile on the wire: what it does, who agreed to it, and the sweeps that it started.

import { z } from "zod";
import type { Id } from "../../../domain/id.ts";
import type { Currency } from "../../../domain/money.ts";
import { emergencyStates, type EmergencyProfile } from "../../../portfolio/emergency-ports.ts";
import { bilingual } from "../bilingual.ts";
import { moneyWire, wireMoney } from "./money.ts";
import { dateWire, idWire, instantWire } from "./text.ts";

const all = bilingual("Empty: all of them", "为空表示全部");

export const emergencyWire = z
  .object({
    id: idWire,
    name: z.string(),
    strategy: z.object({ id: z.string(), version: z.int(), hash: z.string() }),
    portfolio: z
      .string()
      .nullable()
      .describe(bilingual("null: every portfolio", "null 表示全部组合")),
    regions: z.array(z.string()).describe(all),
    industries: z.array(z.string()).describe(all),
    dailyCap: moneyWire.describe(
      bilingual("Most exposure that it removes per day", "每日最多调减的风险敞口"),
    ),
    validUntil: dateWire.describe(
      bilingual("Last day on which it may be started", "可启动的最后日期"),
    ),
    reason: z.string(),
    author: z.string(),
    proposedAt: instantWire,
    state: z.enum(emergencyStates),
    decidedBy: z.string().nullable(),
    decidedAt: instantWire.nullable(),
    sweeps: z
      .array(idWire)
      .describe(bilingual("Sweeps that it started, newest first", "由其启动的扫描（由新到旧）")),
    dryRun: z.boolean(),
  })
  .meta({ id: "EmergencyProfile" });

/** `currency` is that of its strategy. */
export function wireEmergency(
  { dailyCapMinor, strategy, regions, industries, ...profile }: EmergencyProfile,
  currency: Currency,
  sweeps: readonly Id[],
  dryRun = false,
): z.output<typeof emergencyWire> {
  return {
    ...profile,
    strategy: { ...strategy },
    regions: [...regions],
    industries: [...industries],
    dailyCap: wireMoney(dailyCapMinor, currency),
    sweeps: [...sweeps],
    dryRun,
  };
}
