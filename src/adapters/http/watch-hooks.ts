// What the API asks of the application about one line or customer that is watched: functions of flow and portfolio, passed
// in as they are.

import type { BehaviourFinding } from "../../domain/behaviour.ts";
import type { BusinessDate, Instant } from "../../domain/calendar.ts";
import type { CreditLine } from "../../domain/credit-line.ts";
import type { DerivedFact } from "../../domain/derive-facts.ts";
import type { ExplainedFacts } from "../../domain/explained-facts.ts";
import type { FactValues } from "../../domain/facts.ts";
import type { Id } from "../../domain/id.ts";
import type { PaneRow } from "../../domain/pane.ts";
import type { Reminder } from "../../domain/reminder.ts";
import type { ReminderPreview } from "../../flow/notice-ports.ts";
import type { RowScope } from "../../flow/ports.ts";
import type { Event, FactsRow } from "../../flow/state.ts";
import type { CustomerProfile } from "../../portfolio/view-ports.ts";

/** `flow/known-facts.ts`: what is known of a line, and what its declared facts rest on; null: known now */
export type KnownFacts = (
  line: CreditLine,
  asOf: BusinessDate,
  knownAt: Instant | null,
) => Promise<Readonly<{ row: FactsRow | null; exposure: FactValues }> & ExplainedFacts>;

type When = Readonly<{ asOf: BusinessDate | null; knownAt: Instant | null }>;

/** `flow/known-facts.ts`: where a fact comes from, null where nobody declares it; how a line is used; what a reminder says */
export type LineWatch = Readonly<{
  trail: (
    line: CreditLine,
    name: string,
    asOf: BusinessDate,
    knownAt: Instant | null,
  ) => Promise<Readonly<{
    derived: DerivedFact;
    versions: readonly PaneRow[];
    signals: readonly Event[];
  }> | null>;
  behaviour: (
    line: CreditLine,
    when: When,
  ) => Promise<Readonly<{ asOf: BusinessDate; findings: readonly BehaviourFinding[] }>>;
  /** `flow/reminder-standing.ts` */
  reminder: (reminder: Reminder) => Promise<ReminderPreview>;
}>;

/** `portfolio/customer-profile.ts`: null where the scope reaches no line of such a customer */
export type ReadProfile = (id: Id, scope: RowScope, when: When) => Promise<CustomerProfile | null>;
