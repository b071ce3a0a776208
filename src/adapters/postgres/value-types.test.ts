// How PostgreSQL's texts become values: exactly, or not at all.
import { describe, expect, test } from "vitest";
import { Fault } from "../fault.ts";
import { parseInt8, parseTimestamptz } from "./value-types.ts";

describe("a bigint", () => {
  test.each([
    ["0", 0],
    ["-9007199254740991", -9_007_199_254_740_991],
    ["9007199254740991", 9_007_199_254_740_991],
  ])("%s is a number", (text, value) => expect(parseInt8(text)).toBe(value));

  test.each(["9007199254740992", "-9007199254740992", "9223372036854775807"])(
    "%s is refused",
    (text) => {
      expect(() => parseInt8(text)).toThrow(
        new Fault(`Cannot read bigint ${text}: it is beyond 2^53 - 1`, { retryable: false }),
      );
    },
  );
});

describe("a timestamptz", () => {
  test.each([
    ["2024-02-29 23:59:59+00", "2024-02-29T23:59:59.000Z"],
    ["2024-02-29 23:59:59.1+00", "2024-02-29T23:59:59.100Z"],
    ["2024-02-29 23:59:59.123456+00", "2024-02-29T23:59:59.123Z"],
    ["2024-02-29 23:59:59.999999+00", "2024-02-29T23:59:59.999Z"],
    ["0001-01-01 00:00:00+00", "0001-01-01T00:00:00.000Z"],
    ["2024-03-01 07:59:59.5+08", "2024-02-29T23:59:59.500Z"],
    ["2024-03-01 05:29:59+05:30", "2024-02-29T23:59:59.000Z"],
    ["infinity", "infinity"],
    ["-infinity", "-infinity"],
  ])("%s is %s", (text, value) => expect(parseTimestamptz(text)).toBe(value));

  test.each(["0044-03-15 00:00:00+00 BC", "12024-01-01 00:00:00+00"])("%s is refused", (text) => {
    expect(() => parseTimestamptz(text)).toThrow("expected a year from 0001 to 9999");
  });
});
