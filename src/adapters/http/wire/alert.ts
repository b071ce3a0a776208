// Alerts on the wire: what wants a person, who has it and until when.

import { z } from "zod";
import { type Alert, alertKinds, alertStates } from "../../../domain/alert.ts";
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
    owner: z.string().nullable(),
    raisedAt: instantWire,
    dueAt: instantWire,
    closedAt: instantWire.nullable(),
    ver: z.int(),
  })
  .meta({ id: "Alert" });

export function wireAlert(alert: Alert): z.output<typeof alertWire> {
  const { bucket: _, about, ...rest } = alert;
  return { ...rest, about: { ...about } };
}
