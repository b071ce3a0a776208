// What benches of the API share: somebody who may call it, and the same database once more for the other side.

import pg from "pg";
import type { Tidemark } from "../src/compose.ts";
import type { Role } from "../src/domain/actor.ts";
import { isRefusal } from "../src/domain/refusal.ts";

/** An account with this role, and its key. */
export async function benchKey({ accounts, apiKeys }: Tidemark, role: Role): Promise<string> {
  const scope = { kind: "all" } as const;
  const account = await accounts.create({
    ...{ login: "bench", name: { zh: "基准", en: "Bench" }, roles: [role] },
    ...{ scope, language: "en", password: null },
  });
  if (isRefusal(account)) throw new Error(account.detail.en);
  const key = await apiKeys.create({
    ...{ accountId: account.id, roles: [role], scope, label: "bench", expiresAt: null },
  });
  if (isRefusal(key)) throw new Error(key.detail.en);
  return key.text;
}

/** The database as it is, once more under another name; nobody may be connected to it meanwhile. */
export async function copyDatabase(url: string): Promise<string> {
  const own = new URL(url);
  const name = own.pathname.slice(1);
  own.pathname = "/template1";
  const client = new pg.Client({ connectionString: own.href });
  await client.connect();
  await client.query(`create database bench_floor template "${name}"`);
  await client.end();
  own.pathname = "/bench_floor";
  return own.href;
}
