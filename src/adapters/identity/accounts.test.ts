// Accounts: who may exist, who may sign in, and that taking rights away ends sessions.

import { expect, test } from "vitest";
import { memoryIdentityRows } from "../../../test/support/memory-identity.ts";
import type { Role, Scope } from "../../domain/actor.ts";
import { isRefusal, type Refusal } from "../../domain/refusal.ts";
import { createAccounts, type Account, type Accounts, type NewAccount } from "./accounts.ts";
import { createSessions } from "./sessions.ts";

const password = "correct horse battery";

function given(): Readonly<{ accounts: Accounts; sessions: ReturnType<typeof createSessions> }> {
  const rows = memoryIdentityRows();
  let made = 0;
  const now = (): Date => new Date("2026-03-02T02:00:00Z");
  const newId = (): string => `account-${(made += 1)}`;
  return { accounts: createAccounts(rows, { now, newId }), sessions: createSessions(rows, now) };
}

const ann: NewAccount = {
  login: "Ann",
  name: { zh: "安", en: "Ann" },
  roles: ["analyst"],
  scope: { kind: "all" },
  language: "zh",
  password,
};

async function created(accounts: Accounts, account: NewAccount): Promise<Account> {
  const result = await accounts.create(account);
  if (isRefusal(result)) throw new Error(result.detail.en);
  return result;
}

test("an account signs in by its login in any case, and never shows its password", async () => {
  const { accounts } = given();
  await created(accounts, ann);
  const found = await accounts.verify(" ANN ", password);
  expect(found).toMatchObject({ login: "ann", roles: ["analyst"], language: "zh" });
  expect(Object.keys(found ?? {})).not.toContain("passwordHash");
  expect(JSON.stringify(await accounts.list())).not.toContain("argon2id");
});

test("a wrong password, an unknown login, a disabled account and one without password do not sign in", async () => {
  const { accounts } = given();
  const account = await created(accounts, ann);
  await created(accounts, { ...ann, login: "robot", password: null });
  expect(await accounts.verify("ann", "another password")).toBeNull();
  expect(await accounts.verify("bob", password)).toBeNull();
  expect(await accounts.verify("robot", password)).toBeNull();
  await accounts.setDisabled(account.id, true);
  expect(await accounts.verify("ann", password)).toBeNull();
  await accounts.setDisabled(account.id, false);
  expect(await accounts.verify("ann", password)).not.toBeNull();
});

const refused: readonly Readonly<[string, Partial<NewAccount>, string, string]>[] = [
  ["a login with a space", { login: "an n" }, "invalid", "/login"],
  ["a login of one letter", { login: "a" }, "invalid", "/login"],
  ["a name that is empty in one language", { name: { zh: "", en: "Ann" } }, "invalid", "/name/zh"],
  ["no role", { roles: [] }, "invalid", "/roles"],
  ["an unknown role", { roles: ["root" as Role] }, "invalid", "/roles"],
  ["a borrower who reaches everybody", { roles: ["borrower"] }, "invalid", "/scope"],
  [
    "staff who reach one customer",
    { scope: { kind: "own", customerId: "c" } satisfies Scope },
    "invalid",
    "/scope",
  ],
  [
    "a borrower who is staff too",
    { roles: ["borrower", "legal"], scope: { kind: "own", customerId: "c" } },
    "invalid",
    "/scope",
  ],
  ["a short password", { password: "elevenchars" }, "invalid", "/password"],
  ["a login that is taken", { login: "TAKEN" }, "already-exists", "/login"],
];

test.each(refused)("%s is refused", async (_name, change, code, pointer) => {
  const { accounts } = given();
  await created(accounts, { ...ann, login: "taken" });
  const result = await accounts.create({ ...ann, ...change });
  expect(result).toMatchObject({ refused: code, pointer });
  const { detail } = result as Refusal;
  expect(detail.en).not.toBe("");
  expect(detail.zh).not.toBe("");
});

test("new rights, a new password and disabling end the sessions of the account", async () => {
  const { accounts, sessions } = given();
  const { id } = await created(accounts, ann);
  const changes = [
    () => accounts.assign(id, ["auditor"], { kind: "all" }),
    () => accounts.setPassword(id, "another good password"),
    () => accounts.setDisabled(id, true),
  ];
  for (const change of changes) {
    const { token } = await sessions.open(id);
    expect(await sessions.find(token)).not.toBeNull();
    expect(isRefusal(await change())).toBe(false);
    expect(await sessions.find(token)).toBeNull();
  }
  expect((await accounts.find(id))?.roles).toEqual(["auditor"]);
});

test("what concerns an unknown account is refused as not found", async () => {
  const { accounts } = given();
  expect(await accounts.setDisabled("nobody", true)).toMatchObject({ refused: "not-found" });
  expect(await accounts.setPassword("nobody", password)).toMatchObject({ refused: "not-found" });
});
