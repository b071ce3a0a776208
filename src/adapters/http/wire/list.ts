// Every list is told in two forms under one address: pages of JSON for programs, and all rows of the same filter as a
// table for people who calculate with them.

import { z } from "zod";
import { bilingual } from "../bilingual.ts";
import { pageQuery, pageWire } from "./page.ts";

/** Query of every list that can also be had as a table. */
export const listQuery = {
  ...pageQuery,
  format: z
    .enum(["json", "csv"])
    .optional()
    .describe(
      bilingual(
        "csv: all rows of the filter as a table, as with Accept: text/csv",
        "csv：以表格形式返回筛选所得的全部行，等同于 Accept: text/csv",
      ),
    ),
};

/** The order of a list in time. */
export const orderQuery = {
  order: z
    .enum(["oldest", "newest"])
    .default("oldest")
    .describe(bilingual("Which rows come first", "先列出最早还是最新的行")),
};

/** The answer of a list: a page, or a table. */
export function listAnswer<Row extends z.ZodType>(row: Row) {
  return {
    description: bilingual("A page of rows, or all of them as a table", "一页数据，或全部行的表格"),
    content: {
      "application/json": { schema: pageWire(row) },
      "text/csv": { schema: z.string() },
    },
  };
}
