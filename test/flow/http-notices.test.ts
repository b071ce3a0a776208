// Over HTTP: letters, receipts that are believed only when signed, and words that somebody else approves.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InjectOptions } from "fastify";
import { readTexts, shippedTexts } from "../../src/adapters/notices/catalogue.ts";
import { signed } from "../../src/adapters/notices/signature.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import { bucketOfId, type Id } from "../../src/domain/id.ts";
import { transact } from "../../src/flow/transact.ts";
import { memoryParts, testApi, testReceiptKey, type TestApi } from "../support/api.ts";

let api: TestApi;
let noticeId: Id;
let deliveryId: Id;

beforeAll(async () => {
  api = await testApi(memoryParts());
  const { reviewId, decisionId } = api.first;
  const actor = { ...serviceActor("test"), roles: ["reviewer"] as const };
  const command = { id: api.world.ids.fresh(), kind: "Approve", subject: reviewId, actor };
  await transact(api.world, bucketOfId(reviewId), [{ ...command, cause: reviewId, body: {} }]);
  noticeId = (await api.world.store.reads.decision(decisionId))!.noticeId!;
  deliveryId = (await api.world.store.reads.notice(noticeId))!.deliveries[0]!.id;
});

afterAll(() => api.app.close());

const as = (role: keyof TestApi["keys"], more: Readonly<Record<string, string>> = {}) => ({
  authorization: `Bearer ${api.keys[role]}`,
  ...more,
});

let keys = 0;
const once = (): Readonly<Record<string, string>> => {
  keys += 1;
  return { "idempotency-key": `key-of-notices-${keys}` };
};

