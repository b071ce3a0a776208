// Compliance packs over the API: which version holds today, each value with its status and source, and what a release
// changed.

import { afterAll, beforeAll, expect, test } from "vitest";
import { readPackFiles } from "../../src/adapters/files/pack-files.ts";
import { packVersion } from "../../src/compliance/pack-in-force.ts";
import { packDifferences, valuesOf } from "../../src/compliance/pack-values.ts";
import { memoryParts, testApi, type TestApi } from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";
import { repositoryRoot } from "../support/documents.ts";

const { packs } = readPackFiles(`${repositoryRoot}/compliance-packs`);
let api: TestApi;

beforeAll(async () => {
  api = await testApi(memoryParts(), {}, { packs });
});

afterAll(() => api.app.close());

const read = (url: string, key: string = api.keys.auditor) =>
  call(api.app, { method: "GET", url, key });

type Summary = Readonly<{ id: string; version: number; jurisdiction: string; inForce: boolean }>;

test("every version is listed, and one of a jurisdiction holds today", async () => {
  const { data } = (await read("/v1/packs")).json() as { data: readonly Summary[] };
  expect(data.map(({ id, version }) => `${id} ${version}`)).toEqual(
    packs.map(({ id, version }) => `${id} ${version}`),
  );
  const held = data.filter(({ inForce }) => inForce).map(({ jurisdiction }) => jurisdiction);
  expect(new Set(held).size).toBe(held.length);
  expect(held).toContain("cn");
});

test("the list is a table as well", async () => {
  const { headers, body } = await read("/v1/packs?format=csv");
  expect(headers["content-type"]).toContain("text/csv");
  expect(body.trim().split("\n")).toHaveLength(packs.length + 1);
});

test("a version has every value with its place, status and source", async () => {
  const pack = packVersion(packs, { id: "uk-revolving", version: 1 })!;
  const found = (await read("/v1/packs/uk-revolving/1")).json() as {
    values: Readonly<Record<string, number>>;
    content: readonly unknown[];
  };
  expect(found.content).toEqual(
    valuesOf(pack).map(({ value, ...rest }) => ({ ...rest, value: JSON.stringify(value) })),
  );
  expect(found.values["unconfirmed"]).toBe(
    valuesOf(pack).filter(({ status }) => status === "unconfirmed").length,
  );
});

test("a release says what it changed since another", async () => {
  const [older, newer] = [1, 2].map((version) =>
    packVersion(packs, { id: "eu-overdraft", version })!,
  );
  const { data } = (await read("/v1/packs/eu-overdraft/2/diff?since=1")).json() as {
    data: readonly unknown[];
  };
  expect(data).toEqual(packDifferences(older!, newer!));
  expect(data.length).toBeGreaterThan(0);
});

test("what was never released is not found, and customers read none of it", async () => {
  for (const url of [
    "/v1/packs/eu-overdraft/9",
    "/v1/packs/none/1",
    "/v1/packs/eu-overdraft/2/diff?since=9",
  ]) {
    const answer = await read(url);
    expect(answer.statusCode).toBe(404);
    expect(problemCode(answer)).toBe("not-found");
  }
  expect((await read("/v1/packs", api.keys.borrower)).statusCode).toBe(403);
});
