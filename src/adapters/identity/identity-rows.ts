// Accounts, sessions and API keys as rows, and the statements that keep them. They belong to no customer:
// the tables are small, undistributed and guarded by their primary keys alone.

import type { Role, Scope } from "../../domain/actor.ts";
import type { DeskRights } from "../../domain/desk-rights.ts";
import type { Language, Text } from "../../domain/text.ts";
import { joinedRead } from "../joined-read.ts";
import type { Queryable } from "../postgres/pool.ts";

/** One account as stored. Instants are ISO 8601 in UTC. */
export type AccountRow = Readonly<{
  id: string;
  login: string;
  name: Text;
  roles: readonly Role[];
  scope: Scope;
  desk: DeskRights;
  passwordHash: string | null;
  language: Language;
  disabled: boolean;
  createdAt: string;
}>;

export type SessionRow = Readonly<{
  tokenHash: Buffer;
  accountId: string;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
}>;

/** `roles` and `scope` narrow those of the account. */
export type ApiKeyRow = Readonly<{
  prefix: string;
  hash: Buffer;
  accountId: string;
  roles: readonly Role[];
  scope: Scope;
  label: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}>;

/** What identity asks of its storage. Writes say whether a row was written. */
export type IdentityRows = Readonly<{
  accounts: () => Promise<readonly AccountRow[]>;
  account: (id: string) => Promise<AccountRow | null>;
  accountByLogin: (login: string) => Promise<AccountRow | null>;
  /** false when the id or the login is taken */
  addAccount: (row: AccountRow) => Promise<boolean>;
  setAccount: (row: AccountRow) => Promise<boolean>;
  addSession: (row: SessionRow) => Promise<void>;
  session: (tokenHash: Buffer) => Promise<SessionRow | null>;
  touchSession: (tokenHash: Buffer, at: string) => Promise<void>;
  endSession: (tokenHash: Buffer) => Promise<void>;
  endSessionsOf: (accountId: string) => Promise<void>;
  /** removes sessions that expired before `at` or were last seen before `idleSince`; how many */
  endOldSessions: (at: string, idleSince: string) => Promise<number>;
  addApiKey: (row: ApiKeyRow) => Promise<boolean>;
  apiKey: (prefix: string) => Promise<ApiKeyRow | null>;
  apiKeysOf: (accountId: string) => Promise<readonly ApiKeyRow[]>;
  revokeApiKey: (prefix: string, at: string) => Promise<boolean>;
}>;

/** All that identity needs of a database. */
export type Statements = Pick<Queryable, "query" | "execute">;

const accountColumns = `id, login, name_zh as "nameZh", name_en as "nameEn", roles, scope, desk,
  password_hash as "passwordHash", language, disabled, created_at as "createdAt"`;
const sessionColumns = `token_hash as "tokenHash", account_id as "accountId", created_at as "createdAt",
  last_seen_at as "lastSeenAt", expires_at as "expiresAt"`;
const apiKeyColumns = `prefix, hash, account_id as "accountId", roles, scope, label, created_at as "createdAt",
  expires_at as "expiresAt", revoked_at as "revokedAt"`;

/** Identity rows in PostgreSQL: tables account, session and api_key. Throws the database's faults. */
export function sqlIdentityRows(statements: Statements): IdentityRows {
  return {
    ...sqlAccountRows(statements),
    ...sqlSessionRows(statements),
    ...sqlApiKeyRows(statements),
  };
}

type AccountRows = Pick<
  IdentityRows,
  "accounts" | "account" | "accountByLogin" | "addAccount" | "setAccount"
>;

type FlatAccount = Omit<AccountRow, "name"> & Readonly<{ nameZh: string; nameEn: string }>;

function sqlAccountRows(statements: Statements): AccountRows {
  const select = `select ${accountColumns} from account`;
  const some = async (text: string, values: readonly unknown[]): Promise<readonly AccountRow[]> =>
    (await statements.query<FlatAccount>(text, values)).map(({ nameZh, nameEn, ...row }) => ({
      ...row,
      name: { zh: nameZh, en: nameEn },
    }));
  const values = (row: AccountRow): readonly unknown[] => [
    ...[row.id, row.login, row.name.zh, row.name.en, row.roles, JSON.stringify(row.scope)],
    ...[JSON.stringify(row.desk), row.passwordHash, row.language, row.disabled, row.createdAt],
  ];
  return {
    accounts: () => some(`${select} order by login`, []),
    account: joinedRead(async (id) => (await some(`${select} where id = $1`, [id]))[0] ?? null),
    accountByLogin: async (login) => (await some(`${select} where login = $1`, [login]))[0] ?? null,
    addAccount: async (row) =>
      (await statements.execute(
        `insert into account (id, login, name_zh, name_en, roles, scope, desk, password_hash, language,
           disabled, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
        values(row),
      )) > 0,
    setAccount: async (row) =>
      (await statements.execute(
        `update account set login = $2, name_zh = $3, name_en = $4, roles = $5, scope = $6,
           desk = $7, password_hash = $8, language = $9, disabled = $10, created_at = $11 where id = $1`,
        values(row),
      )) > 0,
  };
}

type SessionRows = Pick<
  IdentityRows,
  "addSession" | "session" | "touchSession" | "endSession" | "endSessionsOf" | "endOldSessions"
>;

function sqlSessionRows(statements: Statements): SessionRows {
  const write = async (text: string, values: readonly unknown[]): Promise<void> => {
    await statements.execute(text, values);
  };
  return {
    addSession: (row) =>
      write(
        `insert into session (token_hash, account_id, created_at, last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5)`,
        [row.tokenHash, row.accountId, row.createdAt, row.lastSeenAt, row.expiresAt],
      ),
    session: async (tokenHash) => {
      const text = `select ${sessionColumns} from session where token_hash = $1`;
      return (await statements.query<SessionRow>(text, [tokenHash]))[0] ?? null;
    },
    touchSession: (tokenHash, at) =>
      write("update session set last_seen_at = $2 where token_hash = $1 and last_seen_at < $2", [
        tokenHash,
        at,
      ]),
    endSession: (tokenHash) => write("delete from session where token_hash = $1", [tokenHash]),
    endSessionsOf: (accountId) => write("delete from session where account_id = $1", [accountId]),
    endOldSessions: (at, idleSince) =>
      statements.execute("delete from session where expires_at <= $1 or last_seen_at <= $2", [
        at,
        idleSince,
      ]),
  };
}

type ApiKeyRows = Pick<IdentityRows, "addApiKey" | "apiKey" | "apiKeysOf" | "revokeApiKey">;

function sqlApiKeyRows(statements: Statements): ApiKeyRows {
  const select = `select ${apiKeyColumns} from api_key`;
  return {
    addApiKey: async (row) =>
      (await statements.execute(
        `insert into api_key (prefix, hash, account_id, roles, scope, label, created_at, expires_at, revoked_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
        [
          ...[row.prefix, row.hash, row.accountId, row.roles, JSON.stringify(row.scope)],
          ...[row.label, row.createdAt, row.expiresAt, row.revokedAt],
        ],
      )) > 0,
    apiKey: joinedRead(
      async (prefix) =>
        (await statements.query<ApiKeyRow>(`${select} where prefix = $1`, [prefix]))[0] ?? null,
    ),
    apiKeysOf: (accountId) =>
      statements.query<ApiKeyRow>(`${select} where account_id = $1 order by prefix`, [accountId]),
    revokeApiKey: async (prefix, at) =>
      (await statements.execute(
        "update api_key set revoked_at = $2 where prefix = $1 and revoked_at is null",
        [prefix, at],
      )) > 0,
  };
}
