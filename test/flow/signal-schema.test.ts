// What is published about signals is what is checked: schemas compile, take the examples, refuse what the checks refuse,
// and the AsyncAPI document has every message at every address.

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { signalTypes } from "../../src/domain/signal-catalogue.ts";
import { readCloudEvent } from "../../src/flow/cloud-event.ts";
import { asyncApi } from "../../src/adapters/signals/async-api.ts";
import { catalogueSchema, exampleEvent } from "../../src/adapters/signals/signal-schema.ts";

type Json = Readonly<Record<string, unknown>>;

const formats = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}T/,
  "uri-reference": /^\S+$/,
};
const validate = new Ajv2020({ strictRequired: false, allowUnionTypes: true, formats }).compile(
  catalogueSchema(),
);
const reading = {
  dateOf: (at: Instant) => at.slice(0, 10) as BusinessDate,
  today: "2026-03-02" as BusinessDate,
  latest: "2026-03-02T12:00:00.000Z" as Instant,
};

test.each(signalTypes)("the schema takes the example of %s", (type) => {
  expect([validate(exampleEvent(type)), validate.errors]).toEqual([true, null]);
});

test.each(signalTypes)("schema and check agree on every field of %s left out or broken", (type) => {
  const event = exampleEvent(type);
  const data = event["data"] as Json;
  for (const name of Object.keys(data)) {
    const { [name]: _, ...without } = data;
    const broken = [undefined, null, -1e300, "�", {}, [], { amount: 1.5, currency: "CNY" }];
    for (const changed of [without, ...broken.map((value) => ({ ...data, [name]: value }))]) {
      const given = JSON.parse(JSON.stringify({ ...event, data: changed })) as Json;
      expect([name, changed, isRefusal(readCloudEvent(given, reading))]).toEqual([
        ...[name, changed, !validate(given)],
      ]);
    }
  }
});

test("the AsyncAPI document is whole: version, channels, operations, and no reference into nothing", () => {
  const document = asyncApi();
  expect(document).toMatchObject({ asyncapi: "3.0.0", info: { title: expect.any(String) } });
  const at = (reference: string): unknown =>
    reference
      .slice(2)
      .split("/")
      .reduce<unknown>((value, step) => {
        const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
        return (value as Json | undefined)?.[name];
      }, document);
  const references: string[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === "$ref") references.push(String(value));
    return value;
  });
  expect(references.length).toBeGreaterThan(signalTypes.length * 3);
  for (const reference of references) expect([reference, at(reference)]).not.toContain(undefined);
  const { channels, operations } = document as {
    channels: Record<string, { messages: Json }>;
    operations: Record<string, { action: string; channel: { $ref: string } }>;
  };
  for (const { messages } of Object.values(channels)) {
    expect(Object.keys(messages)).toEqual(signalTypes);
  }
  expect(Object.values(operations).map(({ action }) => action)).toEqual(["receive", "receive"]);
});
