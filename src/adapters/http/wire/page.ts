// Lists come in pages by cursor: what `next` says is sent back as `after`, and a page never shifts because
// rows were added meanwhile.

import { z } from "zod";
import { bilingual } from "../bilingual.ts";

export const largestPage = 200;

/** Query of every list. */
export const pageQuery = {
  after: z
    .string()
    .regex(/^[A-Za-z0-9_.:~-]{1,300}$/)
    .optional()
    .describe(bilingual("`next` of the page before", "上一页的 `next`")),
  limit: z.coerce.number().int().min(1).max(largestPage).default(50),
};

/** One page of rows. */
export function pageWire<Row extends z.ZodType>(
  row: Row,
): z.ZodObject<{ data: z.ZodArray<Row>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({
    data: z.array(row),
    next: z
      .string()
      .nullable()
      .describe(bilingual("Cursor of the next page, null at the end", "下一页游标，末页为 null")),
  });
}
