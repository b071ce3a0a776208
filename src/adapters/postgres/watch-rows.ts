// Columns of what is watched without a decision: alerts to staff and reminders to borrowers.

import type { Alert } from "../../domain/alert.ts";
import type { Reminder } from "../../domain/reminder.ts";
import { table } from "./set-statement.ts";

export const alerts = table<Alert>("alert", {
  id: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  kind: "text",
  severity: "text",
  about: "jsonb",
  state: "text",
  role: "text",
  owner: "text",
  raisedAt: "timestamptz",
  dueAt: "timestamptz",
  escalatedAt: "timestamptz",
  closedAt: "timestamptz",
  finding: "text",
  ver: "integer",
});

export const reminders = table<Reminder>("reminder", {
  id: "uuid",
  lineId: "uuid",
  customerId: "uuid",
  statementOn: "date",
  dueOn: "date",
  daysBefore: "integer",
  minimumDueMinor: "bigint",
  currency: "text",
  state: "text",
  because: "text",
  plannedAt: "timestamptz",
  sentAt: "timestamptz",
  words: "jsonb",
  deliveries: "jsonb",
  ver: "integer",
});
