// One HTTP request to a core system, with an end to waiting. Whatever goes wrong on the way is a Fault, and a
// Fault never says whether the request took effect: only asking by operation id does.

import { Fault } from "../fault.ts";

export type CoreRequest = Readonly<{
  method: "GET" | "POST";
  /** path with query, starting with a slash */
  path: string;
  body?: unknown;
  timeoutMs: number;
}>;

export type CoreReply = Readonly<{ status: number; body: unknown }>;

/**
 * Sends one request. Replies with status below 500 are returned, 429 excepted. Throws a retryable Fault with a
 * code when there is no answer in time (ETIMEDOUT), no connection (the errno), no JSON, or status 429 or 5xx.
 */
export async function sendCoreRequest(baseUrl: string, request: CoreRequest): Promise<CoreReply> {
  const response = await exchange(baseUrl, request);
  if (response.status === 429 || response.status >= 500) {
    const code = `HTTP${response.status}`;
    throw new Fault(`Cannot ask core system ${nameOf(request)}: answered ${response.status}`, {
      retryable: true,
      code,
    });
  }
  return response;
}

/** The refusal of a malformed or conflicting request: trying the same again cannot help. */
export function rejectedRequest(
  request: Pick<CoreRequest, "method" | "path">,
  reply: CoreReply,
): Fault {
  const detail = (reply.body as { detail?: unknown } | null)?.detail;
  const reason = typeof detail === "string" ? detail : "no detail";
  return new Fault(
    `Cannot ask core system ${nameOf(request)}: answered ${reply.status}, ${reason}`,
    {
      retryable: false,
      code: `HTTP${reply.status}`,
    },
  );
}

/** An answer that does not have the agreed form: it may still have taken effect, so it may be asked again. */
export function unreadableReply(
  request: Pick<CoreRequest, "method" | "path">,
  cause: unknown,
): Fault {
  return new Fault(
    `Cannot ask core system ${nameOf(request)}: the answer does not have the agreed form`,
    {
      retryable: true,
      code: "EBADMSG",
      cause,
    },
  );
}

async function exchange(baseUrl: string, request: CoreRequest): Promise<CoreReply> {
  const { method, path, body, timeoutMs } = request;
  try {
    const response = await fetch(new URL(path, baseUrl), {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined
        ? {}
        : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
  } catch (error) {
    throw faultOf(error, request);
  }
}

function faultOf(error: unknown, request: CoreRequest): Fault {
  if (error instanceof SyntaxError) return unreadableReply(request, error);
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const code = timedOut ? "ETIMEDOUT" : errnoOf(error);
  const state = timedOut ? `no answer within ${request.timeoutMs} ms` : `no connection (${code})`;
  return new Fault(`Cannot ask core system ${nameOf(request)}: ${state}`, {
    retryable: true,
    code,
    cause: error,
  });
}

/** fetch wraps the network's own error. */
function errnoOf(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  return typeof cause?.code === "string" ? cause.code : "EIO";
}

function nameOf({ method, path }: Pick<CoreRequest, "method" | "path">): string {
  return `${method} ${path.split("?")[0] ?? ""}`;
}
