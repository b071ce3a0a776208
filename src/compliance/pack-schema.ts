// The form of a compliance pack as JSON Schema 2020-12. It is the only description of that form: `parsePack`
// interprets it, editors and other tools read the exported copy in compliance-packs/pack.schema.json.

import { causes } from "../domain/decision.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import type { Schema } from "./schema-check.ts";

const nonEmpty: Schema = { type: "string", minLength: 1 };
const date: Schema = { type: "string", format: "date" };
const text = object({ zh: nonEmpty, en: nonEmpty });

const period = object({
  when: { type: "string", enum: ["before", "at", "after"] },
  days: { type: "integer", minimum: 0, maximum: 3650 },
  counting: { type: "string", enum: ["calendar", "business"] },
});

const exception = object({
  causes: {
    type: "array",
    minItems: 1,
    uniqueItems: true,
    items: { type: "string", enum: causes },
  },
  period,
});

const reasonList: Schema = {
  type: "array",
  uniqueItems: true,
  items: { type: "string", enum: Object.keys(reasonCodes) },
};

/** JSON Schema of a compliance pack: unknown fields are refused, every value has status and source. */
export const packSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:tidemark:compliance-pack:1",
  title: "Tidemark compliance pack",
  ...object({
    id: { type: "string", pattern: "^[a-z][a-z0-9-]*$" },
    version: { type: "integer", minimum: 1, maximum: 999_999 },
    jurisdiction: { type: "string", pattern: "^[a-z][a-z0-9-]*$" },
    label: text,
    productScope: { type: "array", minItems: 1, uniqueItems: true, items: nonEmpty },
    effectiveFrom: date,
    effectiveTo: { type: ["string", "null"], format: "date" },
    calendar: { type: "string", pattern: "^[a-z][a-z0-9-]*$" },
    notice: object({
      decrease: valued(period),
      freeze: valued(period),
      close: valued(period),
      exceptions: { type: "array", items: valued(exception) },
      channels: valued({ type: "array", minItems: 1, uniqueItems: true, items: nonEmpty }),
      proofOfDelivery: valued({ type: "boolean" }),
    }),
    reasons: object({
      maximum: valued({ type: "integer", minimum: 1, maximum: 10 }),
      forbidden: valued(reasonList),
    }),
    humanReview: object({ right: valued({ type: "boolean" }) }),
    belowDrawnAllowed: valued({ type: "boolean" }),
  }),
};

function object(properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function valued(value: Schema): Schema {
  return object({
    value,
    status: { type: "string", enum: ["confirmed", "unconfirmed", "contract"] },
    source: nonEmpty,
  });
}
