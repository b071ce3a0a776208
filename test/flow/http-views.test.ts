// What pages are made of, over the API: a portfolio in view, the work that waits, customers, facts, tables of lists,
// and holding a sweep. What the SQL behind it finds is tested in test/db/views.test.ts.

import { beforeAll, expect, test } from "vitest";
import type { Preparation } from "../../src/adapters/http/dependencies.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { transact } from "../../src/flow/transact.ts";
import {
  businessDay,
  businessNow,
  memoryParts,
  plant,
  testApi,
  type TestApi,
} from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";
import { memoryViews } from "../support/memory-views.ts";
import { strategyDocument } from "../support/strategy-document.ts";

type Json = Readonly<Record<string, unknown>>;
type Rows = Readonly<{ data: Json[]; next: string | null }>;

let api: TestApi;
let narrow: string;

beforeAll(async () => {
  api = await testApi(memoryParts());
  const scope = { kind: "portfolios", portfolios: ["cards"] } as const;
  narrow = await api.keyFor(["auditor", "operator"], scope, "cards-only");
});

async function read<Body = Json>(url: string, key = api.keys.auditor): Promise<Body> {
  const response = await call(api.app, { url, key });
  expect([url, response.statusCode]).toEqual([url, 200]);
  return response.json<Body>();
}

test("the overview counts lines, decisions and reviews of the reader's scope", async () => {
  const all = await read("/v1/overview");
  expect(all).toMatchObject({
    ...{ asOf: businessDay, demo: false, openReviews: 2, overdueReviews: 0 },
    totals: [{ currency: "CNY", lines: 2, limit: { amount: 2_000_000, currency: "CNY" } }],
    byRegion: [{ key: "unknown", label: { zh: "未知", en: "Unknown" }, lines: 2 }],
    decisions: {
      byState: [{ key: "in-review", count: 2 }],
      byAction: [{ key: "decrease", count: 2, removed: [{ amount: 800_000, currency: "CNY" }] }],
    },
    sweeps: { running: 0, lastDone: null },
  });
  expect(await read("/v1/overview", narrow)).toMatchObject({ openReviews: 1 });
});

test("a portfolio that is mistyped or out of scope is refused with those that it could be", async () => {
  const lists = [
    ...["/v1/overview", "/v1/lines", "/v1/reports"],
    ...["/v1/decisions", "/v1/review-cases", "/v1/notices"],
  ];
  const asked: readonly Readonly<[string, string, string]>[] = [
    ["card", api.keys.auditor, "Portfolio: found card, expected one of cards, loans"],
    ["loans", narrow, "Portfolio: found loans, expected one of cards"],
  ];
  for (const list of lists) {
    for (const [portfolio, key, detail] of asked) {
      const response = await call(api.app, { url: `${list}?portfolio=${portfolio}`, key });
      expect([list, response.statusCode, problemCode(response)]).toEqual([list, 422, "invalid"]);
      expect(response.json()).toMatchObject({ detail });
    }
  }
  const key = api.keys.operator;
  const body = { asOf: businessDay, portfolio: "card" };
  const report = await call(api.app, { method: "POST", url: "/v1/reports", key, body });
  expect([report.statusCode, problemCode(report)]).toEqual([422, "invalid"]);
});

test("lists behind the overview are narrowed to a portfolio as it is", async () => {
  for (const portfolio of ["cards", "loans"]) {
    const narrowed = `portfolio=${portfolio}`;
    const view = await read<{ openReviews: number; decisions: { byState: Json[] } }>(
      `/v1/overview?${narrowed}`,
    );
    const reviews = await read<Rows>(`/v1/review-cases?state=open&${narrowed}`);
    const decisions = await read<Rows>(`/v1/decisions?state=in-review&${narrowed}`);
    expect(reviews.data).toHaveLength(view.openReviews);
    expect(view.decisions.byState).toEqual([{ key: "in-review", count: decisions.data.length }]);
    expect(decisions.data).toHaveLength(1);
    expect((await read<Rows>(`/v1/notices?${narrowed}`)).data).toEqual([]);
  }
});

