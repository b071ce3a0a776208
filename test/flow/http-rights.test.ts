// Deny by default, walked over every route and every role: nobody gets in unsigned, no role gets what it is not
// named for, and nobody reaches a customer or portfolio outside the scope of his account.

import type { FastifyInstance, RouteOptions } from "fastify";
import Fastify from "fastify";
import { beforeAll, expect, test } from "vitest";
import { guardRoutes, type Access } from "../../src/adapters/http/access.ts";
import { roles, type Role } from "../../src/domain/actor.ts";
import { pipeline } from "../../src/flow/pipeline.ts";
import { memoryParts, testApi, type Planted, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";

let api: TestApi;
let documented: readonly Operation[];

type Operation = Readonly<{ method: Call["method"]; path: string; roles: readonly Role[] | null }>;

type Paths = Readonly<Record<string, Readonly<Record<string, Readonly<{ "x-roles"?: Role[] }>>>>>;

beforeAll(async () => {
  api = await testApi(memoryParts(), { openMetrics: false });
  const { paths } = (await call(api.app, { url: "/openapi.json" })).json<{ paths: Paths }>();
  documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase() as Call["method"],
      path,
      roles: operation["x-roles"] ?? null,
    })),
  );
});

/** The path with the ids of one customer's rows; ids that belong to nobody stay plausible. */
function pathFor(path: string, planted: Planted): string {
  const id = path.includes("/lines/")
    ? planted.lineId
    : path.includes("/decisions/")
      ? planted.decisionId
      : path.includes("/review-cases/")
        ? planted.reviewId
        : planted.customerId;
  return path
    .replace("{id}", path.includes("/strategies/") ? "nothing" : id)
    .replace("{version}", "1")
    .replace("{area}", "pace")
    .replace("{code}", "invalid");
}

const publicPaths = [
  "/v1/notice-receipts",
  "/v1/sign-in",
  "/problems",
  "/problems/{code}",
  "/healthz",
  "/readyz",
  "/openapi.json",
  "/asyncapi.json",
  "/schemas/signals.json",
  // Whoever writes here proves it by a signature.
  "/v1/signals/webhook",
];

test("exactly the routes meant for everybody are open", () => {
  const open = documented.filter((operation) => operation.roles === null);
  expect(open.map((operation) => operation.path).toSorted()).toEqual(publicPaths.toSorted());
});

test("every other route refuses who is not signed in, whatever he sends", async () => {
  for (const { method, path, roles: allowed } of documented) {
    if (allowed === null) continue;
    const url = pathFor(path, api.first);
    for (const headers of [{}, { authorization: "Bearer tm_000000000000_nonsense" }]) {
      const response = await call(api.app, { method: method!, url, headers, body: { junk: true } });
      expect([method, path, response.statusCode]).toEqual([method, path, 401]);
      expect(problemCode(response)).toBe("not-signed-in");
      expect(response.headers["www-authenticate"]).toContain("Bearer");
    }
  }
});

test("every route refuses every role that it does not name, and none that it names", async () => {
  let walked = 0;
  for (const { method, path, roles: allowed } of documented) {
    // What is told as it happens has no end to wait for: test/flow/http-live.test.ts.
    if (allowed === null || ["/v1/sign-out", "/v1/events"].includes(path)) continue;
    for (const role of roles) {
      const asked: Call = {
        method: method!,
        url: pathFor(path, api.first),
        key: api.keys[role],
        // A body that no route accepts: the right is judged before the input, and nothing happens.
        body: { junk: true },
      };
      const response = await call(
        api.app,
        method === "GET" ? { ...asked, body: undefined } : asked,
      );
      const forbidden = response.statusCode === 403 && problemCode(response) === "forbidden";
      expect([method, path, role, forbidden]).toEqual([
        method,
        path,
        role,
        !allowed.includes(role),
      ]);
      walked += 1;
    }
  }
  expect(walked).toBeGreaterThan(250);
});

test("the routes of commands name exactly the roles of the pipeline", () => {
  const collections = {
    line: "lines",
    decision: "decisions",
    "review-case": "review-cases",
    notice: "notices",
    offer: "offers",
    alert: "alerts",
    reminder: "reminders",
  };
  for (const step of pipeline) {
    for (const spec of Object.values(step.commands)) {
      const path = `/v1/${collections[spec.subject]}/{id}/${spec.verb ?? ""}`;
      const operation = documented.find((one) => one.method === "POST" && one.path === path);
      expect([path, operation?.roles ?? null]).toEqual([
        path,
        spec.verb === null ? null : spec.roles,
      ]);
    }
  }
});

test("a borrower reads what is his and nothing of anybody else", async () => {
  const key = api.keys.borrower;
  const own = await call(api.app, { url: `/v1/lines/${api.first.lineId}`, key });
  expect(own.statusCode).toBe(200);
  for (const path of ["/v1/lines/{id}", "/v1/lines/{id}/timeline", "/v1/decisions/{id}"]) {
    const other = await call(api.app, { url: pathFor(path, api.second), key });
    expect([path, other.statusCode, problemCode(other)]).toEqual([path, 404, "not-found"]);
  }
  for (const path of ["/v1/lines", "/v1/decisions", "/v1/notices", "/v1/offers"]) {
    const response = await call(api.app, { url: path, key });
    expect(response.statusCode).toBe(200);
    expect(response.body).not.toContain(api.second.customerId);
    expect(response.body).not.toContain(api.second.lineId);
  }
});

