// Every request has one name, the same in its answer, its problem document and the log, so that a person who
// reports trouble and an operator who looks for it speak of the same thing.

import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

const form = /^[A-Za-z0-9][A-Za-z0-9._-]{7,99}$/;

/** The client's own `Request-Id` where it is 8 to 100 plain characters, else a new UUID. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers["request-id"];
  return typeof given === "string" && form.test(given) ? given : randomUUID();
}
