// The written reference of the API says exactly what the routes are; `-u` renews it.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { memoryParts, testApi } from "../support/api.ts";
import { call } from "../support/api-client.ts";
import { apiReference, type ApiDocument } from "../support/api-reference.ts";

const file = fileURLToPath(new URL("../../docs/reference/api.md", import.meta.url));

test("docs/reference/api.md is the reference of the routes as they are", async () => {
  const { app } = await testApi(memoryParts());
  const document = (await call(app, { url: "/openapi.json" })).json<ApiDocument>();
  await expect(apiReference(document)).toMatchFileSnapshot(file);
});
