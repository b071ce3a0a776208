// Who asks, and whether the route is for him: every route states its access, a route that does not is a
// mistake that keeps the server from starting, and everything not allowed is refused before any input is read.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { roles as allRoles, staffRoles, type Actor, type Role } from "../../domain/actor.ts";
import { refuse } from "../../domain/refusal.ts";
import { actorOf, type Account, type Accounts } from "../identity/accounts.ts";
import { narrowedScope, type ApiKeys } from "../identity/api-keys.ts";
import type { Sessions } from "../identity/sessions.ts";
import { sessionTokenOf } from "./session-cookie.ts";
import { preferredLanguage } from "./language.ts";
import { sendProblem, sendRefusal } from "./problem.ts";

/** Who may call a route: anybody, or those who hold one of the roles. */
export type Access =
  | Readonly<{ kind: "public" }>
  | Readonly<{ kind: "roles"; roles: readonly Role[] }>;

export const forEverybody: Access = { kind: "public" };

export const forSignedIn: Access = { kind: "roles", roles: allRoles };

export const forStaff: Access = { kind: "roles", roles: staffRoles };

export function forRoles(roles: readonly Role[]): Access {
  return { kind: "roles", roles };
}

/** Where the reference for people lies; everything below it is open to everybody, as its document is. */
export const referencePath = "/reference";

/** Who signed the request. `client` scopes idempotency keys. */
export type Principal = Readonly<{
  account: Account;
  actor: Actor;
  client: string;
  session: Readonly<{ token: string; expiresAt: string }> | null;
}>;

export type AccessParts = Readonly<{
  accounts: Accounts;
  sessions: Sessions;
  apiKeys: ApiKeys;
  secure: boolean;
  origins: readonly string[];
}>;

/** Refuses to add a route without access, and guards every route with the one it states. */
export function guardRoutes(app: FastifyInstance, parts: AccessParts): void {
  app.addHook("onRoute", (route) => {
    // The files of the reference page come from a package that states nothing.
    if (isOpenPage(route.url)) route.config = { ...route.config, access: forEverybody };
    if (route.config?.access === undefined) {
      throw new Error(`Route states no access: ${String(route.method)} ${route.url}`);
    }
  });
  app.addHook("onRequest", async (request, reply) => {
    const { access } = request.routeOptions.config;
    if (access === undefined || access.kind === "public") return;
    const principal = await principalOf(request, parts);
    if (principal === null) return notSignedIn(request, reply);
    request.principal = principal;
    const stated = preferredLanguage(request.headers["accept-language"]);
    request.language = stated ?? principal.account.language;
    if (!principal.actor.roles.some((role) => access.roles.includes(role))) {
      return forbidden(request, reply, principal.actor, access.roles);
    }
    if (principal.session !== null && isForeign(request, parts.origins)) {
      return sendProblem(request, reply, "origin-refused");
    }
  });
}

function isOpenPage(url: string): boolean {
  return url === referencePath || url.startsWith(`${referencePath}/`);
}

/** The principal of a guarded route. */
export function principalIn(request: FastifyRequest): Principal {
  if (request.principal === null) throw new Error("Guarded route without principal");
  return request.principal;
}

/** The signed-in principal, by API key or session cookie; null for neither or for a disabled account. */
export async function principalOf(
  request: FastifyRequest,
  { accounts, sessions, apiKeys, secure }: AccessParts,
): Promise<Principal | null> {
  const { authorization } = request.headers;
  if (authorization !== undefined) return keyPrincipal(authorization, accounts, apiKeys);
  const token = sessionTokenOf(request, secure);
  if (token === null) return null;
  const session = await sessions.find(token);
  const account = session === null ? null : await accounts.find(session.accountId);
  if (session === null || account === null || account.disabled) return null;
  return {
    account,
    actor: actorOf(account),
    client: account.id,
    session: { token, expiresAt: session.expiresAt },
  };
}

async function keyPrincipal(
  authorization: string,
  accounts: Accounts,
  apiKeys: ApiKeys,
): Promise<Principal | null> {
  const text = /^Bearer ([!-~]{1,200})$/i.exec(authorization)?.[1];
  const key = text === undefined ? null : await apiKeys.find(text);
  const account = key === null ? null : await accounts.find(key.accountId);
  if (key === null || account === null || account.disabled) return null;
  const scope = narrowedScope(account.scope, key.scope);
  if (scope === null) return null;
  const roles = key.roles.filter((role) => account.roles.includes(role));
  const actor: Actor = { id: account.id, roles, scope, desk: account.desk };
  return { account, actor, client: `key:${key.prefix}`, session: null };
}

/**
 * A change that a browser sends with its cookie must come from our own page (Fetch Metadata, RFC 6454).
 * Whoever says neither where he comes from nor that he is no browser is refused.
 */
export function isForeign(request: FastifyRequest, origins: readonly string[]): boolean {
  if (request.method === "GET" || request.method === "HEAD") return false;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") return true;
  const { origin } = request.headers;
  if (origin === undefined) return site === undefined;
  return origin !== `${request.protocol}://${request.host}` && !origins.includes(origin);
}

function notSignedIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header("www-authenticate", 'Bearer realm="tidemark"');
  return sendRefusal(
    request,
    reply,
    refuse("not-signed-in", {
      en: "Found no valid session and no valid API key",
      zh: "未提供有效的会话或 API 密钥",
    }),
  );
}

function forbidden(
  request: FastifyRequest,
  reply: FastifyReply,
  actor: Actor,
  roles: readonly Role[],
): FastifyReply {
  return sendRefusal(
    request,
    reply,
    refuse("forbidden", {
      en: `Found roles ${actor.roles.join(", ") || "none"}, expected one of ${roles.join(", ")}`,
      zh: `当前角色为 ${actor.roles.join("、") || "无"}，需要 ${roles.join("、")} 之一`,
    }),
  );
}
