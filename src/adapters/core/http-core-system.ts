// The lender's core system over HTTP. Every request has an end to waiting, every answer is checked for its form,
// and a failure on the way is a Fault that says nothing about the effect; the dispatcher asks by operation id.

import type { z } from "zod";
import type { CoreSystem } from "../../flow/core-ports.ts";
import { accountPageForm, resultForm } from "./core-protocol.ts";
import {
  rejectedRequest,
  sendCoreRequest,
  unreadableReply,
  type CoreReply,
} from "./core-request.ts";

/** `url` is asked before each request, because a restarted core system may listen elsewhere. */
export type HttpCoreOptions = Readonly<{
  url: () => Promise<string>;
  timeoutMs?: number;
}>;

const defaultTimeoutMs = 5_000;

/**
 * A CoreSystem that speaks the protocol of core-protocol.ts. Throws retryable Faults for time-outs, lost
 * connections, 429, 5xx and unreadable answers; a Fault that is not retryable for a malformed request and for
 * an operation id that already stands for another request (422).
 */
export function createHttpCoreSystem({
  url,
  timeoutMs = defaultTimeoutMs,
}: HttpCoreOptions): CoreSystem {
  const send = async (method: "GET" | "POST", path: string, body?: unknown): Promise<CoreReply> =>
    sendCoreRequest(await url(), {
      method,
      path,
      timeoutMs,
      ...(body === undefined ? {} : { body }),
    });
  return {
    find: async (operationId) => {
      const path = `/operations/${encodeURIComponent(operationId)}`;
      const reply = await send("GET", path);
      return reply.status === 404 ? null : readReply(resultForm, { method: "GET", path }, reply);
    },
    apply: async (operation) => {
      const path = "/operations";
      return readReply(resultForm, { method: "POST", path }, await send("POST", path, operation));
    },
    accounts: async (after, limit) => {
      const query = new URLSearchParams({
        limit: String(limit),
        ...(after === null ? {} : { after }),
      });
      const path = `/accounts?${query.toString()}`;
      return readReply(accountPageForm, { method: "GET", path }, await send("GET", path)).accounts;
    },
  };
}

/** The body of a successful reply in its agreed form; anything else is a Fault. */
export function readReply<T>(
  form: z.ZodType<T>,
  request: Readonly<{ method: "GET" | "POST"; path: string }>,
  reply: CoreReply,
): T {
  if (reply.status !== 200) throw rejectedRequest(request, reply);
  const read = form.safeParse(reply.body);
  if (!read.success) throw unreadableReply(request, read.error);
  return read.data;
}
