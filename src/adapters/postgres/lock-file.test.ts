// The lock of a data folder: one holder at a time, in one process and among many, and never held by the dead.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { withLockFile } from "./lock-file.ts";
import { ownIdentity } from "./process-identity.ts";

const folder = mkdtempSync(join(tmpdir(), "tm-lock-"));
const path = join(folder, "lock");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("lets one holder in at a time and leaves nothing behind", async () => {
  let inside = 0;
  let most = 0;
  const hold = () =>
    withLockFile(path, 10_000, async () => {
      most = Math.max(most, ++inside);
      await sleep(5);
      inside--;
    });
  await Promise.all(Array.from({ length: 8 }, hold));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test("is given back when the work fails", async () => {
  await expect(
    withLockFile(path, 1_000, () => Promise.reject(new Error("work failed"))),
  ).rejects.toThrow("work failed");
  expect(existsSync(path)).toBe(false);
});

test("names the living holder when waiting was in vain", async () => {
  writeFileSync(path, JSON.stringify({ ...ownIdentity(), nonce: "other" }));
  await expect(withLockFile(path, 60, () => Promise.resolve())).rejects.toMatchObject({
    message: expect.stringContaining(`held by process ${process.pid} after 60 ms`),
    retryable: true,
  });
  rmSync(path);
});

test("is taken over from a process that is gone", async () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, birth: "another life", nonce: "dead" }));
  expect(await withLockFile(path, 1_000, () => Promise.resolve("in"))).toBe("in");
  expect(readdirSync(folder)).toEqual([]);
});
