// API keys for programs: `tm_<prefix>_<secret>`. The prefix finds the row and may be shown; the secret is
// 256 random bits of which only a SHA-256 is kept. A key acts as its account, with the same or fewer rights:
// nobody can check with a key what he made in person.

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Role, Scope } from "../../domain/actor.ts";
import { refuse, type Refusal } from "../../domain/refusal.ts";
import type { ApiKeyRow, IdentityRows } from "./identity-rows.ts";

/** One key as listed: never its secret. Instants are ISO 8601. */
export type ApiKey = Readonly<Omit<ApiKeyRow, "hash">>;

export type NewApiKey = Readonly<{
  accountId: string;
  roles: readonly Role[];
  scope: Scope;
  label: string;
  /** null: until revoked */
  expiresAt: Date | null;
}>;

export type ApiKeys = Readonly<{
  /**
   * Makes a key; its text is shown this once. Refused: not-found (account), forbidden (a role that the account
   * has not), out-of-scope (customers whom the account does not reach).
   */
  create: (key: NewApiKey) => Promise<Readonly<{ prefix: string; text: string }> | Refusal>;
  /** the valid key of that text, or null when unknown, wrong, expired or revoked */
  find: (text: string) => Promise<ApiKey | null>;
  listOf: (accountId: string) => Promise<readonly ApiKey[]>;
  /** false when there is no such key or it was revoked before */
  revoke: (prefix: string) => Promise<boolean>;
}>;

const keyForm = /^tm_([0-9a-f]{12})_[0-9a-f]{64}$/;

/** API keys kept in rows. `now` is real time. */
export function createApiKeys(rows: IdentityRows, now: () => Date): ApiKeys {
  return {
    create: async (key) => {
      const prefix = randomBytes(6).toString("hex");
      const text = `tm_${prefix}_${randomBytes(32).toString("hex")}`;
      const { accountId, roles, scope, label } = key;
      const refusal = await createRefusal(rows, key);
      if (refusal !== null) return refusal;
      const written = await rows.addApiKey({
        ...{ prefix, hash: hashOf(text), accountId, roles, scope, label },
        ...{ createdAt: now().toISOString(), expiresAt: key.expiresAt?.toISOString() ?? null },
        revokedAt: null,
      });
      if (!written) throw new Error(`API key prefix drawn twice: ${prefix}`);
      return { prefix, text };
    },
    find: (text) => findKey(rows, text, now()),
    listOf: async (accountId) => (await rows.apiKeysOf(accountId)).map(withoutHash),
    revoke: (prefix) => rows.revokeApiKey(prefix, now().toISOString()),
  };
}

/** The part of `within` that `scope` reaches; null when they share nothing. */
export function narrowedScope(within: Scope, scope: Scope): Scope | null {
  if (within.kind === "all") return scope;
  if (scope.kind === "all") return within;
  if (within.kind === "portfolios" && scope.kind === "portfolios") {
    const portfolios = scope.portfolios.filter((one) => within.portfolios.includes(one));
    return portfolios.length === 0 ? null : { kind: "portfolios", portfolios };
  }
  const same =
    within.kind === "own" && scope.kind === "own" && within.customerId === scope.customerId;
  return same ? scope : null;
}

async function createRefusal(rows: IdentityRows, key: NewApiKey): Promise<Refusal | null> {
  const account = await rows.account(key.accountId);
  if (account === null) {
    return refuse("not-found", {
      en: `Cannot create API key: no account has the id ${key.accountId}`,
      zh: `无法创建 API 密钥：不存在编号为 ${key.accountId} 的账号`,
    });
  }
  const excess = key.roles.filter((role) => !account.roles.includes(role));
  if (key.roles.length === 0 || excess.length > 0) {
    return refuse("forbidden", {
      en: `Cannot create API key: found roles ${key.roles.join(", ") || "none"}, expected some of ${account.roles.join(", ")}`,
      zh: `无法创建 API 密钥：所选角色为 ${key.roles.join("、") || "无"}，应为 ${account.roles.join("、")} 中的若干项`,
    });
  }
  const narrowed = narrowedScope(account.scope, key.scope);
  if (narrowed !== null && JSON.stringify(narrowed) === JSON.stringify(key.scope)) return null;
  return refuse("out-of-scope", {
    en: `Cannot create API key: scope ${key.scope.kind} reaches beyond that of its account, ${account.scope.kind}`,
    zh: `无法创建 API 密钥：范围 ${key.scope.kind} 超出账号范围 ${account.scope.kind}`,
  });
}

async function findKey(rows: IdentityRows, text: string, at: Date): Promise<ApiKey | null> {
  const prefix = keyForm.exec(text)?.[1];
  if (prefix === undefined) return null;
  const row = await rows.apiKey(prefix);
  const right = timingSafeEqual(hashOf(text), row?.hash ?? Buffer.alloc(32));
  if (row === null || !right || row.revokedAt !== null) return null;
  const expired = row.expiresAt !== null && Date.parse(row.expiresAt) <= at.getTime();
  return expired ? null : withoutHash(row);
}

function withoutHash(row: ApiKeyRow): ApiKey {
  const { hash: _, ...key } = row;
  return key;
}

function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
