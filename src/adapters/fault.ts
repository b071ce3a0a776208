// A fault is the world failing: a lost connection, a full disk, a server that does not answer. Adapters throw
// it, with the cause kept and a plain statement whether trying again can help; a rule that says no is never a fault.

import type { Text } from "../domain/text.ts";

/** What a caller may want to know about a fault beyond its message. */
export type FaultDetail = Readonly<{
  /** The error that was caught, unchanged. May hold values of a row: log its message, not the whole object. */
  cause?: unknown;
  /** True when the very same idempotent operation may succeed later with nothing else changed. */
  retryable: boolean;
  /** SQLSTATE, or an errno name such as ECONNREFUSED, when there is one. */
  code?: string;
  /** The message in both languages, where a person at the keyboard is meant to read it. */
  text?: Text;
}>;

/** The world failed. `retryable` says whether the same idempotent operation may be tried again. */
export class Fault extends Error {
  readonly retryable: boolean;
  readonly code: string | undefined;
  readonly text: Text | undefined;

  constructor(message: string, detail: FaultDetail) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "Fault";
    this.retryable = detail.retryable;
    this.code = detail.code;
    this.text = detail.text;
  }
}

/** A fault whose message people read in their own language; logs keep the English one. */
export function faultIn(text: Text, detail: Omit<FaultDetail, "text">): Fault {
  return new Fault(text.en, { ...detail, text });
}
