// The shape every step of a line's life has: commands it accepts, how it decides them, how its events
// change the rows, and what follows in the same transaction. Everything that lists steps (routes, verbs,
// rights, reference docs) reads it from here.

import type { Actor, Role } from "../domain/actor.ts";
import type { BusinessDate, HolidayTable, Instant } from "../domain/calendar.ts";
import type { DeclaredFacts } from "../domain/declared-fact.ts";
import type { Id } from "../domain/id.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Text } from "../domain/text.ts";
import type { CompliancePack, PackRef } from "../compliance/pack.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import type { ReminderWords } from "../domain/reminder.ts";
import type { WatchRules } from "../domain/watch-rules.ts";
import type { ComposedNotice, NoticeParameters, ReminderParameters } from "./notice-ports.ts";
import type { Holds } from "./hold.ts";
import type { Wanted, ZoneTime } from "./ports.ts";
import type { Event, NewEvent, State } from "./state.ts";

/** What a command is about; the id of that row is the command's `subject`. */
export type SubjectKind =
  | "line"
  | "decision"
  | "review-case"
  | "notice"
  | "offer"
  | "alert"
  | "reminder";

/**
 * One field of a command's body, as data: HTTP schema, CLI option and reference docs are built from it.
 * "money" is `{amountMinor, currency}`; "account" the login or id of somebody, whom the context knows by it; "json" is for
 * commands that only Tidemark's own parts send.
 */
export type Field = Readonly<{
  type: "text" | "account" | "integer" | "money" | "date" | "enum" | "boolean" | "json";
  required: boolean;
  label: Text;
  values?: readonly string[];
  maxLength?: number;
}>;

/** The reason that a person gives; other words of a person have the same form under another label. */
export const reasonField = {
  type: "text",
  required: true,
  maxLength: 2000,
  label: { en: "Reason", zh: "理由" },
} as const satisfies Field;

/** One command of a step. Those with a `verb` are offered to people as they are; the others are sent by parts of Tidemark. */
export type CommandSpec = Readonly<{
  subject: SubjectKind;
  /** CLI verb and last path segment of the route; null for commands that only Tidemark itself sends */
  verb: string | null;
  roles: readonly Role[];
  label: Text;
  /** records what the world already did or answered: no halt may lose that */
  records?: true;
  fields: Readonly<Record<string, Field>>;
}>;

/** One request to change something. `id` is its identity for ever; `cause` is what led to it. */
export type Command = Readonly<{
  id: Id;
  kind: string;
  subject: Id;
  actor: Actor;
  cause: Id;
  /** the version of the subject that the actor saw; a different one is refused as stale */
  expectedVer?: number;
  /** consumed in the same transaction when the command was sent by a timer or an outbox entry */
  timerId?: Id;
  outboxId?: Id;
  body: Readonly<Record<string, unknown>>;
}>;

/** What deciding may know beside the state: no clock, no randomness, no world. */
export type Context = Readonly<{
  now: Instant;
  today: BusinessDate;
  /** UUIDv8 from SHA-256 of its parts, in the bucket of the transaction */
  derive: (...parts: readonly string[]) => Id;
  sha256: (text: string) => string;
  /** the version that a decision was made under, or without one the pack in force today */
  pack: (jurisdiction: string, version?: PackRef) => CompliancePack;
  holidays: (calendar: string) => HolidayTable;
  /** the business date of an instant, and the start of a date, in the lender's time zone */
  dateOf: (at: Instant) => BusinessDate;
  startOf: (date: BusinessDate) => Instant;
  /** the same in a time zone that a pack names */
  timeIn: (zone: string) => ZoneTime;
  declared: DeclaredFacts;
  compose: (parameters: NoticeParameters) => ComposedNotice;
  /** the words of a reminder */
  remind: (parameters: ReminderParameters) => ReminderWords;
  watch: WatchRules;
  strategy: (hash: string) => CompiledStrategy;
  /** what holds decisions back now */
  holds: Holds;
  /** whom an "account" field of the command names; null: nobody on the lender's side */
  person: (name: string) => Actor | null;
}>;

/** Decides one command: the events it leads to (none when nothing changes), or why not. Pure. */
export type Decide = (
  state: State,
  command: Command,
  context: Context,
) => readonly NewEvent[] | Refusal;

/** Applies one event to the rows. The only place where rows change. */
export type Evolve = (state: State, event: Event, context: Context) => void;

/** Commands that follow from an event of any step at once, in the same transaction, by Tidemark itself. */
export type Follow = (
  state: State,
  event: Event,
  context: Context,
) => readonly Omit<Command, "actor">[];

/** One step of a line's life. `area` is what `tidemark halt` stops. */
export type Step = Readonly<{
  name: string;
  area: string;
  label: Text;
  commands: Readonly<Record<string, CommandSpec>>;
  events: readonly string[];
  /** tables it writes, for the flow table of the docs */
  tables: readonly string[];
  /** rows to load beside the subject and its relatives */
  wants?: (command: Command, declared: DeclaredFacts) => Partial<Wanted>;
  decide: Decide;
  evolve: Evolve;
  follow?: Follow;
}>;
