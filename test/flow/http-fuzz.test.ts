// Nobody's input makes the server fail: requests are drawn from the OpenAPI document itself.

import { expect, test } from "vitest";
import { memoryParts, testApi } from "../support/api.ts";
import { fuzzApi, fuzzSettings } from "../support/api-fuzz.ts";

const settings = fuzzSettings(1_500);
const replay = `TIDEMARK_FUZZ_SEED=${settings.seed} npx vitest run test/flow/http-fuzz.test.ts`;

test(`no request drawn from the document is answered with 5xx (${replay})`, async () => {
  const seen = await fuzzApi(await testApi(memoryParts()), settings);
  // The draw reaches both sides: input that is accepted and input that is refused.
  expect(seen.get(200) ?? 0).toBeGreaterThan(0);
  expect((seen.get(422) ?? 0) + (seen.get(404) ?? 0)).toBeGreaterThan(0);
}, 300_000);
