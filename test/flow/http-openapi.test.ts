// The OpenAPI document is valid, names every route, and says of answers what they are.

import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { RouteOptions } from "fastify";
import { beforeAll, expect, test } from "vitest";
import { buildServer } from "../../src/adapters/http/server.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call } from "../support/api-client.ts";

type Json = Readonly<Record<string, unknown>>;
type Operation = Readonly<{
  operationId: string;
  summary: string;
  requestBody?: Readonly<{ content: Record<string, Readonly<{ schema: Json }>> }>;
  responses: Readonly<Record<string, Readonly<{ content?: Record<string, { schema: Json }> }>>>;
}>;

let api: TestApi;
let document: Json & Readonly<{ paths: Record<string, Record<string, Operation>> }>;
let operations: readonly Readonly<[string, string, Operation]>[];

beforeAll(async () => {
  api = await testApi(memoryParts());
  document = (await call(api.app, { url: "/openapi.json" })).json();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method, path, operation] as const),
  );
});

test("it is a valid OpenAPI 3.1 document", async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result).toMatchObject({ valid: true });
  expect(document["openapi"]).toMatch(/^3\.1\./);
});

test("every route that the server has stands in it, and nothing else", async () => {
  const routes = new Set<string>();
  const app = buildServer(api.dependencies);
  app.addHook("onRoute", ({ method, url, schema }: RouteOptions) => {
    // The files of pages are no part of the interface.
    if (schema?.hide === true) return;
    if (url.startsWith("/reference/static/")) return;
    for (const one of [method].flat()) {
      if (one !== "HEAD") routes.add(`${one} ${url.replaceAll(/:(\w+)/g, "{$1}")}`);
    }
  });
  await app.ready();
  const described = operations.map(([method, path]) => `${method.toUpperCase()} ${path}`);
  expect(described.toSorted()).toEqual([...routes].toSorted());
});

test("operations have names of their own and summaries in both languages", () => {
  const names = operations.map(([, , operation]) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const [, path, { summary }] of operations) {
    expect([path, summary]).toEqual([path, expect.stringMatching(/[a-z].* · .*\p{Script=Han}/u)]);
  }
});

test("every schema in it compiles as JSON Schema 2020-12, with every reference resolved", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "tidemark");
  let compiled = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "schema") {
        ajv.compile(withBase(inner));
        compiled += 1;
      } else visit(inner);
    }
  };
  visit(document.paths);
  expect(compiled).toBeGreaterThan(100);
});

function withBase(schema: unknown): Json {
  return JSON.parse(
    JSON.stringify(schema).replaceAll('"#/components', '"tidemark#/components'),
  ) as Json;
}

test("real answers are what the document says", async () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "tidemark");
  const asked: readonly Readonly<[string, string]>[] = [
    ["/v1/lines", "/v1/lines"],
    ["/v1/lines/{id}", `/v1/lines/${api.first.lineId}`],
    ["/v1/lines/{id}/timeline", `/v1/lines/${api.first.lineId}/timeline`],
    ["/v1/decisions", "/v1/decisions"],
    ["/v1/decisions/{id}", `/v1/decisions/${api.first.decisionId}`],
    ["/v1/decisions/{id}/replay", `/v1/decisions/${api.first.decisionId}/replay`],
    ["/v1/review-cases", "/v1/review-cases"],
    ["/v1/review-cases/{id}", `/v1/review-cases/${api.first.reviewId}`],
    ["/v1/me", "/v1/me"],
    ["/v1/strategies", "/v1/strategies"],
    ["/v1/halts", "/v1/halts"],
    ["/v1/sweeps", "/v1/sweeps"],
    ["/v1/overview", "/v1/overview"],
    ["/v1/work", "/v1/work"],
    ["/v1/installation", "/v1/installation"],
    ["/v1/staff", "/v1/staff"],
    ["/v1/customers", "/v1/customers"],
    ["/v1/customers/{id}", `/v1/customers/${api.first.customerId}`],
    ["/v1/customers/{id}/timeline", `/v1/customers/${api.first.customerId}/timeline`],
    ["/v1/lines/{id}/facts", `/v1/lines/${api.first.lineId}/facts`],
    ["/v1/lines/{id}/signals", `/v1/lines/${api.first.lineId}/signals`],
  ];
  for (const [path, url] of asked) {
    const response = await call(api.app, { url, key: api.keys.auditor });
    const answer = document.paths[path]?.["get"]?.responses["200"]?.content?.["application/json"];
    const validate = ajv.compile(withBase(answer?.schema));
    expect([url, response.statusCode, validate(response.json()), validate.errors]).toEqual([
      ...[url, 200, true, null],
    ]);
  }
});

test("money is amount and currency wherever it stands", () => {
  const text = JSON.stringify(document["components"]);
  expect(text).not.toMatch(/"\w*Minor"/);
  expect(document).toMatchObject({
    components: { schemas: { Money: { required: ["amount", "currency"] } } },
  });
});
