// Passwords: what is stored tells nothing, what is verified takes as long for nobody as for somebody.

import { argon2Sync } from "node:crypto";
import { expect, test } from "vitest";
import { hashPassword, isOutdated, passwordCost, verifyPassword } from "./passwords.ts";

test("a password verifies against its own hash and no other does", async () => {
  const hash = await hashPassword("correct horse battery");
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await verifyPassword(hash, "correct horse battery")).toBe(true);
  expect(await verifyPassword(hash, "correct horse batterz")).toBe(false);
});

test("the same password twice gives two hashes", async () => {
  expect(await hashPassword("correct horse battery")).not.toBe(
    await hashPassword("correct horse battery"),
  );
});

test("a character composed in two ways is one password", async () => {
  const hash = await hashPassword("caf\u00e9 au lait 12");
  expect(await verifyPassword(hash, "cafe\u0301 au lait 12")).toBe(true);
});

test("nobody has no password, and saying so takes as long as a wrong one", async () => {
  const hash = await hashPassword("correct horse battery");
  const time = async (stored: string | null): Promise<number> => {
    const from = performance.now();
    expect(await verifyPassword(stored, "wrong horse battery")).toBe(false);
    return performance.now() - from;
  };
  const [wrong, nobody] = [await time(hash), await time(null)];
  // Both derive a key of full cost; without that, nobody would take microseconds.
  expect(nobody).toBeGreaterThan(wrong / 10);
});

test("a hash made at another cost still verifies and is called outdated", async () => {
  const salt = Buffer.alloc(16, 7);
  const tag = argon2Sync("argon2id", {
    ...{ message: "correct horse battery", nonce: salt, parallelism: 1 },
    ...{ tagLength: 32, memory: 8_192, passes: 1 },
  });
  const text = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");
  const old = `$argon2id$v=19$m=8192,t=1,p=1$${text(salt)}$${text(tag)}`;
  expect(await verifyPassword(old, "correct horse battery")).toBe(true);
  expect(isOutdated(old)).toBe(true);
  expect(isOutdated(await hashPassword("correct horse battery"))).toBe(false);
});

test("a hash in another form is a fault, not a wrong password", async () => {
  await expect(verifyPassword("$2b$10$abc", "x")).rejects.toThrow(/expected argon2id/);
});

test("the cost is at least the published recommendation", () => {
  expect(passwordCost.memoryKib).toBeGreaterThanOrEqual(19_456);
  expect(passwordCost.passes).toBeGreaterThanOrEqual(2);
});

test("more sign-ins at once than can wait are told to come back", async () => {
  const asked = Array.from({ length: 70 }, () => verifyPassword(null, "x").then(() => "done"));
  const results = await Promise.allSettled(asked);
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused.length).toBe(4);
  expect(refused[0]?.reason).toMatchObject({ retryable: true });
});
