// API keys: shown once, stored as a hash, never stronger than their account.

import { plainDeskRights } from "../../domain/desk-rights.ts";
import { expect, test } from "vitest";
import { memoryIdentityRows } from "../../../test/support/memory-identity.ts";
import type { Role, Scope } from "../../domain/actor.ts";
import { isRefusal } from "../../domain/refusal.ts";
import { createApiKeys, narrowedScope, type ApiKeys } from "./api-keys.ts";
import type { AccountRow, IdentityRows } from "./identity-rows.ts";

const loans: Scope = { kind: "portfolios", portfolios: ["loans"] };
const both: Scope = { kind: "portfolios", portfolios: ["cards", "loans"] };
const own = (customerId: string): Scope => ({ kind: "own", customerId });

async function given(
  scope: Scope = both,
): Promise<Readonly<{ keys: ApiKeys; rows: IdentityRows; wait: (ms: number) => void }>> {
  let at = Date.parse("2026-03-02T02:00:00Z");
  const rows = memoryIdentityRows();
  const account: AccountRow = {
    ...{ id: "ann", login: "ann", name: { zh: "安", en: "Ann" }, roles: ["operator", "analyst"] },
    ...{
      scope,
      desk: plainDeskRights,
      passwordHash: null,
      language: "en",
      disabled: false,
      createdAt: "2026-01-01",
    },
  };
  await rows.addAccount(account);
  return {
    keys: createApiKeys(rows, () => new Date(at)),
    rows,
    wait: (ms) => void (at += ms),
  };
}

async function made(
  keys: ApiKeys,
  roles: readonly Role[],
  scope: Scope,
  expiresAt: Date | null = null,
): Promise<Readonly<{ prefix: string; text: string }>> {
  const key = await keys.create({ accountId: "ann", roles, scope, label: "job", expiresAt });
  if (isRefusal(key)) throw new Error(key.detail.en);
  return key;
}

test("a key is found by its whole text and its secret is not stored", async () => {
  const { keys, rows } = await given();
  const { text, prefix } = await made(keys, ["operator"], loans);
  expect(text).toMatch(/^tm_[0-9a-f]{12}_[0-9a-f]{64}$/);
  expect(await keys.find(text)).toMatchObject({ accountId: "ann", prefix, roles: ["operator"] });
  const secret = text.slice(-64);
  expect((await rows.apiKey(prefix))?.hash.toString("hex")).not.toContain(secret);
  expect(JSON.stringify(await keys.listOf("ann"))).not.toContain(secret);
  expect(await keys.find(`${text.slice(0, -1)}${text.endsWith("0") ? "1" : "0"}`)).toBeNull();
  expect(await keys.find(text.replace(prefix, "000000000000"))).toBeNull();
  expect(await keys.find("tm_nonsense")).toBeNull();
});

test("a revoked key and an expired key are not found", async () => {
  const { keys, wait } = await given();
  const revoked = await made(keys, ["operator"], loans);
  expect(await keys.revoke(revoked.prefix)).toBe(true);
  expect(await keys.revoke(revoked.prefix)).toBe(false);
  expect(await keys.find(revoked.text)).toBeNull();
  const expiring = await made(keys, ["operator"], loans, new Date("2026-03-02T03:00:00Z"));
  expect(await keys.find(expiring.text)).not.toBeNull();
  wait(3_600_000);
  expect(await keys.find(expiring.text)).toBeNull();
});

const refused: readonly Readonly<[string, readonly Role[], Scope, string]>[] = [
  ["a role that the account has not", ["approver"], loans, "forbidden"],
  ["no role at all", [], loans, "forbidden"],
  ["a wider scope", ["operator"], { kind: "all" }, "out-of-scope"],
  [
    "a portfolio beyond",
    ["operator"],
    { kind: "portfolios", portfolios: ["cars"] },
    "out-of-scope",
  ],
];

test.each(refused)("a key with %s is refused", async (_name, roles, scope, code) => {
  const { keys } = await given();
  const result = await keys.create({
    accountId: "ann",
    roles,
    scope,
    label: "job",
    expiresAt: null,
  });
  expect(result).toMatchObject({ refused: code });
});

test("a key for nobody is refused", async () => {
  const { keys } = await given();
  const asked = { accountId: "bob", roles: [], scope: loans, label: "job", expiresAt: null };
  expect(await keys.create(asked)).toMatchObject({ refused: "not-found" });
});

const scopes: readonly Readonly<[Scope, Scope, Scope | null]>[] = [
  [{ kind: "all" }, loans, loans],
  [loans, { kind: "all" }, loans],
  [both, loans, loans],
  [loans, both, loans],
  [loans, { kind: "portfolios", portfolios: ["cars"] }, null],
  [own("a"), own("a"), own("a")],
  [own("a"), own("b"), null],
  [loans, own("a"), null],
];

test.each(scopes)("%o narrowed by %o is %o", (within, scope, expected) => {
  expect(narrowedScope(within, scope)).toEqual(expected);
});