test("work is told to who may do it, with the list that shows it, and leads there", async () => {
  type Work = Readonly<{ items: Json[] }>;
  const { items } = await read<Work>("/v1/work", api.keys.reviewer);
  expect(items).toMatchObject([
    {
      ...{ kind: "reviews-to-decide", count: 2, amount: [{ amount: 800_000, currency: "CNY" }] },
      link: { page: "review-cases", params: { desk: "queues" } },
    },
  ]);
  const listed = await read<Rows>("/v1/review-cases?desk=queues", api.keys.reviewer);
  expect(listed.data).toHaveLength(2);
  expect((await read<Work>("/v1/work")).items).toEqual([]);
  expect((await read<Rows>("/v1/review-cases?desk=queues")).data).toEqual([]);
  expect((await read<Rows>("/v1/review-cases?overdue=true")).data).toEqual([]);
});

test("the installation says whose it is and that its lines are real", async () => {
  expect(await read("/v1/installation")).toEqual({
    ...{ lender: "Test Lender", mode: "sandbox", currency: "CNY", timeZone: "Asia/Shanghai" },
    ...{ now: businessNow, today: businessDay, demo: false, preparing: null, readOnly: null },
    ...{ language: "en", version: "0.0.0" },
  });
});

test("while the installation is prepared everything is read and nothing is changed", async () => {
  let progress: Preparation | null = { done: 41, of: 100 };
  const other = await testApi(memoryParts(), {}, { preparing: () => progress });
  const key = other.keys.operator;
  const url = "/v1/halts";
  const payload = { area: "execute", reason: "drill", expiresAt: "2026-03-03T00:00:00.000Z" };
  const headers = { authorization: `Bearer ${key}`, "idempotency-key": "halt-key-0001" };
  const halt = () => other.app.inject({ method: "POST", url, headers, payload });
  const refused = await halt();
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([503, "10"]);
  expect(refused.body).toContain("The demo is being prepared: 41 % done");
  const installation = await call(other.app, { url: "/v1/installation", key });
  expect(installation.json()).toMatchObject({ preparing: { done: 41, of: 100 } });
  progress = null;
  expect((await halt()).statusCode).toBe(201);
  await other.app.close();
});

test("staff are named by their ids, and borrowers are not among them", async () => {
  const { data } = await read<Rows>("/v1/staff");
  const auditor = await api.account("auditor");
  expect(data).toContainEqual({ id: auditor.id, name: auditor.name, roles: ["auditor"] });
  const borrower = await api.account("borrower");
  expect(data.map(({ id }) => id)).not.toContain(borrower.id);
  const asked = await call(api.app, { url: "/v1/staff", key: api.keys.borrower });
  expect(asked.statusCode).toBe(403);
});

test("a customer is found by reference and shown with what the scope reaches", async () => {
  const found = await read<Rows>("/v1/customers?reference=C-first");
  expect(found.data).toMatchObject([{ reference: "C-first", lines: 1 }]);
  const [row] = (await read<Rows>("/v1/customers?lineReference=L-C-second")).data;
  expect(row).toMatchObject({ id: api.second.customerId });
  const customer = await read(`/v1/customers/${api.first.customerId}`);
  expect(customer).toMatchObject({
    ...{ reference: "C-first", masked: true, openDecisions: 1, notices: 0, links: [] },
    exposure: [{ available: { amount: 800_000, currency: "CNY" } }],
    lines: [{ id: api.first.lineId, profile: { factsAsOf: businessDay } }],
  });
  const other = await call(api.app, { url: `/v1/customers/${api.second.customerId}`, key: narrow });
  expect([other.statusCode, problemCode(other)]).toEqual([404, "not-found"]);
});

