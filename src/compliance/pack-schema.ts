// The form of a compliance pack as JSON Schema 2020-12. It is the only description of that form: `parsePack`
// interprets it, editors and other tools read the exported copy in compliance-packs/pack.schema.json.

import { causes } from "../domain/decision.ts";
import { noticeChannels } from "../domain/notice.ts";
import { reasonCodes } from "../domain/reason-code.ts";
import { agreements, contentDuties, gatedActions, noticeKinds, valueStatuses } from "./pack.ts";
import type { Schema } from "./schema-check.ts";

const nonEmpty: Schema = { type: "string", minLength: 1 };
const name: Schema = { type: "string", pattern: "^[a-z][a-z0-9-]*$" };
const date: Schema = { type: "string", format: "date" };
const yesOrNo: Schema = { type: "boolean" };
const text = object({ zh: nonEmpty, en: nonEmpty });
const counting = oneOf(["calendar", "business"]);
const days: Schema = { type: "integer", minimum: 0, maximum: 3650 };

const period = object(
  {
    when: oneOf(["before", "at", "after"]),
    months: { type: "integer", minimum: 0, maximum: 120 },
    days,
    counting,
  },
  ["months"],
);

const exception = object(
  { actions: listOf(oneOf(gatedActions)), causes: listOf(oneOf(causes)), period },
  ["actions"],
);

const channels = listOf(oneOf(noticeChannels));
const substitute = object({ channels, days, counting });

const hours: Schema = { type: "integer", minimum: 1, maximum: 8760 };
const timeOfDay: Schema = { type: "string", pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$" };

const regionZone = object({ regions: setOf(nonEmpty), zone: nonEmpty });

const deliveryRules = object({
  attempts: { type: "integer", minimum: 1, maximum: 20 },
  retryHours: hours,
  receiptHours: hours,
  escalateHours: hours,
  personHours: hours,
  quietHours: {
    ...object({ channels, from: timeOfDay, to: timeOfDay, zones: listOf(regionZone) }, ["zones"]),
    type: ["object", "null"],
  },
});

const adverseActionRule = object({
  id: name,
  if: object(
    {
      actions: listOf(oneOf(gatedActions)),
      causes: listOf(oneOf(causes)),
      classWide: yesOrNo,
      presentlyOverdue: yesOrNo,
      agreements: listOf(oneOf(agreements)),
    },
    ["actions", "causes", "classWide", "presentlyOverdue", "agreements"],
  ),
  notice: { type: ["string", "null"], enum: [...noticeKinds, null] },
  content: setOf(oneOf(contentDuties)),
  contentIfBureau: setOf(oneOf(contentDuties)),
  says: text,
});

const mandatoryReview = object({
  actions: listOf(oneOf(gatedActions)),
  causes: listOf(oneOf(causes)),
});

const span = object({
  length: { type: "integer", minimum: 0, maximum: 3650 },
  unit: oneOf(["day", "business-day", "week", "month", "year"]),
});

const duties = object({
  reasons: object({
    required: open(yesOrNo),
    specific: open(yesOrNo),
    onRequest: open(object({ askWithin: span, answerWithin: span })),
    forbiddenTexts: open(setOf(nonEmpty)),
  }),
  scoreDisclosure: open(
    object({
      items: listOf(nonEmpty),
      maximumKeyFactors: { type: "integer", minimum: 0, maximum: 10 },
      extraFactor: yesOrNo,
    }),
  ),
  consent: object({
    increase: open(yesOrNo),
    decrease: open(yesOrNo),
    products: open(listOf(nonEmpty)),
  }),
  explanation: open(text),
  automation: open(text),
  overLimitGrace: open(object({ feeDays: days, penaltyRateDays: days })),
  excessRepayment: open(
    object({ instalments: { type: "integer", minimum: 1, maximum: 120 }, extraCost: yesOrNo }),
  ),
  closure: object({
    onRequest: open(span),
    dormant: open(object({ idle: span, answerWithin: span })),
    forbiddenGrounds: open(listOf(text)),
  }),
  voluntaryDecrease: open(
    object({
      within: { ...span, type: ["object", "null"] },
      online: yesOrNo,
      mayDissuade: yesOrNo,
    }),
  ),
  complaint: object({
    acknowledge: open(span),
    final: open(span),
    extension: open(span),
    outside: open(object({ name: text, within: { ...span, type: ["object", "null"] } })),
  }),
  retention: object({ records: open(span), assessment: open(span), logs: open(span) }),
  creditBureau: object({
    noticeBeforeReport: open(yesOrNo),
    dispute: open(span),
    negativeShown: open(span),
  }),
  fairness: open(text),
  modelGovernance: open(text),
  periodicReview: open(span),
});

/** JSON Schema of a compliance pack: unknown fields are refused, every value has status and source. */
export const packSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:tidemark:compliance-pack:1",
  title: "Tidemark compliance pack",
  ...object({
    id: name,
    version: { type: "integer", minimum: 1, maximum: 999_999 },
    jurisdiction: name,
    label: text,
    release: text,
    productScope: listOf(nonEmpty),
    effectiveFrom: date,
    effectiveTo: { type: ["string", "null"], format: "date" },
    calendar: name,
    notice: object({
      decrease: valued(period),
      freeze: valued(period),
      close: valued(period),
      exceptions: { type: "array", items: valued(exception) },
      channels: valued(channels),
      proofOfDelivery: valued(yesOrNo),
      substitutes: { type: "array", items: valued(substitute) },
      shortFormSuffices: valued(yesOrNo),
      delivery: valued(deliveryRules),
    }),
    adverseAction: { type: "array", minItems: 1, items: valued(adverseActionRule) },
    reasons: object({
      maximum: valued({ type: "integer", minimum: 1, maximum: 10 }),
      forbidden: valued(setOf(oneOf(Object.keys(reasonCodes)))),
    }),
    humanReview: object({
      right: valued(yesOrNo),
      mandatory: { type: "array", items: valued(mandatoryReview) },
    }),
    belowDrawnAllowed: valued(yesOrNo),
    duties,
  }),
};

function oneOf(names: readonly string[]): Schema {
  return { type: "string", enum: names };
}

/** A list without repeats that may be empty. */
function setOf(items: Schema): Schema {
  return { type: "array", uniqueItems: true, items };
}

function listOf(items: Schema): Schema {
  return { type: "array", minItems: 1, uniqueItems: true, items };
}

function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    additionalProperties: false,
  };
}

function valued(value: Schema): Schema {
  return object({
    value,
    status: oneOf(valueStatuses),
    source: nonEmpty,
  });
}

/** A value that may be null: nothing was read. */
function open(value: Schema): Schema {
  return { ...valued(value), type: ["object", "null"] };
}
