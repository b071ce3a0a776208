// What the editor of strategies asks of the server: saving drafts without overwriting anybody, checks, trials, tables.

import { beforeEach, expect, test } from "vitest";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";
import { changed, strategyDocument } from "../support/strategy-document.ts";

let api: TestApi;
let hash: string;

const url = "/v1/strategies/small/3";

beforeEach(async () => {
  api = await testApi(memoryParts());
  hash = await drafted(strategyDocument());
});

async function drafted(body: unknown): Promise<string> {
  const asked: Call = { method: "POST", url: "/v1/strategies?draft=true", key: api.keys.analyst };
  const added = await call(api.app, { ...asked, body });
  expect([added.statusCode, added.json()]).toEqual([201, expect.anything()]);
  return added.json<{ hash: string }>().hash;
}

async function save(body: unknown, was = hash, key = api.keys.analyst) {
  return call(api.app, { method: "PUT", url, key, body, headers: { "if-match": `"${was}"` } });
}

const broken = changed("/tables/0/rows/1/when/0", ">= x");

test("a draft is saved with its problems, and handed in only without", async () => {
  const saved = await save(broken);
  expect(saved.statusCode).toBe(200);
  const { problems, ...summary } = saved.json<{ problems: unknown[]; hash: string }>();
  expect(problems).toMatchObject([{ path: "/tables/0/rows/1/when/0", code: "syntax" }]);
  expect(summary).toMatchObject({ state: "draft", editedBy: [expect.any(String)] });
  const submit: Call = { method: "POST", url: `${url}/submit`, key: api.keys.analyst, body: {} };
  const refused = await call(api.app, submit);
  expect([refused.statusCode, problemCode(refused)]).toEqual([422, "invalid"]);
  expect(refused.json()).toMatchObject({ errors: [{ pointer: "/tables/0/rows/1/when/0" }] });
  const mended = await save(strategyDocument(), summary.hash);
  expect(mended.json()).toMatchObject({ problems: [], hash });
  expect((await call(api.app, submit)).statusCode).toBe(200);
  expect(problemCode(await save(broken))).toBe("already-resolved");
});

test("two people never overwrite each other, and the same document again is no change", async () => {
  const mine = changed("/label/en", "Mine");
  expect((await save(mine)).statusCode).toBe(200);
  const theirs = await save(changed("/label/en", "Theirs"));
  expect([theirs.statusCode, problemCode(theirs)]).toEqual([412, "version-changed"]);
  expect((await save(mine)).statusCode).toBe(200);
  const read = await call(api.app, { url, key: api.keys.auditor });
  expect(read.json()).toMatchObject({ document: { label: { en: "Mine" } } });
});

test("another id or version, too deep, and who may not write are refused", async () => {
  expect(problemCode(await save({ ...strategyDocument(), version: 4 }))).toBe("invalid");
  let deep: unknown = 1;
  for (let level = 0; level < 60; level += 1) deep = [deep];
  expect(problemCode(await save({ ...strategyDocument(), notice: deep }))).toBe("invalid");
  expect(problemCode(await save(strategyDocument(), hash, api.keys.approver))).toBe("forbidden");
  const none = await call(api.app, {
    ...{ method: "PUT", url: "/v1/strategies/small/9", key: api.keys.analyst },
    ...{ body: { ...strategyDocument(), version: 9 }, headers: { "if-match": '"x"' } },
  });
  expect(problemCode(none)).toBe("not-found");
  const missing = await call(api.app, { method: "PUT", url, key: api.keys.analyst, body: {} });
  expect(missing.statusCode).toBeGreaterThanOrEqual(400);
});

