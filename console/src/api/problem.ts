// What goes wrong between console and server, as one error: the server's own problem document (RFC 9457) with the id
// of the request, or the plain fact that it did not answer.
import type { components } from "./schema.ts";

export type Problem = components["schemas"]["Problem"];

/** An answer that is no success; `status` 0 and no problem when nothing came back. */
export class ProblemError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  readonly requestId: string | null;

  constructor(status: number, problem: Problem | null, requestId: string | null) {
    super(problem?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
    this.requestId = requestId;
  }
}

/** The problem in an answer of the server; null when it is something else, such as a page of a proxy. */
export function problemIn(body: unknown): Problem | null {
  if (typeof body !== "object" || body === null) return null;
  const { code, detail } = body as Readonly<Record<string, unknown>>;
  return typeof code === "string" && typeof detail === "string" ? (body as Problem) : null;
}