test("what lies outside the scope does not exist, whatever the way to it", async () => {
  const { customerId, lineId } = api.second;
  const closed = ["facts", "signals", "timeline"].map((part) => `/v1/lines/${lineId}/${part}`);
  for (const url of [...closed, `/v1/customers/${customerId}/timeline`]) {
    const response = await call(api.app, { url, key: narrow });
    expect([url, response.statusCode, problemCode(response)]).toEqual([url, 404, "not-found"]);
  }
  for (const list of ["lines", "customers", "decisions", "review-cases"]) {
    for (const query of ["limit=200", `limit=200&lineReference=L-C-second`, "format=csv"]) {
      const response = await call(api.app, { url: `/v1/${list}?${query}`, key: narrow });
      expect([list, query, response.body.includes(customerId)]).toEqual([list, query, false]);
    }
  }
});

test("personal data are looked up only by roles that may read them, in a body and never in an address", async () => {
  const url = "/v1/customers/find";
  const find = (key: string, body: object) => call(api.app, { method: "POST", url, key, body });
  const body = { field: "phone", text: "13800000000" };
  const auditor = await find(api.keys.auditor, body);
  expect([auditor.statusCode, problemCode(auditor)]).toEqual([403, "forbidden"]);
  const reviewer = await find(api.keys.reviewer, body);
  expect([reviewer.statusCode, reviewer.json()]).toEqual([200, { data: [], next: null }]);
  for (const wrong of [
    { ...body, field: "address" },
    { ...body, name: "x" },
  ]) {
    expect((await find(api.keys.reviewer, wrong)).statusCode).toBe(422);
  }
  expect(api.logged()).toContain("customer looked up");
  expect(api.logged()).not.toContain("13800000000");
  const address = "/v1/customers?phone=13800000000";
  const old = await call(api.app, { url: address, key: api.keys.reviewer });
  expect([old.statusCode, problemCode(old)]).toEqual([422, "invalid"]);
});

test("a table of customers has a row for each currency", async () => {
  const rows = [
    { currency: "CNY", lines: 2, limitMinor: 300, drawnMinor: 200, availableMinor: 100 },
    { currency: "USD", lines: 1, limitMinor: 900, drawnMinor: 0, availableMinor: 900 },
  ] as const;
  const parts = memoryParts();
  const customer = { id: "c", reference: "C-two", language: "zh", exposure: rows } as const;
  const views = {
    ...memoryViews(parts.store),
    customers: async () => ({ rows: [customer], next: null }),
  };
  const other = await testApi({ ...parts, views });
  const asked = { url: "/v1/customers?format=csv", key: other.keys.auditor };
  const [, ...table] = (await call(other.app, asked)).body.split("\r\n");
  expect(table).toEqual(["C-two,zh,2,CNY,3.00,2.00,1.00,c", "C-two,zh,1,USD,9.00,0.00,9.00,c", ""]);
  await other.app.close();
});