test("no list filter leads a borrower or a portfolio's reviewer to other rows", async () => {
  const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
  const narrow = await api.keyFor(["reviewer"], scope, "cards-reviewer");
  const { second } = api;
  const urls = [
    `/v1/lines?portfolio=loans`,
    `/v1/lines?reference=L-C-second`,
    `/v1/decisions?lineId=${second.lineId}`,
    `/v1/notices?lineId=${second.lineId}`,
    `/v1/review-cases?decisionId=${second.decisionId}`,
  ];
  for (const url of urls) {
    const everything = await call(api.app, { url, key: api.keys.auditor });
    const rows = everything.json<{ data: unknown[] }>().data.length;
    expect([url, rows]).toEqual([url, url.includes("notices") ? 0 : 1]);
    for (const key of [narrow, api.keys.borrower]) {
      const response = await call(api.app, { url, key });
      if ([403, 422].includes(response.statusCode)) continue;
      expect([url, response.json<{ data: unknown[] }>().data]).toEqual([url, []]);
    }
  }
});

test("a portfolio's reviewer neither sees nor works what lies in another portfolio", async () => {
  const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
  const key = await api.keyFor(["reviewer"], scope, "cards-reviewer-2");
  const seen = await call(api.app, { url: `/v1/review-cases/${api.first.reviewId}`, key });
  expect(seen.statusCode).toBe(200);
  const urls = [
    `/v1/lines/${api.second.lineId}`,
    `/v1/decisions/${api.second.decisionId}`,
    `/v1/decisions/${api.second.decisionId}/explanation`,
    `/v1/decisions/${api.second.decisionId}/replay`,
    `/v1/review-cases/${api.second.reviewId}`,
  ];
  for (const url of urls) {
    expect([url, (await call(api.app, { url, key })).statusCode]).toEqual([url, 404]);
  }
  const url = `/v1/review-cases/${api.second.reviewId}/approve`;
  const worked = await call(api.app, { method: "POST", url, key, body: {} });
  expect([worked.statusCode, problemCode(worked)]).toEqual([404, "not-found"]);
});

test("a borrower is not shown who decided, on which points, and what is not told yet", async () => {
  const key = api.keys.borrower;
  const before = await call(api.app, { url: `/v1/decisions/${api.first.decisionId}`, key });
  expect(before.statusCode).toBe(404);
  const approve = `/v1/review-cases/${api.first.reviewId}/approve`;
  const reviewer = { method: "POST", url: approve, key: api.keys.reviewer, body: {} } as const;
  expect((await call(api.app, reviewer)).statusCode).toBe(200);
  const told = await call(api.app, { url: `/v1/decisions/${api.first.decisionId}`, key });
  expect(told.statusCode).toBe(200);
  expect(told.json()).toMatchObject({
    state: "noticed",
    reasons: [{ code: "R10" }, { code: "R01" }],
  });
  const timeline = await call(api.app, { url: `/v1/lines/${api.first.lineId}/timeline`, key });
  const kinds = timeline.json<{ data: { kind: string }[] }>().data.map((event) => event.kind);
  expect(kinds).toEqual(["LineRegistered", "NoticeIssued"]);
  for (const hidden of ["assessment", "maker", "actor", "scores", "expectedLoss", "ann"]) {
    expect(told.body + timeline.body).not.toContain(`"${hidden}"`);
  }
});

test("an API key never does more than its account, and a disabled account does nothing", async () => {
  const { dependencies } = api;
  const auditor = await api.account("auditor");
  const key = await api.keyFor(["auditor"], { kind: "all" }, "leaving");
  expect((await call(api.app, { url: "/v1/me", key })).statusCode).toBe(200);
  const leaving = await api.account("leaving");
  await dependencies.accounts.assign(leaving.id, ["legal"], { kind: "all" });
  const weak = await call(api.app, { url: "/v1/lines", key });
  expect([weak.statusCode, problemCode(weak)]).toEqual([403, "forbidden"]);
  await dependencies.accounts.setDisabled(leaving.id, true);
  expect((await call(api.app, { url: "/v1/me", key })).statusCode).toBe(401);
  expect(auditor.disabled).toBe(false);
});

test("a route that states no access keeps the server from starting", () => {
  const app = Fastify() as unknown as FastifyInstance;
  guardRoutes(app, { ...api.dependencies, secure: false, origins: [] });
  const route = (access?: Access): RouteOptions => ({
    method: "GET",
    url: access === undefined ? "/forgotten" : "/stated",
    ...(access === undefined ? {} : { config: { access } }),
    handler: async () => "ok",
  });
  expect(() => app.route(route({ kind: "public" }))).not.toThrow();
  expect(() => app.route(route())).toThrow("Route states no access: GET /forgotten");
});
