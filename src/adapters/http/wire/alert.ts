// Alerts on the wire: what wants a person, who has it and until when.

import { z } from "zod";
import { roles } from "../../../domain/actor.ts";
import {
  type Alert,
  type AlertCount,
  alertFindings,
  alertKinds,
  alertStates,
  precisionBp,
} from "../../../domain/alert.ts";
import { severities } from "../../../domain/severity.ts";
import { bilingual } from "../bilingual.ts";
import { idWire, instantWire } from "./text.ts";

export const alertWire = z
  .object({
    id: idWire,
    lineId: idWire,
    customerId: idWire,
    kind: z.enum(alertKinds),
    severity: z.enum(severities),
    about: z
      .record(z.string(), z.unknown())
      .describe(bilingual("Figures that it was raised with", "产生时的数据")),
    state: z.enum(alertStates),
    role: z.enum(roles).describe(bilingual("Whose it is", "归属角色")),
    owner: z.string().nullable(),
    raisedAt: instantWire,
    dueAt: instantWire,
    escalatedAt: instantWire
      .nullable()
      .describe(bilingual("When it went up because it was late", "因超期上报的时间")),
    closedAt: instantWire.nullable(),
    finding: z.enum(alertFindings).nullable(),
    ver: z.int(),
  })
  .meta({ id: "Alert" });

export function wireAlert(alert: Alert): z.output<typeof alertWire> {
  const { bucket: _, about, ...rest } = alert;
  return { ...rest, about: { ...about } };
}

export const alertCountWire = z
  .object({
    kind: z.enum(alertKinds),
    look: z.string().nullable().describe(bilingual("Of behaviour: which look", "行为类：观察项")),
    raised: z.int(),
    confirmed: z.int(),
    falseAlarms: z.int(),
    precisionBp: z
      .int()
      .nullable()
      .describe(
        bilingual(
          "Confirmed of those closed, basis points; null: none was closed",
          "已核查中属实的比例（基点）；尚无核查时为 null",
        ),
      ),
  })
  .meta({ id: "AlertCount" });

export function wireAlertCount(count: AlertCount): z.output<typeof alertCountWire> {
  return { ...count, precisionBp: precisionBp(count) };
}
