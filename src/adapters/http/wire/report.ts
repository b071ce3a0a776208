// A kept report on the wire: what a list says of it. The document itself goes out as the bytes that were kept.

import { z } from "zod";
import type { ReportEntry } from "../../../portfolio/report-ports.ts";
import { bilingual } from "../bilingual.ts";
import { dateWire, idWire, instantWire } from "./text.ts";

export const reportWire = z
  .object({
    id: idWire,
    kind: z.enum(["daily"]),
    asOf: dateWire,
    portfolio: z
      .string()
      .nullable()
      .describe(bilingual("null: every portfolio", "null 表示全部组合")),
    madeAt: instantWire,
    maker: z.string(),
    hash: z.string().describe(bilingual("SHA-256 of the kept document", "留存文档的 SHA-256")),
    read: z.boolean().describe(bilingual("This account has opened it", "当前账号已打开过")),
  })
  .meta({ id: "Report" });

export function wireReport(entry: ReportEntry): z.output<typeof reportWire> {
  const { id, kind, asOf, portfolio, madeAt, maker, hash, read } = entry;
  return { id, kind, asOf, portfolio, madeAt, maker, hash, read };
}
