// Requests drawn from the OpenAPI document itself, most of them made to fit it and some to break it. Every answer
// must be below 500, and every refusal a problem document.

import fc from "fast-check";
import type { TestApi } from "./api.ts";
import { call, problemCode } from "./api-client.ts";

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

type Operations = readonly Readonly<{ method: string; path: string; operation: Operation }>[];

async function operationsOf({ app }: TestApi): Promise<Operations> {
  const document = (await call(app, { url: "/openapi.json" })).json<{
    paths: Record<string, Record<string, Operation>>;
  }>();
  // Signing in costs a password hash each time, live events have no end: both have their own tests.
  return Object.entries(document.paths)
    .filter(([path]) => path !== "/v1/sign-in" && path !== "/v1/events")
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    );
}

const nasty = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom(
    "",
    "null",
    "-1",
    "1e309",
    "%00",
    "\0",
    "\ud800",
    "../..",
    "' or 1=1 --",
    "ⅷ",
    "＝1+1",
  ),
  fc.constantFrom("__proto__", "constructor", "toString", "9007199254740993", "2026-02-30"),
);

const anything: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.jsonValue({ maxDepth: 4 }),
  fc.double(),
  fc.constantFrom(null, true, -0, 2 ** 53, -(2 ** 53), Number.MAX_VALUE),
);

/** Values that the schema allows, as far as it is simple; where it is not, anything. */
function fitting(schema: Schema, knownIds: readonly string[]): fc.Arbitrary<unknown> {
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
      return schema.properties === undefined
        ? fc.dictionary(fc.string(), anything)
        : record(schema, knownIds);
    default:
      return anything;
  }
}

function record(schema: Schema, knownIds: readonly string[]): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {});
  return fc.record(
    Object.fromEntries(fields.map(([name, field]) => [name, fitting(field, knownIds)])),
    {
      requiredKeys: [...(schema.required ?? [])],
    },
  );
}

const mostly = <T>(good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: good, weight: 3 }, { arbitrary: bad, weight: 1 });

type Request = Readonly<{ role: string; url: string; headers: Json; body: unknown }>;

function requestFor(
  path: string,
  operation: Operation,
  knownIds: readonly string[],
): fc.Arbitrary<Request> {
  const parameters = operation.parameters ?? [];
  const values = (place: string): fc.Arbitrary<Record<string, unknown>> =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === place)
          .map(({ name, schema }) => [name, mostly(fitting(schema, knownIds), nasty)]),
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
      body:
        schema === undefined ? fc.constant(undefined) : mostly(fitting(schema, knownIds), anything),
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

/**
 * Sends `runs` drawn requests; fails on the first answer of 500 or above, with the log of it.
 * @returns how often each status was answered
 */
export async function fuzzApi(
  api: TestApi,
  { seed, runs }: Readonly<{ seed: number; runs: number }>,
): Promise<ReadonlyMap<number, number>> {
  const operations = await operationsOf(api);
  const { first, second } = api;
  const knownIds = [first, second].flatMap((one) => [one.lineId, one.decisionId, one.reviewId]);
  const drawn = fc
    .constantFrom(...operations)
    .chain(({ method, path, operation }) =>
      requestFor(path, operation, knownIds).map((request) => ({ ...request, method })),
    );
  const seen = new Map<number, number>();
  const property = fc.asyncProperty(drawn, async ({ method, role, url, headers, body }) => {
    const response = await call(api.app, {
      method: method.toUpperCase() as "GET",
      url,
      key: api.keys[role as keyof typeof api.keys],
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, headerText(value)]),
      ),
      body,
    });
    const { statusCode } = response;
    seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1);
    if (statusCode >= 500) {
      throw new Error(`${method} ${url}: ${statusCode} ${api.logged().slice(-2_000)}`);
    }
    if (statusCode >= 400) problemCode(response);
  });
  await fc.assert(property, { seed, numRuns: runs });
  return seen;
}

/** Runs and seed from the environment, so that a failure can be replayed: TIDEMARK_FUZZ_SEED=… */
export function fuzzSettings(runs: number): Readonly<{ seed: number; runs: number }> {
  return {
    runs: Number(process.env["TIDEMARK_FUZZ_RUNS"] ?? runs),
    seed: Number(process.env["TIDEMARK_FUZZ_SEED"] ?? Date.now() % 2 ** 31),
  };
}
