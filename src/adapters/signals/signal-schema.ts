// The catalogue of signals as JSON Schema 2020-12 and one example of each type. Both are made from the catalogue, so
// that what is published and what is checked cannot differ.

import { currencyExponents } from "../../domain/money.ts";
import {
  codePattern,
  eventTypePrefix,
  signalCatalogue,
  signalTypes,
  type PayloadField,
  type SignalSubject,
  type SignalType,
} from "../../domain/signal-catalogue.ts";
import type { Text } from "../../domain/text.ts";

type Json = Readonly<Record<string, unknown>>;

/** What the subject of an event names. */
export const subjectTexts: Readonly<Record<SignalSubject, Text>> = {
  line: { en: "Reference or id of the line", zh: "授信引用号或编号" },
  customer: { en: "Reference or id of the customer", zh: "客户号或编号" },
  environment: { en: "Name of what it is about", zh: "所涉事项的名称" },
};

/** Schema of a whole CloudEvent of one type. */
export function eventSchema(type: SignalType): Json {
  const { label, about } = signalCatalogue[type];
  return {
    title: eventTypePrefix + type,
    description: both(label),
    type: "object",
    required: ["specversion", "id", "source", "type", "subject", "data"],
    anyOf: [{ required: ["time"] }, { required: ["asof"] }],
    properties: {
      specversion: { const: "1.0" },
      id: { type: "string", minLength: 1, maxLength: 200 },
      source: { type: "string", minLength: 1, maxLength: 200, format: "uri-reference" },
      type: { const: eventTypePrefix + type },
      subject: {
        ...{ type: "string", minLength: 1, maxLength: 200 },
        description: both(subjectTexts[about]),
      },
      time: { type: "string", format: "date-time" },
      asof: {
        ...{ type: "string", format: "date" },
        description: both({
          en: "Day of the books; absent: the day of time in the lender's time zone",
          zh: "账务日期；不填为 time 在机构时区的日期",
        }),
      },
      datacontenttype: { const: "application/json" },
      dataschema: { type: "string", format: "uri-reference" },
      data: payloadSchema(type),
    },
  };
}

/** Schema of the payload of one type. */
export function payloadSchema(type: SignalType): Json {
  const fields = Object.entries(signalCatalogue[type].fields);
  return {
    type: "object",
    additionalProperties: false,
    required: fields.filter(([, field]) => field.required === true).map(([name]) => name),
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field)])),
  };
}

/** The whole catalogue as one schema: an event of any of the types. */
export function catalogueSchema(): Json {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Tidemark signals",
    description: both({
      en: "Signals as CloudEvents 1.0, one definition for each type",
      zh: "CloudEvents 1.0 信号，每类型一项定义",
    }),
    oneOf: signalTypes.map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(signalTypes.map((type) => [type, eventSchema(type)])),
  };
}

/** An event of one type with every field. */
export function exampleEvent(type: SignalType): Json {
  const { about, fields } = signalCatalogue[type];
  const data = Object.entries(fields).map(([name, field]) => [name, exampleValue(name, field)]);
  return {
    specversion: "1.0",
    id: `${type}-0001`,
    source: "/core-banking",
    type: eventTypePrefix + type,
    subject: exampleSubjects[about],
    time: "2026-03-01T09:30:00Z",
    datacontenttype: "application/json",
    data: Object.fromEntries(data),
  };
}

const exampleSubjects: Readonly<Record<SignalSubject, string>> = {
  line: "L-000001",
  customer: "C-000001",
  environment: "CN",
};

function fieldSchema(field: PayloadField): Json {
  const unit = field.unit === undefined ? "" : ` (${field.unit})`;
  const description = both({ en: field.label.en + unit, zh: field.label.zh + unit });
  return { ...shapeOf(field), description };
}

function shapeOf({ type, minimum, maximum, values }: PayloadField): Json {
  switch (type) {
    case "integer":
      return { type: "integer", minimum, maximum };
    case "money":
      return {
        type: "object",
        additionalProperties: false,
        required: ["amount", "currency"],
        properties: {
          amount: { type: "integer", minimum, maximum },
          currency: { enum: Object.keys(currencyExponents) },
        },
      };
    case "date":
      return { type: "string", format: "date" };
    case "boolean":
      return { type: "boolean" };
    case "code":
      return { type: "string", pattern: codePattern.source };
    case "enum":
      return { enum: values };
    case "facts":
      return {
        type: "object",
        additionalProperties: { type: ["integer", "string", "boolean", "null"], maxLength: 200 },
      };
  }
}

function exampleValue(name: string, { type, minimum = 0, values }: PayloadField): unknown {
  switch (type) {
    case "integer":
      return Math.max(minimum, exampleNumber);
    case "money":
      return { amount: 120_000, currency: "CNY" };
    case "date":
      return "2026-03-01";
    case "boolean":
      return true;
    case "code":
      return name === "region" ? "east" : "A-17";
    case "enum":
      return values![0];
    case "facts":
      return { bureauScore: 540 };
  }
}

const exampleNumber = 35;

function both({ en, zh }: Text): string {
  return `${en} · ${zh}`;
}