async function asked(options: InjectOptions) {
  const response = await api.app.inject(options);
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

describe("a letter", () => {
  test("is a PDF for whoever reaches the notice", async () => {
    const url = `/v1/notices/${noticeId}/letter?lang=zh`;
    const response = await api.app.inject({ url, headers: as("auditor") });
    expect(response.headers["content-type"]).toBe("application/pdf");
    expect(response.payload).toContain(noticeId);
    const other = await api.keyFor(
      ["reviewer"],
      { kind: "portfolios", portfolios: ["none"] },
      "stranger",
    );
    const refused = await api.app.inject({ url, headers: { authorization: `Bearer ${other}` } });
    expect(refused.statusCode).toBe(404);
  });
});

describe("a receipt", () => {
  const post = (body: string, atSeconds: number, key = testReceiptKey) =>
    asked({
      method: "POST",
      url: "/v1/notice-receipts",
      headers: { ...signed(key, "r-1", atSeconds, body), "content-type": "application/json" },
      payload: body,
    });
  const nowSeconds = () => Math.floor(api.realTime.at / 1000);
  const arrived = () => JSON.stringify({ noticeId, deliveryId, state: "delivered" });

  test("is refused unsigned, signed by another, too old, or changed on the way", async () => {
    const stranger = Buffer.from("fedcba9876543210fedcba9876543210");
    const unsigned = { method: "POST", url: "/v1/notice-receipts", payload: {} } as const;
    expect((await asked(unsigned)).status).toBe(401);
    expect((await post(arrived(), nowSeconds(), stranger)).status).toBe(401);
    expect((await post(arrived(), nowSeconds() - 301)).status).toBe(401);
    const headers = signed(testReceiptKey, "r-1", nowSeconds(), arrived());
    const changed = await asked({
      ...unsigned,
      headers: { ...headers, "content-type": "application/json" },
      payload: arrived().replace("delivered", "bounced"),
    });
    expect(changed).toMatchObject({ status: 401, body: { code: "signature-refused" } });
    expect((await api.world.store.reads.notice(noticeId))?.state).toBe("issued");
  });

  test("is held to its form, and is not found where there is no such message", async () => {
    expect((await post('{"state":"lost"}', nowSeconds())).status).toBe(422);
    const strange = JSON.stringify({ noticeId, deliveryId: noticeId, state: "delivered" });
    expect((await post(strange, nowSeconds())).status).toBe(404);
  });

  test("is recorded once, however often it comes", async () => {
    expect(await post(arrived(), nowSeconds())).toEqual({ status: 200, body: { recorded: true } });
    expect(await post(arrived(), nowSeconds())).toEqual({ status: 200, body: { recorded: false } });
    const late = JSON.stringify({ noticeId, deliveryId, state: "bounced", because: "late" });
    expect((await post(late, nowSeconds())).body).toEqual({ recorded: false });
    expect(await api.world.store.reads.notice(noticeId)).toMatchObject({ state: "delivered" });
  });
});

describe("the words of notices", () => {
  const shipped = readTexts(shippedTexts);
  const words = {
    zh: { ...shipped.zh, "heading.reasons": "为什么" },
    en: { ...shipped.en, "heading.reasons": "The reasons" },
  };
  const add = (texts: unknown, role: "analyst" | "compliance" | "operator", query = "") =>
    asked({
      method: "POST",
      url: `/v1/notice-texts${query}`,
      headers: as(role, once()),
      payload: { texts },
    });
  const approve = (headers: Readonly<Record<string, string>>) =>
    asked({ method: "POST", url: "/v1/notice-texts/1/approve", headers, payload: {} });

  test("are checked, stored once, and only by those who may", async () => {
    expect((await add(words, "operator")).status).toBe(403);
    const gap = { ...words, en: { ...words.en, "heading.reasons": "our internal policy" } };
    expect((await add(gap, "compliance")).status).toBe(422);
    expect((await add(words, "compliance", "?dryRun=true")).body).toMatchObject({ version: 1 });
    expect((await asked({ url: "/v1/notice-texts/1", headers: as("auditor") })).status).toBe(404);
    const first = await add(words, "compliance");
    expect(first).toMatchObject({
      status: 200,
      body: { version: 1, state: "draft", inForce: false },
    });
    expect((await add(words, "compliance")).body).toEqual(first.body);
  });

  test("are seen on a real decision before they are approved", async () => {
    const { decisionId } = api.second;
    const preview = async (version: number) =>
      asked({
        url: `/v1/notice-texts/${version}/preview?decisionId=${decisionId}`,
        headers: as("compliance"),
      });
    expect(JSON.stringify((await preview(1)).body)).toContain("The reasons");
    expect(JSON.stringify((await preview(0)).body)).toContain("Why");
    expect((await preview(7)).status).toBe(404);
  });

  test("are approved by somebody else, exactly as they were looked at, and then notices use them", async () => {
    expect((await approve(as("compliance", once()))).body).toMatchObject({
      code: "maker-is-checker",
    });
    const other = await api.keyFor(["compliance"], { kind: "all" }, "second-compliance");
    const by = (tag: string) => ({ authorization: `Bearer ${other}`, ...once(), "if-match": tag });
    expect((await approve(by('"another-hash"'))).status).toBe(412);
    const read = await api.app.inject({ url: "/v1/notice-texts/1", headers: as("auditor") });
    const done = await approve(by(String(read.headers["etag"])));
    expect(done).toMatchObject({ status: 200, body: { state: "approved", inForce: true } });
    expect((await approve(by(String(read.headers["etag"])))).body).toMatchObject({
      code: "already-resolved",
    });
    const list = await asked({ url: "/v1/notice-texts", headers: as("auditor") });
    expect(list.body["data"]).toMatchObject([
      { version: 0, state: "shipped", inForce: false },
      { version: 1, state: "approved", inForce: true },
    ]);
    await new Promise((done) => setTimeout(done, 30));
    const { reviewId, decisionId } = api.second;
    const actor = { ...serviceActor("test"), roles: ["reviewer"] as const };
    const command = { id: api.world.ids.fresh(), kind: "Approve", subject: reviewId, actor };
    await transact(api.world, bucketOfId(reviewId), [{ ...command, cause: reviewId, body: {} }]);
    const told = (await api.world.store.reads.decision(decisionId))!.noticeId!;
    const notice = await api.world.store.reads.notice(told);
    expect(notice).toMatchObject({ textsVersion: 1 });
    expect(notice!.body.zh).toContain("为什么");
  });
});