test("whoever changed a draft is one of its makers and cannot approve it", async () => {
  const both = await api.keyFor(["analyst", "approver"], { kind: "all" }, "both");
  const saved = await save(changed("/label/en", "By both"), hash, both);
  expect(saved.statusCode).toBe(200);
  await call(api.app, { method: "POST", url: `${url}/submit`, key: api.keys.analyst, body: {} });
  const approve: Call = { method: "POST", url: `${url}/approve`, key: both, body: {} };
  expect(problemCode(await call(api.app, approve))).toBe("maker-is-checker");
});

test("a malformed draft disturbs no other page", async () => {
  const facts = [null, 7, "x", {}, ...(strategyDocument()["facts"] as unknown[])];
  expect((await save({ ...strategyDocument(), facts, tables: "soon" })).statusCode).toBe(200);
  for (const path of ["/v1/lines", "/v1/strategies", `/v1/lines/${api.first.lineId}/facts`]) {
    expect((await call(api.app, { url: path, key: api.keys.auditor })).statusCode).toBe(200);
  }
});

test("the check tells findings with rows and laws with the names they are signed off by", async () => {
  const clean = await call(api.app, { url: `${url}/check`, key: api.keys.approver });
  expect(clean.json()).toMatchObject({ hash, blocked: false });
  expect(clean.json<{ laws: { key: string }[] }>().laws.length).toBeGreaterThan(2);
  await save(broken);
  const found = await call(api.app, { url: `${url}/check`, key: api.keys.approver });
  expect(found.json()).toMatchObject({
    blocked: true,
    findings: [{ path: "/tables/0/rows/1/when/0", row: "R2", severity: "error" }],
  });
});

test("cells are checked while they are typed, against the draft as it is stored", async () => {
  const cells = [
    { as: "test", operand: "late", text: ">= 31" },
    { as: "test", operand: "late", text: ">= [" },
  ];
  const asked: Call = { method: "POST", url: `${url}/cells`, key: api.keys.analyst };
  const found = await call(api.app, { ...asked, body: { cells } });
  expect(found.json()).toMatchObject({ data: [null, { code: "syntax", at: 5 }] });
  const none = { ...asked, url: "/v1/strategies/small/9/cells", body: { cells } };
  expect(problemCode(await call(api.app, none))).toBe("not-found");
});

const written = {
  ...{ limit: "10000.00", drawn: "2000.00", pending: "0.00", decreasedLast12Months: "0.00" },
  ...{ late: "45", use: "0.2", region: "east", breach: "false", opened: "2020-05-01" },
};

test("written facts are tried beside the version in force", async () => {
  const asked: Call = { method: "POST", url: `${url}/try`, key: api.keys.approver };
  const first = await call(api.app, { ...asked, body: { facts: written } });
  expect(first.json()).toMatchObject({ said: { outcome: { action: "decrease" } }, against: null });
  const key = api.keys.analyst;
  await call(api.app, { method: "POST", url: `${url}/submit`, key, body: {} });
  const approve: Call = { method: "POST", url: `${url}/approve`, key: api.keys.approver, body: {} };
  expect((await call(api.app, approve)).statusCode).toBe(200);
  const milder = changed("/tables/0/rows/2/when/0", "[50..60]");
  await drafted({ ...milder, version: 4 });
  const next = await call(api.app, {
    ...{ ...asked, url: "/v1/strategies/small/4/try", body: { facts: written } },
  });
  expect(next.json()).toMatchObject({
    said: { outcome: { action: "none" } },
    against: { version: 3, outcome: { action: "decrease" } },
    explanation: { tables: expect.any(Array) },
  });
});

