// Local accounts: who may sign in, in which roles and for whose lines. An account is never deleted, only
// disabled, because decisions name it for ever.

import { roles as allRoles, type Actor, type Role, type Scope } from "../../domain/actor.ts";
import { plainDeskRights, skillForm, type DeskRights } from "../../domain/desk-rights.ts";
import { refuse, type Refusal } from "../../domain/refusal.ts";
import { languages, type Language, type Text } from "../../domain/text.ts";
import { hashPassword, isOutdated, passwordLength, verifyPassword } from "./passwords.ts";
import type { AccountRow, IdentityRows } from "./identity-rows.ts";

/** An account without its password. `id` is what events, decisions and the log name. */
export type Account = Readonly<Omit<AccountRow, "passwordHash">>;

export type NewAccount = Readonly<{
  login: string;
  name: Text;
  roles: readonly Role[];
  scope: Scope;
  /** absent: the plain ones */
  desk?: DeskRights;
  language: Language;
  /** null: signs in by API key only */
  password: string | null;
}>;

export type Accounts = Readonly<{
  list: () => Promise<readonly Account[]>;
  find: (id: string) => Promise<Account | null>;
  findByLogin: (login: string) => Promise<Account | null>;
  /** refused: invalid (login, roles, scope or password), already-exists (login) */
  create: (account: NewAccount) => Promise<Account | Refusal>;
  /** refused: invalid, not-found. Ends the account's sessions */
  assign: (id: string, roles: readonly Role[], scope: Scope) => Promise<Account | Refusal>;
  /** refused: invalid (skills, authority), not-found. Ends the account's sessions */
  setDesk: (id: string, desk: DeskRights) => Promise<Account | Refusal>;
  /** refused: invalid, not-found. Ends the account's sessions */
  setPassword: (id: string, password: string) => Promise<Account | Refusal>;
  /** refused: not-found. Disabling ends the account's sessions; its API keys stop working at once */
  setDisabled: (id: string, disabled: boolean) => Promise<Account | Refusal>;
  /** the account whose password it is, or null; equally slow for unknown, disabled and wrong */
  verify: (login: string, password: string) => Promise<Account | null>;
}>;

/** `now` is real time; `newId` makes the ids of new accounts. */
export type IdentitySources = Readonly<{ now: () => Date; newId: () => string }>;

const loginForm = /^[a-z0-9][a-z0-9._@+-]{1,63}$/;

/** Accounts kept in rows. */
export function createAccounts(rows: IdentityRows, sources: IdentitySources): Accounts {
  const change = async (
    id: string,
    edit: (row: AccountRow) => Promise<AccountRow>,
  ): Promise<Account | Refusal> => {
    const row = await rows.account(id);
    if (row === null) return unknownAccount(id);
    const edited = await edit(row);
    if (!(await rows.setAccount(edited))) return unknownAccount(id);
    await rows.endSessionsOf(id);
    return withoutPassword(edited);
  };
  return {
    list: async () => (await rows.accounts()).map(withoutPassword),
    find: async (id) => present(await rows.account(id)),
    findByLogin: async (login) => present(await rows.accountByLogin(normalLogin(login))),
    create: (account) => createAccount(rows, sources, account),
    assign: async (id, roles, scope) =>
      rightsProblem(roles, scope) ?? change(id, async (row) => ({ ...row, roles, scope })),
    setDesk: async (id, desk) => deskProblem(desk) ?? change(id, async (row) => ({ ...row, desk })),
    setPassword: async (id, password) =>
      passwordProblem(password) ??
      change(id, async (row) => ({ ...row, passwordHash: await hashPassword(password) })),
    setDisabled: (id, disabled) => change(id, async (row) => ({ ...row, disabled })),
    verify: (login, password) => verifyAccount(rows, login, password),
  };
}

/** The enabled account of staff that a login or an id names, as the actor that it is; null where there is none. */
export async function personOf(
  accounts: Pick<Accounts, "find" | "findByLogin">,
  name: string,
): Promise<Actor | null> {
  const account = (await accounts.findByLogin(name)) ?? (await accounts.find(name));
  if (account === null || account.disabled || account.scope.kind === "own") return null;
  return actorOf(account);
}

/** Whom commands name as the one who acts. */
export function actorOf(account: Account): Actor {
  return { id: account.id, roles: account.roles, scope: account.scope, desk: account.desk };
}

async function createAccount(
  rows: IdentityRows,
  sources: IdentitySources,
  account: NewAccount,
): Promise<Account | Refusal> {
  const login = normalLogin(account.login);
  const problem =
    loginProblem(login) ??
    nameProblem(account.name) ??
    rightsProblem(account.roles, account.scope) ??
    deskProblem(account.desk ?? plainDeskRights) ??
    (account.password === null ? null : passwordProblem(account.password));
  if (problem !== null) return problem;
  const row: AccountRow = {
    id: sources.newId(),
    login,
    name: account.name,
    roles: account.roles,
    scope: account.scope,
    desk: account.desk ?? plainDeskRights,
    passwordHash: account.password === null ? null : await hashPassword(account.password),
    language: account.language,
    disabled: false,
    createdAt: sources.now().toISOString(),
  };
  if (await rows.addAccount(row)) return withoutPassword(row);
  return refuse(
    "already-exists",
    {
      en: `Cannot create account: login ${login} is taken`,
      zh: `无法创建账号：登录名 ${login} 已被占用`,
    },
    "/login",
  );
}

