// Signing in and out. Sign-in tells nothing about which part was wrong, counts failures before it checks,
// and always opens a new session, so that a session planted before is worth nothing.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { roles } from "../../../domain/actor.ts";
import { languages } from "../../../domain/text.ts";
import { forEverybody, forSignedIn, isForeign, principalIn, type Principal } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { clearSessionCookie, sessionTokenOf, setSessionCookie } from "../session-cookie.ts";
import { sendProblem } from "../problem.ts";
import { createSignInLimit, type SignInLimit } from "../sign-in-limit.ts";
import { moneyWire, wireMoney } from "../wire/money.ts";
import { instantWire, textWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["session"];

const signInBody = z.strictObject({
  login: z.string().min(1).max(200),
  password: z.string().min(1).max(500),
});

const scopeWire = z.object({
  kind: z.enum(["all", "portfolios", "own"]),
  portfolios: z.array(z.string()).optional(),
  customerId: z.string().optional(),
});

const meWire = z
  .object({
    id: z.string(),
    login: z.string(),
    name: textWire,
    roles: z.array(z.enum(roles)),
    scope: scopeWire,
    skills: z.array(z.string()).describe(bilingual("At the review desk", "复核台技能")),
    authority: z
      .array(moneyWire)
      .nullable()
      .describe(
        bilingual(
          "Largest impact that may be decided, by currency; null: no limit",
          "按币种的审批权限上限；null 表示不限",
        ),
      ),
    language: z.enum(languages),
    sessionExpiresAt: instantWire
      .nullable()
      .describe(bilingual("null for an API key", "使用 API 密钥时为 null")),
  })
  .meta({ id: "Me" });

function wireMe({ account, actor, session }: Principal): z.output<typeof meWire> {
  const { scope } = actor;
  return {
    id: account.id,
    login: account.login,
    name: { ...account.name },
    roles: [...actor.roles],
    scope:
      scope.kind === "portfolios"
        ? { kind: scope.kind, portfolios: [...scope.portfolios] }
        : { ...scope },
    skills: [...account.desk.skills],
    authority:
      account.desk.authority?.map(({ amountMinor, currency }) =>
        wireMoney(amountMinor, currency),
      ) ?? null,
    language: account.language,
    sessionExpiresAt: session?.expiresAt ?? null,
  };
}

/** Adds POST /v1/sign-in, POST /v1/sign-out and GET /v1/me. `onSignOut` ends what a session keeps open. */
export function addSessionRoutes(
  api: Api,
  dependencies: ServerDependencies,
  onSignOut: (token: string) => void,
): void {
  const limit = createSignInLimit(() => dependencies.now().getTime());
  addSignIn(api, dependencies, limit);
  api.route({
    method: "POST",
    url: "/v1/sign-out",
    config: { access: forSignedIn },
    schema: {
      operationId: "signOut",
      summary: summary({ en: "Sign out", zh: "退出登录" }),
      tags,
      response: {
        204: z.null().describe(bilingual("The session is over", "会话已结束")),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const { session } = principalIn(request);
      if (session !== null) {
        await dependencies.sessions.close(session.token);
        onSignOut(session.token);
      }
      clearSessionCookie(reply, dependencies.settings.secure);
      return reply.code(204).send(null);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/me",
    config: { access: forSignedIn },
    schema: {
      operationId: "readMe",
      summary: summary({ en: "Who is signed in", zh: "当前登录人" }),
      tags,
      response: { 200: meWire, ...problemAnswers },
    },
    handler: async (request) => wireMe(principalIn(request)),
  });
}

function addSignIn(api: Api, dependencies: ServerDependencies, limit: SignInLimit): void {
  api.route({
    method: "POST",
    url: "/v1/sign-in",
    config: { access: forEverybody },
    schema: {
      operationId: "signIn",
      summary: summary({ en: "Sign in with login and password", zh: "使用登录名和密码登录" }),
      tags,
      body: signInBody,
      response: { 200: meWire, ...problemAnswers },
    },
    handler: async (request, reply) => signIn(dependencies, limit, request.body, request, reply),
  });
}

async function signIn(
  { accounts, sessions, settings }: ServerDependencies,
  limit: SignInLimit,
  { login, password }: z.output<typeof signInBody>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // Programs without a browser say neither origin nor site; only a foreign page is to be kept out.
  const saysOrigin = request.headers.origin ?? request.headers["sec-fetch-site"];
  if (saysOrigin !== undefined && isForeign(request, settings.origins)) {
    return sendProblem(request, reply, "origin-refused");
  }
  const waitMs = limit.waitMs(login, request.ip);
  if (waitMs > 0) {
    reply.header("retry-after", String(Math.ceil(waitMs / 1_000)));
    return sendProblem(request, reply, "too-many-requests");
  }
  limit.begin(login, request.ip);
  const account = await accounts.verify(login, password);
  if (account === null) return sendProblem(request, reply, "sign-in-failed");
  limit.succeed(login, request.ip);
  const old = sessionTokenOf(request, settings.secure);
  if (old !== null) await sessions.close(old);
  const session = await sessions.open(account.id);
  setSessionCookie(reply, settings.secure, session.token, session.expiresAt);
  const actor = { id: account.id, roles: account.roles, scope: account.scope };
  return reply.send(wireMe({ account, actor, client: account.id, session }));
}
