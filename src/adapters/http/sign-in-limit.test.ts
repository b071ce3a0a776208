// Guessing is slowed down per login and address, and per address, and a success forgives.

import { expect, test } from "vitest";
import { createSignInLimit, type SignInLimit } from "./sign-in-limit.ts";

function given(): Readonly<{ limit: SignInLimit; wait: (ms: number) => void }> {
  let at = 0;
  const limits = { perLogin: 3, perAddress: 5, windowMs: 1_000 };
  return { limit: createSignInLimit(() => at, limits), wait: (ms) => void (at += ms) };
}

test("the fourth failure of a login from one address must wait for the end of the window", () => {
  const { limit, wait } = given();
  for (let tried = 0; tried < 3; tried += 1) {
    expect(limit.waitMs("ann", "::1")).toBe(0);
    limit.begin("ann", "::1");
  }
  expect(limit.waitMs(" ANN", "::1")).toBe(1_000);
  expect(limit.waitMs("ann", "::2")).toBe(0);
  wait(999);
  expect(limit.waitMs("ann", "::1")).toBe(1);
  wait(1);
  expect(limit.waitMs("ann", "::1")).toBe(0);
});

test("one address cannot try its luck with many logins", () => {
  const { limit } = given();
  for (const login of ["a", "b", "c", "d", "e"]) limit.begin(login, "::1");
  expect(limit.waitMs("f", "::1")).toBeGreaterThan(0);
  expect(limit.waitMs("f", "::2")).toBe(0);
});

test("who signs in at last is not punished for the tries before", () => {
  const { limit } = given();
  limit.begin("ann", "::1");
  limit.begin("ann", "::1");
  limit.begin("ann", "::1");
  limit.succeed("ann", "::1");
  expect(limit.waitMs("ann", "::1")).toBe(0);
});

test("a flood of logins is forgotten oldest first instead of filling the memory", () => {
  let at = 0;
  const limits = { perLogin: 1, perAddress: 1_000_000, windowMs: 10_000_000 };
  const limit = createSignInLimit(() => at, limits);
  limit.begin("first", "::1");
  for (at = 1; at <= 50_001; at += 1) limit.begin(`login-${at}`, "::1");
  expect(limit.waitMs("first", "::1")).toBe(0);
  expect(limit.waitMs("login-50001", "::1")).toBeGreaterThan(0);
});