async function verifyAccount(
  rows: IdentityRows,
  login: string,
  password: string,
): Promise<Account | null> {
  const row = await rows.accountByLogin(normalLogin(login));
  const usable = row !== null && !row.disabled ? row : null;
  const right = await verifyPassword(usable?.passwordHash ?? null, password);
  if (usable === null || !right) return null;
  if (usable.passwordHash !== null && isOutdated(usable.passwordHash)) {
    await rows.setAccount({ ...usable, passwordHash: await hashPassword(password) });
  }
  return withoutPassword(usable);
}

function normalLogin(login: string): string {
  return login.normalize("NFKC").trim().toLowerCase();
}

function present(row: AccountRow | null): Account | null {
  return row === null ? null : withoutPassword(row);
}

function withoutPassword(row: AccountRow): Account {
  const { passwordHash: _, ...account } = row;
  return account;
}

function loginProblem(login: string): Refusal | null {
  if (loginForm.test(login)) return null;
  return refuse(
    "invalid",
    {
      en: `Cannot use login: found ${JSON.stringify(login.slice(0, 64))}, expected 2 to 64 of a-z 0-9 . _ @ + -`,
      zh: `登录名无效：当前为 ${JSON.stringify(login.slice(0, 64))}，应为 2 至 64 个 a-z 0-9 . _ @ + - 字符`,
    },
    "/login",
  );
}

function nameProblem(name: Text): Refusal | null {
  const language = languages.find((one) => name[one].trim().length === 0 || name[one].length > 100);
  if (language === undefined) return null;
  const found = name[language].length;
  return refuse(
    "invalid",
    {
      en: `Cannot use name: found ${found} characters in ${language}, expected 1 to 100`,
      zh: `姓名无效：${language} 姓名有 ${found} 个字符，应为 1 至 100 个`,
    },
    `/name/${language}`,
  );
}

function passwordProblem(password: string): Refusal | null {
  const { minimum, maximum } = passwordLength;
  const found = Array.from(password).length;
  if (found >= minimum && found <= maximum) return null;
  return refuse(
    "invalid",
    {
      en: `Cannot use password: found ${found} characters, expected ${minimum} to ${maximum}`,
      zh: `密码无效：当前 ${found} 个字符，应为 ${minimum} 至 ${maximum} 个`,
    },
    "/password",
  );
}

/** Skills are short words, and each currency has one amount. */
function deskProblem({ skills, authority }: DeskRights): Refusal | null {
  const wrong = skills.find((skill) => !skillForm.test(skill));
  if (wrong !== undefined || skills.length > 50) {
    return refuse(
      "invalid",
      {
        en: `Cannot assign skills: found ${wrong === undefined ? `${skills.length} of them` : JSON.stringify(wrong.slice(0, 64))}, expected at most 50 of a-z 0-9 -, each beginning with a letter`,
        zh: `技能无效：当前为 ${wrong === undefined ? `${skills.length} 项` : JSON.stringify(wrong.slice(0, 64))}，应为至多 50 项，由 a-z 0-9 - 组成并以字母开头`,
      },
      "/skills",
    );
  }
  const currencies = authority?.map(({ currency }) => currency) ?? [];
  const valid =
    new Set(currencies).size === currencies.length &&
    (authority ?? []).every(({ amountMinor }) => amountMinor >= 0);
  return valid
    ? null
    : refuse(
        "invalid",
        {
          en: `Cannot assign authority: found ${currencies.join(", ")}, expected one amount of 0 or more for each currency`,
          zh: `审批权限无效：当前币种为 ${currencies.join("、")}，每个币种应只有一个不小于 0 的金额`,
        },
        "/authority",
      );
}

/** A borrower reaches only itself, and staff are never borrowers: the two never mix in one account. */
function rightsProblem(roles: readonly Role[], scope: Scope): Refusal | null {
  const unknown = roles.filter((role) => !allRoles.includes(role));
  const expected = allRoles.join(", ");
  if (roles.length === 0 || unknown.length > 0) {
    const found = unknown.join(", ") || "none";
    return refuse(
      "invalid",
      {
        en: `Cannot assign roles: found ${found}, expected some of ${expected}`,
        zh: `角色无效：当前为 ${found}，应为 ${expected} 中的若干项`,
      },
      "/roles",
    );
  }
  const borrower = roles.includes("borrower");
  if (borrower === (scope.kind === "own") && (!borrower || roles.length === 1)) return null;
  return refuse(
    "invalid",
    {
      en: `Cannot assign roles: found ${roles.join(", ")} with scope ${scope.kind}, expected borrower alone with scope own, or other roles with scope all or portfolios`,
      zh: `角色无效：当前为 ${roles.join("、")}，范围 ${scope.kind}；borrower 只能单独使用且范围为 own，其他角色的范围为 all 或 portfolios`,
    },
    "/scope",
  );
}

function unknownAccount(id: string): Refusal {
  return refuse("not-found", {
    en: `Cannot find account: no account has the id ${id}`,
    zh: `未找到账号：不存在编号为 ${id} 的账号`,
  });
}
