// smoke, smoke, smoke: to be replaced by real tests of the API
import { expect, test } from "vitest";
import { memoryParts, testApi } from "../support/api.ts";

test("smoke", async () => {
  const api = await testApi(memoryParts());
  const get = async (url: string, key?: string, headers = {}) => {
    const r = await api.app.inject({ method: "GET", url, headers: { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) } });
    console.log(url, r.statusCode, r.headers["content-type"], r.body.slice(0, 1500));
    return r;
  };
  await get("/healthz");
  await get("/readyz");
  await get("/v1/lines");
  await get("/v1/lines", api.keys.auditor);
  await get("/v1/lines", api.keys.borrower, { "accept-language": "zh-CN" });
  await get(`/v1/lines/${api.second.lineId}`, api.keys.borrower, { "accept-language": "zh-CN" });
  await get(`/v1/decisions`, api.keys.auditor, { "accept-language": "zh-CN" });
  await get(`/v1/review-cases`, api.keys.reviewer);
  await get(`/v1/lines/${api.first.lineId}/timeline`, api.keys.auditor);
  await get(`/v1/decisions/${api.first.decisionId}/replay`, api.keys.auditor);
  await get(`/problems/gate-closed`);
  await get(`/metrics`);
  const doc = await get("/openapi.json");
  require("node:fs").writeFileSync("/tmp/openapi.json", doc.body);
  const r = await api.app.inject({ method: "POST", url: `/v1/review-cases/${api.first.reviewId}/approve`, headers: { authorization: `Bearer ${api.keys.reviewer}`, "idempotency-key": "abcdefgh1" }, payload: { note: "ok" } });
  console.log(r.statusCode, r.body);
  expect(r.statusCode).toBe(200);
});
