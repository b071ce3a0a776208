// Signing in with a browser: the cookie, what it protects against, and how guessing is slowed down.

import type { LightMyRequestResponse } from "fastify";
import { beforeEach, expect, test } from "vitest";
import { isRefusal } from "../../src/domain/refusal.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode, type Call } from "../support/api-client.ts";

const password = "correct horse battery";
const ownPage = {
  origin: "http://localhost:80",
  host: "localhost:80",
  "sec-fetch-site": "same-origin",
};

let api: TestApi;

beforeEach(async () => {
  api = await testApi(memoryParts());
  await addReviewer(api);
});

async function addReviewer({ dependencies }: TestApi): Promise<void> {
  const account = await dependencies.accounts.create({
    ...{ login: "rita", name: { zh: "丽塔", en: "Rita" }, roles: ["reviewer"], password },
    ...{ scope: { kind: "all" }, language: "zh" },
  });
  if (isRefusal(account)) throw new Error(account.detail.en);
}

function signIn(
  body: Readonly<Record<string, unknown>> = { login: "rita", password },
  headers: Readonly<Record<string, string>> = {},
): Promise<LightMyRequestResponse> {
  return call(api.app, { method: "POST", url: "/v1/sign-in", body, headers, idempotencyKey: null });
}

async function cookieOf(response: LightMyRequestResponse): Promise<string> {
  const [cookie] = response.cookies;
  if (cookie === undefined) throw new Error(`No cookie: ${response.body}`);
  return `${cookie.name}=${cookie.value}`;
}

test("signing in gives a cookie for our pages only, and who is signed in", async () => {
  const response = await signIn();
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({
    login: "rita",
    roles: ["reviewer"],
    name: { zh: "丽塔" },
  });
  expect(response.cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" });
  expect(response.cookies[0]?.secure).toBeUndefined();
  const cookie = await cookieOf(response);
  const me = await call(api.app, { url: "/v1/me", headers: { cookie } });
  expect(me.json()).toMatchObject({ login: "rita", language: "zh" });
  expect(response.body).not.toContain(cookie.split("=")[1]);
});

test("behind HTTPS the cookie is secure and bound to the host", async () => {
  api = await testApi(memoryParts(), { secure: true });
  await addReviewer(api);
  const response = await signIn();
  expect(response.cookies[0]).toMatchObject({ name: "__Host-tidemark", secure: true, path: "/" });
  expect(response.cookies[0]?.domain).toBeUndefined();
  expect(response.headers["strict-transport-security"]).toContain("max-age");
});

test("a wrong password and an unknown login get the same answer", async () => {
  const wrong = await signIn({ login: "rita", password: "wrong horse battery" });
  const unknown = await signIn({ login: "nobody", password: "wrong horse battery" });
  for (const response of [wrong, unknown]) {
    expect([response.statusCode, problemCode(response)]).toEqual([401, "sign-in-failed"]);
    expect(response.cookies).toEqual([]);
  }
  const without = (response: LightMyRequestResponse): unknown => {
    const { request_id: _, ...rest } = response.json<Record<string, unknown>>();
    return rest;
  };
  expect(without(wrong)).toEqual(without(unknown));
});

test("after ten failures a login must wait, also with the right password, and others need not", async () => {
  for (let tried = 0; tried < 10; tried += 1) {
    expect((await signIn({ login: "rita", password: "wrong horse battery" })).statusCode).toBe(401);
  }
  const blocked = await signIn();
  expect([blocked.statusCode, problemCode(blocked)]).toEqual([429, "too-many-requests"]);
  expect(Number(blocked.headers["retry-after"])).toBeGreaterThan(0);
  expect((await signIn({ login: "other", password })).statusCode).toBe(401);
  api.realTime.at += 16 * 60_000;
  expect((await signIn()).statusCode).toBe(200);
});

test("passwords and tokens stand in no log line", async () => {
  const cookie = await cookieOf(await signIn());
  await signIn({ login: "rita", password: "another-secret-word" });
  await call(api.app, { url: "/v1/me", headers: { cookie } });
  await call(api.app, { url: "/v1/me?token=secret-in-query", key: api.keys.auditor });
  const token = cookie.split("=")[1] ?? "";
  for (const secret of [
    password,
    "another-secret-word",
    token,
    api.keys.auditor,
    "secret-in-query",
  ]) {
    expect(api.logged()).not.toContain(secret);
  }
  expect(api.logged()).toContain('"/v1/me"');
});

const foreign: readonly Readonly<[string, Record<string, string>]>[] = [
  ["another origin", { ...ownPage, origin: "https://evil.example" }],
  ["another site by Fetch Metadata", { ...ownPage, "sec-fetch-site": "cross-site" }],
  ["a sibling of the same site", { ...ownPage, "sec-fetch-site": "same-site" }],
  ["an opaque origin", { ...ownPage, origin: "null" }],
  ["nowhere", {}],
];

test.each(foreign)("a change with a cookie from %s is refused", async (_name, headers) => {
  const cookie = await cookieOf(await signIn());
  const url = `/v1/review-cases/${api.first.reviewId}/approve`;
  const approve: Call = { method: "POST", url, body: {}, headers: { cookie, ...headers } };
  const response = await call(api.app, approve);
  expect([response.statusCode, problemCode(response)]).toEqual([403, "origin-refused"]);
  const review = await api.world.store.reads.review(api.first.reviewId);
  expect(review?.state).toBe("open");
});

test("a change with a cookie from our own page goes through", async () => {
  const cookie = await cookieOf(await signIn());
  const url = `/v1/review-cases/${api.first.reviewId}/approve`;
  const approve: Call = { method: "POST", url, body: {}, headers: { cookie, ...ownPage } };
  expect((await call(api.app, approve)).statusCode).toBe(200);
});

test("a foreign page cannot sign somebody in", async () => {
  const response = await signIn(undefined, { origin: "https://evil.example" });
  expect([response.statusCode, problemCode(response)]).toEqual([403, "origin-refused"]);
  expect(response.cookies).toEqual([]);
});

test("signing in again replaces the session that was there, signing out ends it", async () => {
  const first = await cookieOf(await signIn());
  const second = await cookieOf(await signIn(undefined, { cookie: first }));
  expect(second).not.toBe(first);
  const me = async (cookie: string): Promise<number> =>
    (await call(api.app, { url: "/v1/me", headers: { cookie } })).statusCode;
  expect([await me(first), await me(second)]).toEqual([401, 200]);
  const signOut = await call(api.app, {
    ...{ method: "POST", url: "/v1/sign-out", idempotencyKey: null },
    headers: { cookie: second, ...ownPage },
  });
  expect(signOut.statusCode).toBe(204);
  expect(await me(second)).toBe(401);
});

test("a session that nobody used for fifteen minutes is over", async () => {
  const cookie = await cookieOf(await signIn());
  api.realTime.at += 15 * 60_000;
  const me = await call(api.app, { url: "/v1/me", headers: { cookie } });
  expect([me.statusCode, problemCode(me)]).toEqual([401, "not-signed-in"]);
});
