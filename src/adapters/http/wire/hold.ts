// What holds decisions back, on the wire: blackout windows, and how a wave stands with its customers.

import { z } from "zod";
import type { ListedBlackout } from "../../../domain/blackout.ts";
import { causes } from "../../../domain/decision.ts";
import type { Id } from "../../../domain/id.ts";
import type { WaveStanding, WaveThresholds } from "../../../portfolio/wave-ports.ts";
import { bilingual } from "../bilingual.ts";
import { dateWire, idWire, instantWire } from "./text.ts";

const all = bilingual("Empty: all of them", "为空表示全部");

export const blackoutWire = z
  .object({
    id: idWire,
    event: z.string().describe(bilingual("What happens there", "事件名称")),
    from: dateWire.describe(bilingual("First day of the window", "窗口首日")),
    to: dateWire.describe(bilingual("Last day of the window", "窗口末日")),
    regions: z.array(z.string()).describe(all),
    industries: z.array(z.string()).describe(all),
    exempt: z
      .array(z.enum(causes))
      .describe(bilingual("Causes of decisions that are let through", "豁免的决定起因")),
    reason: z.string(),
    by: z.string(),
    at: instantWire,
    lifted: z
      .object({ by: z.string(), at: instantWire, because: z.string() })
      .nullable()
      .describe(bilingual("Who ended it before its last day", "提前解除的人、时间与理由")),
    dryRun: z.boolean(),
  })
  .meta({ id: "Blackout" });

export function wireBlackout(
  blackout: ListedBlackout,
  dryRun = false,
): z.output<typeof blackoutWire> {
  const { fromOn: from, toOn: to, regions, industries, exempt, lifted, ...rest } = blackout;
  return {
    ...rest,
    ...{ from, to, dryRun },
    regions: [...regions],
    industries: [...industries],
    exempt: [...exempt],
    lifted: lifted === null ? null : { ...lifted },
  };
}

const rate = bilingual(
  "Basis points of the lines told; null: not watched",
  "占已通知授信的基点；null 表示不监测",
);

export const waveWire = z
  .object({
    sweepId: idWire,
    told: z.int().describe(bilingual("Lines told of a change", "已通知的授信")),
    complaints: z.int().describe(bilingual("Of those, lines that complained", "其中投诉的授信")),
    inquiries: z.int().describe(bilingual("Of those, lines that asked", "其中咨询的授信")),
    watch: z
      .object({
        complaintsBp: z.int().nullable().describe(rate),
        inquiriesBp: z.int().nullable().describe(rate),
        minimum: z.int(),
        days: z.int(),
      })
      .nullable()
      .describe(
        bilingual("What holds the wave by itself; null: nothing", "自动暂停阈值；null 表示无"),
      ),
    held: z
      .object({ by: z.string(), at: instantWire, until: instantWire, reason: z.string() })
      .nullable()
      .describe(
        bilingual(
          "Its remaining notices and executions wait; null: they do not",
          "剩余通知与执行已暂停；null 表示未暂停",
        ),
      ),
    dryRun: z.boolean(),
  })
  .meta({ id: "Wave" });

export function wireWave(
  sweepId: Id,
  { echo, pause }: WaveStanding,
  thresholds: WaveThresholds | null,
  dryRun = false,
): z.output<typeof waveWire> {
  return {
    ...{ sweepId, dryRun },
    ...echo,
    watch: thresholds === null ? null : { ...thresholds },
    held:
      pause === null
        ? null
        : { by: pause.by, at: pause.at, until: pause.expiresAt, reason: pause.reason },
  };
}
