// Sessions: the token is nowhere but with its holder, and every session ends.

import { expect, test } from "vitest";
import { memoryIdentityRows } from "../../../test/support/memory-identity.ts";
import type { IdentityRows, SessionRow } from "./identity-rows.ts";
import { createSessions, type Sessions } from "./sessions.ts";

const minute = 60_000;

type Given = Readonly<{ sessions: Sessions; rows: SessionRow[]; wait: (ms: number) => void }>;

function given(): Given {
  let at = Date.parse("2026-03-02T02:00:00Z");
  const kept = memoryIdentityRows();
  const rows: SessionRow[] = [];
  const watched: IdentityRows = {
    ...kept,
    addSession: async (row) => {
      rows.push(row);
      await kept.addSession(row);
    },
  };
  const sessions = createSessions(watched, () => new Date(at));
  return { sessions, rows, wait: (ms) => void (at += ms) };
}

test("a session is found by its token only, and the token is not stored", async () => {
  const { sessions, rows } = given();
  const { token, expiresAt } = await sessions.open("ann");
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(await sessions.find(token)).toEqual({ accountId: "ann", expiresAt });
  expect(rows[0]?.tokenHash).toHaveLength(32);
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(await sessions.find(rows[0]?.tokenHash.toString("base64url") ?? "")).toBeNull();
  expect(await sessions.find("nonsense")).toBeNull();
});

test("fifteen minutes without use end a session, use keeps it alive", async () => {
  const { sessions, wait } = given();
  const { token } = await sessions.open("ann");
  for (let used = 0; used < 4; used += 1) {
    wait(14 * minute);
    expect(await sessions.find(token)).not.toBeNull();
  }
  wait(15 * minute);
  expect(await sessions.find(token)).toBeNull();
});

test("twelve hours end a session however much it is used", async () => {
  const { sessions, wait } = given();
  const { token } = await sessions.open("ann");
  for (let passed = 10; passed < 12 * 60; passed += 10) {
    wait(10 * minute);
    expect(await sessions.find(token)).not.toBeNull();
  }
  wait(10 * minute);
  expect(await sessions.find(token)).toBeNull();
});

test("a closed session is over, and all of an account can be closed", async () => {
  const { sessions } = given();
  const [one, two, other] = [
    await sessions.open("ann"),
    await sessions.open("ann"),
    await sessions.open("bob"),
  ];
  await sessions.close(one.token);
  expect(await sessions.find(one.token)).toBeNull();
  await sessions.closeAllOf("ann");
  expect(await sessions.find(two.token)).toBeNull();
  expect(await sessions.find(other.token)).not.toBeNull();
});

test("cleaning removes exactly the sessions that nobody can use", async () => {
  const { sessions, wait } = given();
  await sessions.open("ann");
  wait(10 * minute);
  const { token } = await sessions.open("bob");
  wait(6 * minute);
  expect(await sessions.clean()).toBe(1);
  expect(await sessions.find(token)).not.toBeNull();
});
