// The cookie that carries a session: only for our own pages, never for scripts, and behind HTTPS bound to
// exactly this host by its `__Host-` name (RFC 6265bis §4.1.3.2).

import type { FastifyReply, FastifyRequest } from "fastify";

/** `__Host-` needs HTTPS; on a plain loopback address browsers would drop it. */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-tidemark" : "tidemark";
}

/** The token in the request's cookie, or null. */
export function sessionTokenOf(request: FastifyRequest, secure: boolean): string | null {
  return request.cookies[sessionCookieName(secure)] ?? null;
}

export function setSessionCookie(
  reply: FastifyReply,
  secure: boolean,
  token: string,
  expiresAt: string,
): void {
  reply.setCookie(sessionCookieName(secure), token, {
    ...attributes(secure),
    expires: new Date(expiresAt),
  });
}

export function clearSessionCookie(reply: FastifyReply, secure: boolean): void {
  reply.clearCookie(sessionCookieName(secure), attributes(secure));
}

function attributes(
  secure: boolean,
): Readonly<{ path: string; httpOnly: boolean; secure: boolean; sameSite: "strict" }> {
  return { path: "/", httpOnly: true, secure, sameSite: "strict" };
}
