// Whatever is wrong with a request, the answer is a problem document that says so, in the reader's language,
// under the request's own name, without a word about the inside.

import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Fault } from "../../src/adapters/fault.ts";
import { problemCatalogue } from "../../src/adapters/http/problem-catalogue.ts";
import { memoryParts, testApi, type Parts, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";

let api: TestApi;
let parts: Parts;
let failing: Error | null = null;

beforeAll(async () => {
  const memory = memoryParts();
  const { reads } = memory.store;
  const lines: typeof reads.lines = async (page, filter) => {
    if (failing !== null) throw failing;
    return reads.lines(page, filter);
  };
  parts = { ...memory, store: { ...memory.store, reads: { ...reads, lines } } };
  api = await testApi(parts);
});

afterAll(() => api.app.close());

test("an unknown address is a problem", async () => {
  const response = await call(api.app, { url: "/v1/nothing" });
  expect([response.statusCode, problemCode(response)]).toEqual([404, "no-such-route"]);
});

test("the title speaks the language of the request, else of the account", async () => {
  const url = `/v1/lines/${api.second.lineId}`;
  const zh = await call(api.app, {
    ...{ url, key: api.keys.borrower },
    headers: { "accept-language": "zh-CN,zh;q=0.9" },
  });
  expect(zh.json()).toMatchObject({ title: "未找到" });
  expect(zh.headers["content-language"]).toBe("zh");
  const en = await call(api.app, { url, key: api.keys.borrower });
  expect(en.json()).toMatchObject({ title: "Not found" });
});

const broken: readonly Readonly<[string, string, string, number, string]>[] = [
  ["JSON that is cut off", '{"a":', "application/json", 400, "malformed"],
  ["__proto__ as a field", '{"__proto__":{"x":1}}', "application/json", 400, "malformed"],
  [
    "constructor.prototype",
    '{"constructor":{"prototype":{}}}',
    "application/json",
    400,
    "malformed",
  ],
  ["U+0000 in a text", '{"note":"a\\u0000b"}', "application/json", 400, "malformed"],
  ["half a surrogate pair", '{"note":"\\ud800"}', "application/json", 400, "malformed"],
  [
    "nesting without end",
    `{"note":${"[".repeat(9_999)}${"]".repeat(9_999)}}`,
    "application/json",
    400,
    "malformed",
  ],
  ["a form", "note=a", "application/x-www-form-urlencoded", 415, "unsupported-media-type"],
  [
    "a body that is too large",
    `{"note":"${"x".repeat(300_000)}"}`,
    "application/json",
    413,
    "too-large",
  ],
  ["a list", "[]", "application/json", 422, "invalid"],
  ["an unknown field", '{"nothing":1}', "application/json", 422, "invalid"],
];

test.each(broken)("%s is refused", async (_name, payload, type, status, code) => {
  const response = await api.app.inject({
    method: "POST",
    url: `/v1/review-cases/${api.first.reviewId}/approve`,
    headers: {
      authorization: `Bearer ${api.keys.reviewer}`,
      "content-type": type,
      "idempotency-key": "broken-0001",
    },
    payload,
  });
  expect([response.statusCode, problemCode(response)]).toEqual([status, code]);
});

const badQueries = [
  ["/v1/lines?limit=0", "/limit"],
  ["/v1/lines?limit=201", "/limit"],
  ["/v1/lines?limit=ten", "/limit"],
  ["/v1/lines?status=open", "/status"],
  ["/v1/lines?after=%20", "/after"],
  ["/v1/lines?after=bm9uc2Vuc2U", "/after"],
  ["/v1/decisions?lineId=1", "/lineId"],
  ["/v1/sweeps?after=1", "/after"],
] as const;

test.each(badQueries)("%s is refused at %s", async (url, pointer) => {
  const response = await call(api.app, { url, key: api.keys.auditor });
  expect([response.statusCode, problemCode(response)]).toEqual([422, "invalid"]);
  expect(response.json()).toMatchObject({ errors: [{ in: "query", pointer }] });
});

test("a cursor of another list is refused, never taken for the beginning", async () => {
  const page = await call(api.app, { url: "/v1/lines?limit=1", key: api.keys.auditor });
  const { next } = page.json<{ next: string }>();
  const response = await call(api.app, { url: `/v1/notices?after=${next}`, key: api.keys.auditor });
  expect([response.statusCode, problemCode(response)]).toEqual([422, "invalid"]);
});

test.each(["/v1/lines/1", "/v1/lines/..%2f..%2fetc", "/v1/strategies/x/0"])(
  "%s names nothing that exists",
  async (url) => {
    const response = await call(api.app, { url, key: api.keys.auditor });
    expect([response.statusCode, problemCode(response)]).toEqual([404, "not-found"]);
  },
);

test.each(["/v1/lines/%E0%A4%A", "/v1/lines/%00"])("the address %s is malformed", async (url) => {
  const response = await call(api.app, { url, key: api.keys.auditor });
  expect([response.statusCode, problemCode(response)]).toEqual([400, "malformed"]);
});

test("a fault that may pass is 503 with Retry-After, one that may not is 500, and neither tells", async () => {
  const secret = "connection to db-internal-7 refused";
  failing = new Fault(secret, { retryable: true });
  const passing = await call(api.app, { url: "/v1/lines", key: api.keys.auditor });
  expect([passing.statusCode, problemCode(passing)]).toEqual([503, "unavailable"]);
  expect(Number(passing.headers["retry-after"])).toBeGreaterThan(0);
  failing = new TypeError(secret);
  const lasting = await call(api.app, { url: "/v1/lines", key: api.keys.auditor });
  expect([lasting.statusCode, problemCode(lasting)]).toEqual([500, "internal"]);
  expect(passing.body + lasting.body).not.toContain("db-internal");
  expect(lasting.body).not.toContain(".ts");
  expect(api.logged()).toContain(String(lasting.headers["request-id"]));
  failing = null;
});

test("a valid Request-Id comes back, another is replaced", async () => {
  const named = await call(api.app, {
    url: "/healthz",
    headers: { "request-id": "console-2026-01" },
  });
  expect(named.headers["request-id"]).toBe("console-2026-01");
  for (const id of ["short", "with space and more", "x".repeat(200), "<script>alert(1)"]) {
    const replaced = await call(api.app, { url: "/healthz", headers: { "request-id": id } });
    expect(replaced.headers["request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test("every answer forbids sniffing, framing, foreign use and keeping", async () => {
  for (const url of ["/healthz", "/v1/lines", "/nothing", "/problems/invalid"]) {
    const { headers } = await call(api.app, { url });
    expect(headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["x-powered-by"]).toBeUndefined();
  }
});

test("every problem has its page in both languages", async () => {
  const list = await call(api.app, { url: "/problems" });
  expect(list.headers["content-type"]).toBe("text/html; charset=utf-8");
  for (const [code, { title, help }] of Object.entries(problemCatalogue)) {
    const page = await call(api.app, { url: `/problems/${code}` });
    expect(page.statusCode).toBe(200);
    for (const text of [title.zh, title.en, help.zh]) expect(page.body).toContain(text);
    expect(list.body).toContain(`/problems/${code}"`);
  }
  expect((await call(api.app, { url: "/problems/toString" })).statusCode).toBe(404);
});

test("bytes that are no HTTP are answered with a problem too", async () => {
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = api.app.server.address() as Readonly<{ port: number }>;
  const ask = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
      let answer = "";
      socket.on("data", (chunk) => (answer += chunk.toString("utf8")));
      socket.on("close", () => resolve(answer));
      socket.on("error", reject);
    });
  expect(await ask("HELLO\r\n\r\n")).toMatch(
    /^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*"malformed"/,
  );
  const header = `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(70_000)}\r\n\r\n`;
  expect(await ask(header)).toMatch(/^HTTP\/1\.1 431 /);
});
