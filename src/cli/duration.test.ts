// Spans of time as people type them: whole seconds, minutes, hours, days or weeks, and nothing that could be misread.

import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["30s", 30_000],
  ["90m", 5_400_000],
  ["12h", 43_200_000],
  ["30d", 2_592_000_000],
  ["2w", 1_209_600_000],
])("%s is %d milliseconds", (text, milliseconds) => {
  expect(parseDuration(text, "--for")).toBe(milliseconds);
});

test.each(["", "30", "d", "-1d", "1.5h", "30 days", "999999d"])("%j is refused", (text) => {
  expect(parseDuration(text, "--for")).toMatchObject({ refused: "invalid" });
});
