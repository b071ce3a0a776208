// What never became a request: bytes that are no HTTP, headers that do not end, a client too slow to finish.
// It too is answered with a problem, written by hand because nothing else of the server has seen it.

import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { Language } from "../../domain/text.ts";
import { problemMediaType, problemOf } from "./problem.ts";

const statuses: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers a broken connection in the language and closes it. */
export function answerBrokenClient(
  error: Readonly<{ code?: string }>,
  socket: Socket,
  language: Language,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
  else socket.end(brokenAnswer(statuses[error.code ?? ""] ?? 400, language));
}

/** The whole answer: status line, headers, problem. */
export function brokenAnswer(status: number, language: Language): string {
  const id = randomUUID();
  const body = JSON.stringify(problemOf({ id, url: "/", language }, "malformed", { status }));
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    `Content-Type: ${problemMediaType}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Request-Id: ${id}`,
    "Cache-Control: no-store",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
