// News that wants a person. An alert is open until somebody takes it, and taken until its owner closes it with a reason;
// how soon that has to be follows from how severe it is.

import type { Instant } from "./calendar.ts";
import type { Bucket, Id } from "./id.ts";
import type { Severity } from "./severity.ts";

/** trigger: a severe trigger led to a decision · linked-beyond: linked customers were left out at the cap. */
export const alertKinds = ["trigger", "linked-beyond"] as const;

export type AlertKind = (typeof alertKinds)[number];

export const alertStates = ["open", "taken", "closed"] as const;

export type AlertState = (typeof alertStates)[number];

/** Hours until an alert is due. */
export const hoursToAct: Readonly<Record<Severity, number>> = { high: 24, medium: 72, low: 168 };

/** `about`: figures by name, as of when it was raised. `owner`: whoever took it; null: nobody yet. */
export type Alert = Readonly<{
  bucket: Bucket;
  id: Id;
  lineId: Id;
  customerId: Id;
  kind: AlertKind;
  severity: Severity;
  about: Readonly<Record<string, unknown>>;
  state: AlertState;
  owner: string | null;
  raisedAt: Instant;
  dueAt: Instant;
  closedAt: Instant | null;
  ver: number;
}>;

/** What a list of alerts may be narrowed by. `overdueAt`: neither closed nor in time then. */
export type AlertFilter = Readonly<{
  lineId?: Id;
  state?: string;
  severity?: string;
  owner?: string;
  overdueAt?: Instant;
}>;
