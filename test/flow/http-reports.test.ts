// Reports over the API: the shelf and who has seen what, every form of a report, and making one once per key.

import type { LightMyRequestResponse } from "fastify";
import { beforeAll, describe, expect, test } from "vitest";
import { businessDay, memoryParts, testApi, type TestApi } from "../support/api.ts";

let api: TestApi;

beforeAll(async () => {
  api = await testApi(memoryParts());
});

type Headers = Readonly<Record<string, string>>;

const as = (key: string, more: Headers = {}): Headers => ({
  authorization: `Bearer ${key}`,
  ...more,
});

function get(url: string, key: string, more: Headers = {}): Promise<LightMyRequestResponse> {
  return api.app.inject({ method: "GET", url, headers: as(key, more) });
}

function make(
  key: string,
  idempotencyKey: string,
  payload: Readonly<Record<string, unknown>> = {},
): Promise<LightMyRequestResponse> {
  const headers = as(key, { "idempotency-key": idempotencyKey });
  return api.app.inject({ method: "POST", url: "/v1/reports", headers, payload });
}

type Row = Readonly<{ id: string; portfolio: string | null; read: boolean; asOf: string }>;

describe("making a report", () => {
  test("keeps one per key, of the present day where none is named", async () => {
    const first = await make(api.keys.analyst, "report-key-1");
    const again = await make(api.keys.analyst, "report-key-1");
    expect(first.statusCode).toBe(201);
    expect(first.json()).toMatchObject({ kind: "daily", asOf: businessDay, portfolio: null });
    expect(again.json()).toEqual(first.json());
    expect(first.headers["location"]).toBe(`/v1/reports/${first.json<Row>().id}`);
  });

  test("is refused for a future date, another portfolio and a borrower", async () => {
    const future = await make(api.keys.analyst, "report-key-2", { asOf: "2030-01-01" });
    expect([future.statusCode, future.json<{ code: string }>().code]).toEqual([422, "future-date"]);
    const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
    const narrow = await api.keyFor(["analyst"], scope, "narrow-maker");
    const other = await make(narrow, "report-key-3", { portfolio: "loans" });
    expect(other.json<{ code: string }>().code).toBe("out-of-scope");
    expect((await make(api.keys.borrower, "report-key-4")).statusCode).toBe(403);
  });
});

describe("the shelf", () => {
  test("is had as a table too", async () => {
    await make(api.keys.analyst, "report-key-table", { portfolio: "cards" });
    const table = await get("/v1/reports?format=csv&portfolio=cards", api.keys.auditor);
    expect(table.headers["content-type"]).toBe("text/csv; charset=utf-8");
    const [head, row] = table.body.split("\r\n");
    expect(head).toBe("\uFEFFAs of,Portfolio,Made at,Made by,Read,SHA-256,Report id");
    expect(row).toMatch(new RegExp(`^${businessDay},cards,.*,false,[0-9a-f]{64},`));
  });

  test("shows reports of the scope, and what the account has opened", async () => {
    await make(api.keys.analyst, "report-key-5", { portfolio: "cards" });
    const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
    const narrow = await api.keyFor(["auditor"], scope, "narrow-reader");
    const list = async (): Promise<Readonly<{ data: readonly Row[]; unread: number }>> =>
      (await get("/v1/reports", narrow)).json();
    const before = await list();
    expect(before.data.map(({ portfolio, read }) => [portfolio, read])).toEqual([["cards", false]]);
    expect(before.unread).toBe(1);
    await get(`/v1/reports/${before.data[0]!.id}`, narrow);
    expect(await list()).toMatchObject({ data: [{ read: true }], unread: 0 });
  });

  test("hides a report of every portfolio from who reaches some", async () => {
    const { id } = (await make(api.keys.analyst, "report-key-6")).json<Row>();
    const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
    const narrow = await api.keyFor(["auditor"], scope, "narrow-looker");
    expect((await get(`/v1/reports/${id}`, narrow)).statusCode).toBe(404);
    expect((await get("/v1/reports", api.keys.borrower)).statusCode).toBe(403);
  });
});

describe("one report", () => {
  test.each([
    ["?format=html&lang=zh", "*/*", "text/html", "每日风险报告"],
    ["?format=md&lang=en", "*/*", "text/markdown", "# Daily risk report"],
    ["", "text/html", "text/html", "<!doctype html>"],
    ["", "*/*", "application/json", '"schema":"tidemark/daily-report/1"'],
    ["?format=pdf", "*/*", "application/pdf", "%PDF-1.7"],
  ])("with %s and Accept %s is %s", async (query, accept, type, text) => {
    const { id } = (await make(api.keys.analyst, "report-key-7")).json<Row>();
    const answer = await get(`/v1/reports/${id}${query}`, api.keys.auditor, { accept });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toContain(type);
    expect(answer.body).toContain(text);
  });

  test("has the hash of its bytes as a tag", async () => {
    const made = (await make(api.keys.analyst, "report-key-8")).json<Row & { hash: string }>();
    const answer = await get(`/v1/reports/${made.id}`, api.keys.auditor);
    expect(answer.headers["etag"]).toBe(`"${made.hash}"`);
    expect(api.world.ids.sha256(answer.body)).toBe(made.hash);
  });

  test("as a page runs nothing and is framed by our own pages only", async () => {
    const { id } = (await make(api.keys.analyst, "report-key-9")).json<Row>();
    const { headers } = await get(`/v1/reports/${id}?format=html`, api.keys.auditor);
    expect(headers["content-security-policy"]).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; .*frame-ancestors 'self'$/,
    );
    expect(headers["x-frame-options"]).toBe("SAMEORIGIN");
  });

  test("that does not exist is not found", async () => {
    const id = "00000000-0000-8000-8000-000000000000";
    expect((await get(`/v1/reports/${id}`, api.keys.auditor)).statusCode).toBe(404);
  });
});
