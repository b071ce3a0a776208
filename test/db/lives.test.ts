// The same random lives over PostgreSQL and over memory end with the same rows, events and answers, to the byte. Many
// more run in `npm run test:long -- lives`.

import { test } from "vitest";
import { expectSameLives } from "../support/same-lives.ts";

test("random lives end the same in PostgreSQL and in memory", () => expectSameLives(40), 240_000);
