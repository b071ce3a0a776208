// The log never repeats secrets or personal data, whatever object they hide in.

import { expect, test } from "vitest";
import { identityFields } from "../domain/customer.ts";
import { Fault } from "./fault.ts";
import { createLog, loggedError } from "./log.ts";

const canary = "canary-7f3a9";

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog("trace", { write: (line: string) => void lines.push(line) }));
  return lines.join("");
}

const secrets = [
  ...identityFields,
  "password",
  "token",
  "secret",
  "authorization",
  "cookie",
  "apiKey",
];

test.each(secrets)("%s is redacted at every depth, in lists and in children", (name) => {
  let nested: unknown = { [name]: canary };
  for (let level = 0; level < 20; level += 1) nested = { level: nested };
  const text = logged((log) => {
    log.info({ [name]: canary });
    log.info({ one: { two: { three: { [name]: canary } } } });
    log.info({ rows: [{ [name]: { deep: canary } }] });
    log.info({ nested });
    log
      .child({ one: 1 })
      .child({ [name]: canary })
      .info("child");
  });
  expect(text).not.toContain(canary);
  expect(text.match(/\[redacted\]/g)).toHaveLength(5);
});

test("what is logged is not changed by logging it", () => {
  const fields = { one: { password: canary, rows: 1 } };
  logged((log) => log.info(fields));
  expect(fields).toEqual({ one: { password: canary, rows: 1 } });
});

test("an error under any name is reduced, and bytes are counted", () => {
  const cause = Object.assign(new Error("broken"), { detail: canary });
  const text = logged((log) => log.info({ cause, list: [cause], hash: Buffer.from(canary) }));
  expect(text).not.toContain(canary);
  expect(text).toContain('"hash":"12 bytes"');
  expect(text.match(/"message":"broken"/g)).toHaveLength(2);
});

test("of a database error only what helps is logged, never its detail", () => {
  const cause = Object.assign(new Error("duplicate key value violates unique constraint"), {
    code: "23505",
    detail: `Key (phone)=(${canary}) already exists.`,
  });
  const fault = new Fault("Cannot save customer: it exists already", { cause, retryable: false });
  const text = logged((log) => log.error({ err: fault }, "failed"));
  expect(text).not.toContain(canary);
  expect(text).toContain("Cannot save customer");
  expect(text).toContain("duplicate key value");
});

test("something thrown that is no error is named, not repeated", () => {
  expect(loggedError({ phone: canary })).toEqual({
    type: "object",
    message: "not an error object",
  });
});

test("lines are JSON with time, level and service", () => {
  const line = JSON.parse(logged((log) => log.warn({ rows: 3 }, "slow"))) as unknown;
  expect(line).toMatchObject({ level: "warn", service: "tidemark", rows: 3, msg: "slow" });
});
