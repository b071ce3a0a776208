// Identity rows and the reply book in memory, with the same answers as their tables: for tests of the API that
// need no database.

import type {
  AccountRow,
  ApiKeyRow,
  IdentityRows,
  SessionRow,
} from "../../src/adapters/identity/identity-rows.ts";
import type { BookedReply, ReplyBook } from "../../src/adapters/http/reply-book.ts";

/** Rows that end with the test. */
export function memoryIdentityRows(): IdentityRows {
  const accounts = new Map<string, AccountRow>();
  const sessions = new Map<string, SessionRow>();
  const keys = new Map<string, ApiKeyRow>();
  const hex = (hash: Buffer): string => hash.toString("hex");
  const byLogin = (login: string): AccountRow | null =>
    [...accounts.values()].find((row) => row.login === login) ?? null;
  return {
    accounts: async () =>
      [...accounts.values()].toSorted((left, right) => (left.login < right.login ? -1 : 1)),
    account: async (id) => accounts.get(id) ?? null,
    accountByLogin: async (login) => byLogin(login),
    addAccount: async (row) => {
      if (accounts.has(row.id) || byLogin(row.login) !== null) return false;
      accounts.set(row.id, row);
      return true;
    },
    setAccount: async (row) => accounts.has(row.id) && accounts.set(row.id, row) === accounts,
    addSession: async (row) => void sessions.set(hex(row.tokenHash), row),
    session: async (hash) => sessions.get(hex(hash)) ?? null,
    touchSession: async (hash, at) => {
      const row = sessions.get(hex(hash));
      if (row !== undefined) sessions.set(hex(hash), { ...row, lastSeenAt: at });
    },
    endSession: async (hash) => void sessions.delete(hex(hash)),
    endSessionsOf: async (accountId) => {
      for (const [key, row] of sessions) if (row.accountId === accountId) sessions.delete(key);
    },
    endOldSessions: async (at, idleSince) => {
      const old = [...sessions].filter(
        ([, row]) => row.expiresAt <= at || row.lastSeenAt <= idleSince,
      );
      for (const [key] of old) sessions.delete(key);
      return old.length;
    },
    addApiKey: async (row) => !keys.has(row.prefix) && keys.set(row.prefix, row) === keys,
    apiKey: async (prefix) => keys.get(prefix) ?? null,
    apiKeysOf: async (accountId) => [...keys.values()].filter((row) => row.accountId === accountId),
    revokeApiKey: async (prefix, at) => {
      const row = keys.get(prefix);
      if (row === undefined || row.revokedAt !== null) return false;
      keys.set(prefix, { ...row, revokedAt: at });
      return true;
    },
  };
}

/** A reply book that ends with the test. */
export function memoryReplyBook(): ReplyBook {
  const book = new Map<string, BookedReply>();
  const nameOf = ({ client, key }: Readonly<{ client: string; key: string }>): string =>
    JSON.stringify([client, key]);
  return {
    claim: async (key) => {
      const name = nameOf(key);
      if (!book.has(name)) book.set(name, { bodyHash: key.bodyHash, answer: null });
      return book.get(name)!;
    },
    settle: async (key, status, reply) => {
      const booked = book.get(nameOf(key));
      if (booked?.bodyHash !== key.bodyHash || booked.answer !== null) return;
      const answer = { status, reply: JSON.parse(JSON.stringify(reply)) as unknown };
      book.set(nameOf(key), { ...booked, answer });
    },
    release: async (key) => {
      const booked = book.get(nameOf(key));
      if (booked?.bodyHash === key.bodyHash && booked.answer === null) book.delete(nameOf(key));
    },
  };
}