test("who would change is counted against the version in force, and only then", async () => {
  const asked: Call = { url: `${url}/effect`, key: api.keys.approver };
  expect((await call(api.app, asked)).json()).toEqual({ effect: null });
  const key = api.keys.analyst;
  await call(api.app, { method: "POST", url: `${url}/submit`, key, body: {} });
  const approve: Call = { method: "POST", url: `${url}/approve`, key: api.keys.approver, body: {} };
  expect((await call(api.app, approve)).statusCode).toBe(200);
  const { world, dependencies, first } = api;
  const line = (await world.store.reads.line(first.lineId))!;
  // The planted lines have no facts that the small strategy asks for: both versions leave them as they are.
  await drafted({ ...changed("/tables/0/rows/2/when/0", "[50..60]"), version: 4 });
  const found = await call(api.app, { ...asked, url: "/v1/strategies/small/4/effect" });
  const { lines } = await dependencies.portfolio.totals(null);
  expect(found.json()).toMatchObject({
    effect: {
      ...{ against: 3, lines, whole: true },
      swaps: { in: { lines: 0 }, same: { lines, before: { amount: 0, currency: line.currency } } },
    },
  });
  const none = { ...asked, url: "/v1/strategies/small/9/effect" };
  expect(problemCode(await call(api.app, none))).toBe("not-found");
});

test("a stored line is tried as a sweep of today would see it", async () => {
  const asked: Call = { method: "POST", url: `${url}/try`, key: api.keys.analyst };
  const tried = await call(api.app, { ...asked, body: { line: api.first.lineId } });
  // The planted lines have other facts than the small strategy asks for: it is said which.
  expect([tried.statusCode, problemCode(tried)]).toEqual([422, "invalid"]);
  expect(tried.json<{ detail: string }>().detail).toContain("late");
  const none = await call(api.app, { ...asked, body: { line: api.first.customerId } });
  expect(problemCode(none)).toBe("not-found");
});

test("a decision is tried on what it rests on, with facts corrected, as of its date", async () => {
  const { assessment } = (await api.world.store.reads.decision(api.first.decisionId))!.record;
  const asked: Call = { method: "POST", url: `${url}/try`, key: api.keys.approver };
  const on = (facts: Record<string, string | null>) =>
    call(api.app, { ...asked, body: { decision: api.first.decisionId, facts } });
  const tried = await on(written);
  expect(tried.json()).toMatchObject({
    said: { outcome: { action: "decrease" } },
    explanation: { assessment: { asOf: assessment.asOf } },
  });
  const late = await on({ ...written, late: "0" });
  expect(late.json()).toMatchObject({ said: { outcome: { action: "none" } } });
  expect(problemCode(await on({ speed: "1" }))).toBe("invalid");
  for (const body of [{ decision: api.first.customerId }, { decision: api.first.lineId }]) {
    expect(problemCode(await call(api.app, { ...asked, body }))).toBe("not-found");
  }
  const both = { line: api.first.lineId, decision: api.first.decisionId };
  expect(problemCode(await call(api.app, { ...asked, body: both }))).toBe("invalid");
});

test("facts that cannot be read are named", async () => {
  const asked: Call = { method: "POST", url: `${url}/try`, key: api.keys.analyst };
  for (const [facts, said] of [
    [{ ...written, late: "soon" }, "late"],
    [{ ...written, speed: "1" }, "speed"],
    [{ ...written, late: null }, "late"],
  ] as const) {
    const found = await call(api.app, { ...asked, body: { facts } });
    expect(problemCode(found)).toBe("invalid");
    expect(found.json<{ detail: string }>().detail).toContain(said);
  }
});

test("a table that is sent is read as text, and what is none is refused without naming a path", async () => {
  const asked: Call = { method: "POST", url: "/v1/strategies/table", key: api.keys.analyst };
  const content = Buffer.from('id,when\r\nR1," >= 31"\r\n').toString("base64");
  const read = await call(api.app, { ...asked, body: { content } });
  expect(read.json()).toEqual({ kind: "csv", columns: ["id", "when"], rows: [["R1", " >= 31"]] });
  const zip = Buffer.from("PK\u0003\u0004junk").toString("base64");
  const refused = await call(api.app, { ...asked, body: { content: zip } });
  expect([refused.statusCode, problemCode(refused)]).toEqual([422, "invalid"]);
  expect(refused.json<{ detail: string }>().detail).not.toContain("/tmp");
});
