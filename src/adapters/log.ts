// The log is JSON lines for machines and never holds personal data or secrets: known names are redacted
// wherever they appear, errors are reduced to what helps (a database error carries row values in its other
// fields), and requests are logged without query strings, headers or bodies.

import { pino, stdTimeFunctions, type DestinationStream, type Logger } from "pino";
import { identityFields } from "../domain/customer.ts";

export type { Logger } from "pino";

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

export type LogLevel = (typeof logLevels)[number];

const secretNames = [
  "password",
  "passwordHash",
  "token",
  "secret",
  "apiKey",
  "authorization",
  "cookie",
  "set-cookie",
  "identity",
  "personal",
  ...identityFields,
] as const;

const deepest = 4;
const longestMessage = 2_000;

/** Pino paths of every secret name at every depth down to four. */
const redactedPaths = secretNames.flatMap((name) =>
  Array.from({ length: deepest }, (_, depth) => `${"*.".repeat(depth)}["${name}"]`),
);

/** An error as it is logged: its kind, message, code, stack and the messages of its causes. */
export type LoggedError = Readonly<{
  type: string;
  message: string;
  code?: string;
  stack?: string;
  causes?: readonly string[];
}>;

/** Reduces anything thrown to what may be logged. */
export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: "not an error object" };
  const { code } = error as { code?: unknown };
  const causes = causesOf(error);
  return {
    type: error.name,
    message: shortened(error.message),
    ...(typeof code === "string" ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(causes.length === 0 ? {} : { causes }),
  };
}

function causesOf(error: Error): readonly string[] {
  const causes: string[] = [];
  for (let at = error.cause; at instanceof Error && causes.length < 5; at = at.cause) {
    causes.push(`${at.name}: ${shortened(at.message)}`);
  }
  return causes;
}

function shortened(text: string): string {
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text;
}

/**
 * The log of one process. Writes to stderr unless a destination is given, so that stdout stays the program's
 * own output.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service: "tidemark", pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: "[redacted]" },
      serializers: { err: loggedError, error: loggedError },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
}
