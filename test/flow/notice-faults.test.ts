// Notices through a provider that fails, repeats itself and answers out of order: exactly one logical notice each, and
// a person in time where it reached nobody.

import { test } from "vitest";
import { expectOneNoticeEach } from "../support/notice-faults.ts";
import { memoryWorld } from "../support/world.ts";

test("600 notices arrive once or go to a person in time", () =>
  expectOneNoticeEach(memoryWorld(), 600, "test"));
