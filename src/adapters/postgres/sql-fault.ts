// What PostgreSQL and the network say, told apart by SQLSTATE and errno: conflicts that must be retried, connections
// that were lost, servers that are not there yet. Everything else is a fault that trying again would not cure.
import { Fault } from "../fault.ts";

const conflictStates: ReadonlySet<string> = new Set(["40001", "40P01"]);
// Statement time-out and cancellation, lock not available, too many connections, out of resources.
const passingStates: ReadonlySet<string> = new Set([
  "57014",
  "55P03",
  "53000",
  "53200",
  "53300",
  "53400",
]);
const lostConnection: ReadonlySet<string> = new Set([
  ...["57P01", "57P02", "57P03", "57P05", "08000", "08001", "08003", "08004", "08006"],
  ...[
    "ECONNREFUSED",
    "ECONNRESET",
    "ENOENT",
    "EPIPE",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EAI_AGAIN",
  ],
]);
// The driver has no codes for these.
const lostConnectionWords =
  /Connection terminated|timeout expired|Client has encountered a connection error|Client was closed|Query read timeout/;

/** SQLSTATE or errno name of an error or of the nearest cause that has one. */
export function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string") return code;
  }
  return undefined;
}

/** A serialisation failure or deadlock: nothing happened and the transaction must be run again. */
export function isConflict(error: unknown): boolean {
  return conflictStates.has(codeOf(error) ?? "");
}

/** The connection is gone or was never made; what was sent last may or may not have happened. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && lostConnection.has(code)) return true;
  return (
    error instanceof Error &&
    (lostConnectionWords.test(error.message) || isConnectionLoss(error.cause))
  );
}

/** A prepared statement that a migration has made invalid; a fresh connection prepares it anew. */
export function isStaleStatement(error: unknown): boolean {
  return (
    codeOf(error) === "0A000" &&
    error instanceof Error &&
    /cached plan must not change result type/.test(error.message)
  );
}

/** Any error as a `Fault`; a `Fault` stays itself. The message is `Cannot <action>: <state> (<code>)`. */
export function toFault(action: string, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  const retryable =
    isConflict(error) ||
    isConnectionLoss(error) ||
    isStaleStatement(error) ||
    passingStates.has(code ?? "");
  const state = error instanceof Error ? error.message || error.name : String(error);
  const message = `Cannot ${action}: ${state}${code === undefined ? "" : ` (${code})`}`;
  return new Fault(message, { cause: error, retryable, ...(code === undefined ? {} : { code }) });
}
