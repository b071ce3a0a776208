// Nobody's input makes the server fail: requests are drawn from the OpenAPI document itself, half of them made
// to fit it and half to break it, and none may be answered with 5xx or with something undocumented.

import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";

type Json = Readonly<Record<string, unknown>>;
type Schema = Json &
  Readonly<{
    type?: string;
    enum?: readonly unknown[];
    pattern?: string;
    format?: string;
    minimum?: number;
    maximum?: number;
    maxLength?: number;
    properties?: Readonly<Record<string, Schema>>;
    required?: readonly string[];
  }>;
type Parameter = Readonly<{ in: string; name: string; required?: boolean; schema: Schema }>;
type Operation = Readonly<{
  parameters?: readonly Parameter[];
  requestBody?: Readonly<{ content: Readonly<Record<string, Readonly<{ schema: Schema }>>> }>;
  "x-roles"?: readonly string[];
}>;

const runs = Number(process.env["TIDEMARK_FUZZ_RUNS"] ?? 1_500);
const seed = Number(process.env["TIDEMARK_FUZZ_SEED"] ?? Date.now() % 2 ** 31);

let api: TestApi;
let operations: readonly Readonly<{ method: string; path: string; operation: Operation }>[];
let knownIds: readonly string[];

beforeAll(async () => {
  api = await testApi(memoryParts());
  const document = (await call(api.app, { url: "/openapi.json" })).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  // Signing in is left out: it costs a password hash each time and has its own tests.
  operations = Object.entries(document.paths)
    .filter(([path]) => path !== "/v1/sign-in")
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    );
  const { first, second } = api;
  knownIds = [first, second].flatMap((one) => [one.lineId, one.decisionId, one.reviewId]);
});

const nasty = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "null", "-1", "1e309", "%00", "\0", "\ud800", "../..", "' or 1=1 --", "ⅷ", "＝1+1"),
  fc.constantFrom("__proto__", "constructor", "toString", "9007199254740993", "2026-02-30"),
);

const anything: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.jsonValue({ maxDepth: 4 }),
  fc.double(),
  fc.constantFrom(null, true, -0, 2 ** 53, -(2 ** 53), Number.MAX_VALUE),
);

/** Values that the schema allows, as far as it is simple; where it is not, anything. */
function fitting(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.pattern?.startsWith("^[0-9a-f]{8}") === true) {
    return fc.oneof(fc.constantFrom(...knownIds), fc.uuid());
  }
  if (schema.pattern !== undefined) {
    return fc.oneof(fc.stringMatching(new RegExp(schema.pattern)), fc.constantFrom("1", "nothing"));
  }
  if (schema.format === "date") {
    const noInvalidDate = true;
    return fc.date({ noInvalidDate }).map((date) => date.toISOString().slice(0, 10));
  }
  switch (schema.type) {
    case "string":
      return fc.string({ minLength: 1, maxLength: Math.min(schema.maxLength ?? 50, 50) });
    case "integer": {
      const max = schema.maximum ?? Number.MAX_SAFE_INTEGER;
      return fc.integer({ min: Math.max(schema.minimum ?? 0, -(2 ** 53) + 1), max });
    }
    case "number":
      return fc.double();
    case "boolean":
      return fc.boolean();
    case "object":
      return schema.properties === undefined ? fc.dictionary(fc.string(), anything) : record(schema);
    default:
      return anything;
  }
}

function record(schema: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {});
  return fc.record(Object.fromEntries(fields.map(([name, field]) => [name, fitting(field)])), {
    requiredKeys: [...(schema.required ?? [])],
  });
}

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: good, weight: 3 }, { arbitrary: bad, weight: 1 });

type Request = Readonly<{ role: string; url: string; headers: Json; body: unknown }>;

function requestFor(path: string, operation: Operation): fc.Arbitrary<Request> {
  const parameters = operation.parameters ?? [];
  const values = (place: string): fc.Arbitrary<Record<string, unknown>> =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [name, mostly(fitting(schema), nasty)]),
      ),
      place === "path" ? {} : { requiredKeys: [] },
    );
  const schema = operation.requestBody?.content["application/json"]?.schema;
  return fc
    .record({
      role: fc.constantFrom(...(operation["x-roles"] ?? ["auditor"])),
      path: values("path"),
      query: values("query"),
      headers: values("header"),
      body: schema === undefined ? fc.constant(undefined) : mostly(fitting(schema), anything),
    })
    .map(({ path: inPath, query, ...rest }) => ({ ...rest, url: urlOf(path, inPath, query) }));
}

function urlOf(path: string, inPath: Json, query: Json): string {
  const encoded = (value: unknown): string => encodeURIComponent(String(value).toWellFormed());
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(inPath[name]));
  const asked = Object.entries(query).map(([name, value]) => `${name}=${encoded(value)}`);
  return asked.length === 0 ? filled : `${filled}?${asked.join("&")}`;
}

/** Only bytes that HTTP carries in a header at all. */
function headerText(value: unknown): string {
  return String(value).replaceAll(/[^\x20-\x7e]/g, "?");
}

test(`no request drawn from the document is answered with 5xx (seed ${seed})`, async () => {
  const drawn = fc
    .integer({ min: 0, max: operations.length - 1 })
    .chain((at) => {
      const { method, path, operation } = operations[at]!;
      return requestFor(path, operation).map((request) => ({ ...request, method }));
    });
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(drawn, async ({ method, role, url, headers, body }) => {
      const response = await call(api.app, {
        method: method.toUpperCase() as "GET",
        url,
        key: api.keys[role as keyof typeof api.keys],
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, headerText(value)]),
        ),
        body,
      });
      seen.set(response.statusCode, (seen.get(response.statusCode) ?? 0) + 1);
      const ready = response.statusCode < 500;
      if (!ready) throw new Error(`${method} ${url}: ${response.statusCode} ${api.logged().slice(-2_000)}`);
      if (response.statusCode >= 400) problemCode(response);
    }),
    { seed, numRuns: runs, endOnFailure: false },
  );
  // The draw reaches both sides: input that is accepted and input that is refused.
  expect(seen.get(200) ?? 0).toBeGreaterThan(0);
  expect((seen.get(422) ?? 0) + (seen.get(404) ?? 0)).toBeGreaterThan(0);
}, 120_000);