test("the timeline of a customer is that of all lines, newest first, in pages", async () => {
  const url = `/v1/customers/${api.first.customerId}/timeline`;
  const { data: all } = await read<Rows>(url);
  const seqs = all.map(({ seq }) => Number(seq));
  expect(seqs).toEqual(seqs.toSorted((left, right) => right - left));
  expect(all[0]).toMatchObject({ lineId: api.first.lineId, reference: "L-C-first" });
  const walked: Json[] = [];
  for (let after = ""; ;) {
    const page: Rows = await read<Rows>(`${url}?limit=2${after}`);
    walked.push(...page.data);
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(walked).toEqual(all);
});

test("facts come with their words, units and age, and signals with what they brought", async () => {
  const planted = await plant(api.world, "C-facts", "facts");
  const signal = { source: "core", id: "s-1", type: "drawdown", asOf: businessDay };
  const amount = { amountMinor: 5_000, currency: "CNY" };
  await transact(api.world, bucketOfId(planted.lineId), [
    {
      ...{ id: api.world.ids.fresh(), kind: "RecordSignal", subject: planted.lineId },
      ...{ actor: serviceActor("test"), cause: planted.lineId, body: { ...signal, amount } },
    },
  ]);
  expect(await read(`/v1/lines/${planted.lineId}/facts`)).toMatchObject({ asOf: businessDay });
  expect(await read(`/v1/lines/${planted.lineId}/facts?asOf=2020-01-01`)).toMatchObject({
    ...{ asOf: null, knownAt: null, data: [] },
  });
  const { data } = await read<Rows>(`/v1/lines/${planted.lineId}/signals`);
  expect(data).toMatchObject([{ ...signal, body: { amount: { amount: 5_000, currency: "CNY" } } }]);
});

test("a list is had as a table in the reader's language, safe for spreadsheets", async () => {
  await plant(api.world, "=cmd|' /C calc'!A0", "sheets");
  const asked = [
    { url: "/v1/lines?format=csv&portfolio=sheets", headers: { "accept-language": "zh" } },
    { url: "/v1/lines?portfolio=sheets", headers: { "accept-language": "zh", accept: "text/csv" } },
  ];
  for (const one of asked) {
    const response = await call(api.app, { ...one, key: api.keys.auditor });
    expect(response.headers["content-type"]).toBe("text/csv; charset=utf-8");
    expect(response.headers["content-disposition"]).toContain("tidemark-lines.csv");
    const [header, row, end] = response.body.split("\r\n");
    expect(header).toMatch(/^\ufeff授信编号,客户编号,组合/);
    expect(row).toContain(`"'=cmd|' /C calc'!A0"`);
    expect(row).toContain("10000.00,2000.00");
    expect(end).toBe("");
  }
});

test("every list has a table with as many lines as rows", async () => {
  const whole = ["strategies", "halts"];
  const paged = ["lines", "customers", "decisions", "review-cases", "notices", "sweeps"];
  for (const list of [...paged, ...whole]) {
    const query = paged.includes(list) ? "?limit=200" : "";
    const { data } = await read<Rows>(`/v1/${list}${query}`);
    const url = `/v1/${list}?format=csv`;
    const response = await call(api.app, { url, key: api.keys.auditor });
    expect([list, response.statusCode]).toEqual([list, 200]);
    expect([list, response.body.split("\r\n").length - 2]).toEqual([list, data.length]);
    const [header] = response.body.split("\r\n");
    expect(header).toMatch(/^\ufeff[A-Z]/);
  }
});

test("a table that would be too long says that it was cut", async () => {
  const small = await testApi(memoryParts(), { tableRows: 1 });
  const url = "/v1/lines?format=csv";
  const response = await call(small.app, { url, key: small.keys.auditor });
  expect(response.body.split("\r\n").slice(2)).toEqual([
    "Cut after 1 rows: narrow the filter to see the rest",
    "",
  ]);
});

test("a borrower gets neither profiles nor ways to find out about them", async () => {
  const key = api.keys.borrower;
  const { data } = await read<Rows>("/v1/lines", key);
  expect(data).toMatchObject([{ id: api.first.lineId, profile: null }]);
  for (const query of ["scoreFrom=1", "sort=-score", "region=east"]) {
    const response = await call(api.app, { url: `/v1/lines?${query}`, key });
    expect([query, response.statusCode, problemCode(response)]).toEqual([query, 403, "forbidden"]);
  }
  const reason = await call(api.app, { url: "/v1/decisions?reason=R01", key });
  expect(reason.statusCode).toBe(403);
});

test("decisions are filtered by action, reason and day, newest first when asked", async () => {
  const ids = async (query: string) =>
    (await read<Rows>(`/v1/decisions?${query}`)).data.map(({ id }) => id);
  const all = await ids("limit=200");
  expect(await ids("limit=200&order=newest")).toEqual(all.toReversed());
  expect(await ids(`limit=200&action=decrease&madeFrom=${businessDay}`)).toEqual(all);
  expect(await ids("madeTo=2020-01-01")).toEqual([]);
  expect(await ids(`customerId=${api.first.customerId}`)).toEqual([api.first.decisionId]);
  const wrongWay = await read<Rows>("/v1/decisions?limit=1");
  const url = `/v1/decisions?limit=1&order=newest&after=${wrongWay.next}`;
  expect((await call(api.app, { url, key: api.keys.auditor })).statusCode).toBe(422);
});

test("a sweep is previewed with examples, held, let go on and ended", async () => {
  const { app, keys, dependencies } = api;
  const document = strategyDocument();
  const actor = { id: "ann", roles: ["analyst"], scope: { kind: "all" } } as const;
  const added = await dependencies.strategies.add(document, actor, {});
  expect(added).toMatchObject({ was: "added" });
  const { id, version } = document as unknown as Readonly<{ id: string; version: number }>;
  const approver = { id: "bob", roles: ["approver"], scope: { kind: "all" } } as const;
  await dependencies.strategies.approve(id, version, approver, null, {});
  const body = { strategy: id, asOf: businessDay };
  const key = keys.operator;
  for (const url of ["/v1/sweeps/preview", "/v1/sweeps"]) {
    const mistyped = { ...body, portfolio: "card" };
    const response = await call(app, { method: "POST", url, key, body: mistyped });
    expect([url, response.statusCode, problemCode(response)]).toEqual([url, 422, "invalid"]);
    expect(response.body).toContain("expected one of cards");
  }
  const preview = await call(app, { method: "POST", url: "/v1/sweeps/preview", key, body });
  expect(preview.statusCode).toBe(200);
  const told = preview.json<{ counts: { planned: number; proposed: number }; examples: Json[] }>();
  expect(told.examples).toHaveLength(Math.min(20, told.counts.proposed));
  const started = await call(app, { method: "POST", url: "/v1/sweeps", key, body });
  expect(started.statusCode).toBe(202);
  const sweep = started.json<{ id: string }>();
  const control = (verb: string) =>
    call(app, { method: "POST", url: `/v1/sweeps/${sweep.id}/${verb}`, key, body: {} });
  expect((await control("pause")).json()).toMatchObject({ pausedBy: expect.any(String) });
  expect((await control("pause")).statusCode).toBe(409);
  expect((await read<{ items: Json[] }>("/v1/work", key)).items).toMatchObject([
    { kind: "sweeps-paused", count: 1, link: { page: "sweeps", params: { standing: "paused" } } },
  ]);
  const standing = async (one: string): Promise<number> =>
    (await read<Rows>(`/v1/sweeps?standing=${one}&strategy=${id}`)).data.length;
  expect([await standing("paused"), await standing("running")]).toEqual([1, 0]);
  expect(await read(`/v1/sweeps/${sweep.id}`)).toMatchObject({
    ...{ phase: "assess", bucketsDone: 0, buckets: 1024, rate: null },
  });
  expect((await control("resume")).json()).toMatchObject({ pausedBy: null });
  expect((await control("cancel")).json()).toMatchObject({ state: "cancelled" });
  expect((await control("resume")).statusCode).toBe(409);
});

test("the test clock moves forward by days within bounds", async () => {
  const advance = (to: string) =>
    call(api.app, {
      ...{ method: "POST", url: "/v1/clock/advance", key: api.keys.operator, body: { to } },
    });
  expect((await advance("2026-03-09")).json()).toMatchObject({ today: "2026-03-09", fired: 0 });
  for (const to of [businessDay, "2020-01-01", "2040-01-01"]) {
    const response = await advance(to);
    expect([to, response.statusCode, problemCode(response)]).toEqual([to, 422, "invalid"]);
  }
});

test("the reference page brings its own scripts and lets nothing else run", async () => {
  const page = await call(api.app, { url: "/reference/" });
  expect(page.statusCode).toBe(200);
  expect(page.body).toContain("swagger-ui-bundle.js");
  expect(page.body).not.toMatch(/https?:\/\//);
  expect(page.headers["content-security-policy"]).toMatch(
    /^default-src 'none'; script-src 'self';/,
  );
  const script = await call(api.app, { url: "/reference/static/swagger-ui-bundle.js" });
  expect([script.statusCode, script.headers["content-type"]]).toEqual([
    ...[200, expect.stringContaining("javascript")],
  ]);
});
