// The form of what a strategy says of the sources that it needs. Whether such a source is configured, and may be asked for the
// purpose, is a matter of the installation and is looked at when a sweep begins.

import { dataPurposes } from "../domain/connector.ts";
import { integer, object, oneOf, type Shape, string } from "./shape.ts";
import type { NeededSource } from "./strategy.ts";

/** The id of a source, here and in the document of connectors. */
export const sourceId = string({
  pattern: /^[a-z][a-z0-9-]{0,39}$/,
  maximum: 40,
  en: "a name such as credit-bureau: small letters, digits and hyphens, at most 40",
  zh: "名称，如 credit-bureau：小写字母、数字与连字符，最多 40 个字符",
});

export const neededSourceShape: Shape<NeededSource> = object<NeededSource>({
  source: sourceId,
  purpose: oneOf(dataPurposes),
  freshDays: integer(0, 3_650),
});
