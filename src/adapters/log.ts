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

const secrets: ReadonlySet<string> = new Set(secretNames);
const censor = "[redacted]";
const deepest = 8;
const longestMessage = 2_000;

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

type Fields = Record<string, unknown>;

/** A copy in which secret names are censored at every depth and errors are reduced; itself where it has neither. */
function withoutSecrets(fields: Fields): Fields {
  return cleaned(fields, 0) as Fields;
}

// Pino's own redaction by paths with wildcards costs forty times as much for each line and sees fewer levels.
function cleaned(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return loggedError(value);
  if (depth >= deepest) return censor;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  let copy: Fields | null = null;
  for (const [name, item] of Object.entries(value)) {
    const clean = secrets.has(name) ? censor : cleaned(item, depth + 1);
    if (clean === item) continue;
    copy ??= { ...value };
    copy[name] = clean;
  }
  return copy ?? value;
}

/**
 * The log of one process. Writes to stderr unless a destination is given, so that stdout stays the program's
 * own output.
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const log = pino(
    {
      level,
      base: { service: "tidemark", pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
    },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );
  // Pino formats the fields of lines but not those of children; every child inherits this method from its parent.
  // oxlint-disable-next-line typescript/unbound-method -- called on the very logger that it was asked of
  const { child } = log;
  log.child = function childWithoutSecrets(this: Logger, bindings, options) {
    return child.call(this, withoutSecrets(bindings), options) as never;
  };
  return log;
}
