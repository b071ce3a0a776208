// A kept report leaves by mail: at least once, under the id of its message, so that a retry is the same mail.

import type { Id } from "../domain/id.ts";
import type { OutboxEntry } from "../flow/state.ts";
import type { KeptReport, Reports } from "./report-ports.ts";

/** One mail. `id` is the same for every attempt. */
export type MailMessage = Readonly<{
  id: Id;
  to: string;
  subject: string;
  text: string;
  html: string;
  attachments: readonly Readonly<{ filename: string; contentType: string; content: Uint8Array }>[];
  /** milliseconds since 1970: the date that the mail bears */
  at: number;
}>;

/** Sends mail. Throws faults, after which it may be asked again. */
export type Mail = Readonly<{ send: (message: MailMessage) => Promise<void> }>;

/**
 * Writes and sends one message of the outbox and marks it sent. A message whose report is gone is marked sent as well:
 * nobody could ever send it.
 */
export async function deliverReport(
  reports: Pick<Reports, "find" | "sent">,
  mail: Mail,
  write: (report: KeptReport, to: string, id: Id) => Promise<MailMessage>,
  entry: OutboxEntry,
): Promise<void> {
  const report = await reports.find(String(entry.body["reportId"]));
  if (report !== null) await mail.send(await write(report, String(entry.body["to"]), entry.id));
  await reports.sent(entry);
}
