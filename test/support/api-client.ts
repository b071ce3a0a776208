// Calls of the API in tests: injected, no port, no network.

import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { randomUUID } from "node:crypto";

export type Call = Readonly<{
  method?: "GET" | "POST" | "DELETE" | "PUT";
  url: string;
  /** bearer key */
  key?: string | undefined;
  /** absent: a fresh one for changes */
  idempotencyKey?: string | null;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}>;

/** Sends one request. Bodies go as JSON. */
export function call(app: FastifyInstance, asked: Call): Promise<LightMyRequestResponse> {
  const { method = "GET", key, idempotencyKey, body } = asked;
  const change = method !== "GET" && idempotencyKey !== null;
  const options: InjectOptions = {
    method,
    url: asked.url,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(change ? { "idempotency-key": idempotencyKey ?? randomUUID() } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...asked.headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  };
  return app.inject(options);
}

/** The code of a problem answer, checked for the shape every problem has. */
export function problemCode(response: LightMyRequestResponse): string {
  const problem = response.json<Readonly<Record<string, unknown>>>();
  const type = String(response.headers["content-type"]);
  const whole =
    type.startsWith("application/problem+json") &&
    problem["status"] === response.statusCode &&
    problem["request_id"] === response.headers["request-id"] &&
    problem["type"] === `/problems/${String(problem["code"])}` &&
    ["title", "detail", "instance"].every((field) => typeof problem[field] === "string");
  if (!whole) throw new Error(`Not a problem document: ${type} ${response.body}`);
  return String(problem["code"]);
}
