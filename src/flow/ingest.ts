// What the outside world says enters here: lines as the lender's systems list them, and signals. The same
// row or signal counts once, in whatever order it arrives; a file read twice changes nothing, and an old
// file never undoes what Tidemark has done since.

import { afterBalance } from "../domain/balance.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import { complaintChannels, complaintStates, complaintTopics } from "../domain/complaint.ts";
import { usedMinor, type CreditLine } from "../domain/credit-line.ts";
import { type DeclaredFacts, firstDeclared } from "../domain/declared-fact.ts";
import type { FactValues } from "../domain/facts.ts";
import type { Id } from "../domain/id.ts";
import type { PaneKey } from "../domain/pane.ts";
import { firstRefusal, notFound, type Refusal, refuse } from "../domain/refusal.ts";
import { signalCatalogue } from "../domain/signal-catalogue.ts";
import { lineSignalTypes, signalKey, type Signal } from "../domain/signal.ts";
import { canonicalJson } from "../domain/canonical-json.ts";
import type { RelatedTold } from "./fell-behind.ts";
import { addLine, applySignal, type Kept, updateLine } from "./ingested-rows.ts";
import { type Registration, registrations } from "./registration.ts";
import { tellsFacts } from "./signal-payload.ts";
import { change } from "./rows.ts";
import {
  afterSignal,
  amountRefusal,
  complaintRefusal,
  contentRefusal,
  dataRefusal,
  factsRefusal,
  rangeRefusal,
} from "./signal-rules.ts";
import type { Command, Context, Step } from "./step.ts";
import type { Wanted } from "./ports.ts";
import type { Event, NewEvent, State } from "./state.ts";

function decide(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  switch (command.kind) {
    case "RegisterLine":
      return register(state, command, context);
    case "RecordRelated":
      return recordRelated(state, command);
    default:
      return recordSignal(state, command, context);
  }
}

/** What became of telling those who are linked to the customer; nothing where there is nobody. */
function recordRelated(state: State, command: Command): readonly NewEvent[] | Refusal {
  const line = state.lines.get(command.subject);
  if (line === undefined) return notFound({ en: "line", zh: "授信" }, command.subject);
  const told = command.body as unknown as RelatedTold;
  if (told.told + told.withoutLine + told.beyond === 0) return [];
  const { id: lineId, customerId } = line;
  return [{ kind: "RelatedTold", lineId, customerId, subject: lineId, body: { ...told } }];
}

function register(state: State, command: Command, context: Context): readonly NewEvent[] | Refusal {
  const given = command.body as unknown as Registration;
  const line = state.lines.get(command.subject);
  const refusal = firstRefusal([
    futureRefusal(given.asOf, context),
    historyRefusal(given),
    declaredRefusal(given.lineReference, given.facts, context),
    line === undefined || line.currency === given.currency
      ? null
      : refuse("currency-mismatch", {
          en: `Line ${given.lineReference}: found ${given.currency}, expected ${line.currency}`,
          zh: `授信 ${given.lineReference}：币种为 ${given.currency}，应为 ${line.currency}`,
        }),
    line === undefined || line.customerId === given.customerId
      ? null
      : refuse("already-exists", {
          en: `Line ${given.lineReference}: belongs to customer ${line.customerReference}, found ${given.customerReference}`,
          zh: `授信 ${given.lineReference}：属于客户 ${line.customerReference}，文件中为 ${given.customerReference}`,
        }),
    rangeRefusal(
      { en: `Line ${given.lineReference}`, zh: `授信 ${given.lineReference}` },
      afterBalance(line ?? { ...given, balanceAsOf: null, movements: null }, given),
    ),
  ]);
  if (refusal !== null) return refusal;
  if (state.signals.has(signalKey(registrations, command.id))) return [];
  return [
    {
      kind: line === undefined ? "LineRegistered" : "LineUpdated",
      lineId: command.subject,
      customerId: given.customerId,
      subject: command.subject,
      body: {
        registration: command.id,
        asOf: given.asOf,
        limitMinor: given.limitMinor,
        ...(line === undefined ? {} : { fromMinor: line.limitMinor }),
        status: given.status,
        ...(given.history === undefined ? {} : { history: given.history.map((past) => past.asOf) }),
        ...(given.links === undefined
          ? {}
          : { links: given.links.map(({ kind, customerId }) => ({ kind, customerId })) }),
      },
      attached: given,
    },
  ];
}

function historyRefusal({ lineReference, asOf, history = [] }: Registration): Refusal | null {
  const dates = [...history.map((past) => past.asOf), asOf];
  const at = dates.findIndex((date, index) => index > 0 && date <= dates[index - 1]!);
  return at < 0
    ? null
    : refuse(
        "invalid",
        {
          en: `Line ${lineReference}: found history as of ${dates[at - 1]} before ${dates[at]}, expected dates that rise up to the registration's own`,
          zh: `授信 ${lineReference}：历史日期 ${dates[at - 1]} 之后为 ${dates[at]}，应逐次递增并早于登记日期`,
        },
        "/history",
      );
}

/** What is made of signals is told by nobody, or two values would go by one name. */
function declaredRefusal(told: string, facts: FactValues, { declared }: Context): Refusal | null {
  const name = firstDeclared(declared, facts);
  return name === undefined
    ? null
    : refuse(
        "invalid",
        {
          en: `${told}: found fact ${name}, expected facts that are not made of signals`,
          zh: `${told}：事实 ${name} 由系统依据信号生成，不应另行告知`,
        },
        `/facts/${name}`,
      );
}

/**
 * A signal about one line, or about a customer with all `lines` of it. `content` is the hash of what was said, without
 * which the same id could come to stand for something else.
 */
function recordSignal(
  state: State,
  command: Command,
  context: Context,
): readonly NewEvent[] | Refusal {
  const told = command.body as unknown as ToldSignal;
  const { lines: ids = [command.subject], isNews = false, ...signal } = told;
  const lines = ids.map((id) => state.lines.get(id));
  const missing = lines.indexOf(undefined);
  if (missing >= 0) return notFound({ en: "line", zh: "授信" }, ids[missing]!);
  const found = lines as readonly CreditLine[];
  const wrong = firstRefusal(found.flatMap((line) => signalRefusals(signal, line, context)));
  if (wrong !== null) return wrong;
  const about = command.body["lines"] === undefined ? command.subject : found[0]!.customerId;
  const content = contentOf(signal, about, context);
  // Known already, so newer facts may have come since: telling it again is no error.
  const known = state.signals.get(signalKey(signal.source, signal.id));
  if (known !== undefined) return contentRefusal(signal, known, content) ?? [];
  const late = firstRefusal([
    declaredRefusal(signal.id, signal.facts ?? {}, context),
    ...found.map((line) => factsRefusal(signal, state.facts.get(line.id))),
  ]);
  if (late !== null) return late;
  return found.flatMap((line) => recorded(signal, line, { content, isNews }));
}

/**
 * `lines`: all lines of the customer that the signal is about; absent where it is about the subject alone. `isNews`: it
 * comes in now, so that strategies may want to look at the line, and is no history that is told once.
 */
type ToldSignal = Signal & Readonly<{ lines?: readonly Id[]; isNews?: boolean }>;

function signalRefusals(signal: Signal, line: CreditLine, context: Context): (Refusal | null)[] {
  const future = futureRefusal(signal.asOf, context);
  const shape = dataRefusal(line, signal);
  return [future, shape, complaintRefusal(signal), amountRefusal(line, signal)];
}

/** Where the source tells the moment, that is what was said, and not the day that it was read as. */
function contentOf(signal: Signal, about: Id, { sha256 }: Context): string {
  const { asOf, ...said } = signal;
  return sha256(canonicalJson({ ...said, about, asOf: signal.happenedAt ?? asOf }));
}

function recorded(signal: Signal, line: CreditLine, kept: Kept): readonly NewEvent[] {
  const event: NewEvent = {
    kind: "SignalRecorded",
    lineId: line.id,
    customerId: line.customerId,
    subject: line.id,
    body: { ...signal },
    attached: kept,
  };
  const settles = line.status === "closing" && usedMinor(afterSignal(line, signal)) === 0;
  if (!settles) return [event];
  const { attached: _, ...bare } = event;
  return [event, { ...bare, kind: "LineSettled", body: {} }];
}

function futureRefusal(asOf: BusinessDate, context: Context): Refusal | null {
  return asOf <= context.today
    ? null
    : refuse(
        "future-date",
        {
          en: `As-of date: found ${asOf}, expected ${context.today} or earlier`,
          zh: `数据日期：为 ${asOf}，不应晚于 ${context.today}`,
        },
        "/asOf",
      );
}

function evolve(state: State, event: Event, context: Context): void {
  switch (event.kind) {
    case "LineRegistered":
      return addLine(state, event, event.attached as Registration);
    case "LineUpdated":
      return updateLine(state, event, event.attached as Registration, context);
    case "SignalRecorded":
      return applySignal(state, event, context);
    case "LineSettled":
      change(state.lines, event.lineId, { status: "closed" });
      return;
  }
}

function linesOf({ subject, body }: Command): readonly Id[] {
  return (body as ToldSignal).lines ?? [subject];
}

function panesOf(command: Command, { measuresOf }: DeclaredFacts): readonly PaneKey[] {
  const { type, asOf } = command.body as ToldSignal;
  const measures = measuresOf.get(type) ?? [];
  return linesOf(command).flatMap((lineId) =>
    measures.map(({ id }) => ({ lineId, measure: id, onDate: asOf })),
  );
}

/** Most signals tell no facts and need not know which there are. */
function factsOf(command: Command): readonly Id[] {
  const { type, facts } = command.body as ToldSignal;
  return facts !== undefined || tellsFacts(signalCatalogue[type]) ? linesOf(command) : [];
}

function wantsOf(command: Command, declared: DeclaredFacts): Partial<Wanted> {
  const { kind, subject, id, body } = command;
  switch (kind) {
    case "RegisterLine":
      return {
        customers: [String(body["customerId"])],
        factsOf: [subject],
        signals: [{ source: registrations, id }],
      };
    case "RecordRelated":
      return {};
    default:
      return {
        lines: linesOf(command),
        factsOf: factsOf(command),
        signals: [{ source: String(body["source"]), id: String(body["id"]) }],
        panes: panesOf(command, declared),
        // A statement is news for the reminders of its line.
        ...(body["type"] === "statement" && body["isNews"] === true
          ? { remindersOf: linesOf(command) }
          : {}),
      };
  }
}

export const ingest: Step = {
  name: "ingest",
  area: "ingest",
  label: { en: "Ingest", zh: "数据接入" },
  commands: {
    RegisterLine: {
      subject: "line",
      verb: null,
      roles: ["operator", "service", "administrator"],
      label: { en: "Register a line", zh: "登记授信" },
      fields: {},
    },
    RecordRelated: {
      subject: "line",
      verb: null,
      roles: ["service"],
      label: { en: "Record that linked customers were told", zh: "记录已告知关联客户" },
      records: true,
      fields: {},
    },
    RecordSignal: {
      subject: "line",
      verb: "record-signal",
      roles: ["operator", "service", "administrator"],
      label: { en: "Record a signal", zh: "记录信号" },
      fields: {
        source: {
          type: "text",
          required: true,
          maxLength: 200,
          label: { en: "Source", zh: "来源" },
        },
        id: {
          type: "text",
          required: true,
          maxLength: 200,
          label: { en: "Id at the source", zh: "来源编号" },
        },
        type: {
          type: "enum",
          required: true,
          values: lineSignalTypes,
          label: { en: "Type", zh: "类型" },
        },
        asOf: { type: "date", required: true, label: { en: "As-of date", zh: "数据日期" } },
        drawn: { type: "money", required: false, label: { en: "Drawn", zh: "已用金额" } },
        pending: { type: "money", required: false, label: { en: "Pending", zh: "在途金额" } },
        amount: { type: "money", required: false, label: { en: "Amount moved", zh: "变动金额" } },
        facts: { type: "json", required: false, label: { en: "Facts", zh: "事实" } },
        complaint: {
          type: "text",
          required: false,
          maxLength: 64,
          label: { en: "Number of the complaint at the source", zh: "来源系统的投诉编号" },
        },
        state: {
          type: "enum",
          required: false,
          values: complaintStates,
          label: { en: "Complaint opened or resolved", zh: "投诉已受理或已办结" },
        },
        channel: {
          type: "enum",
          required: false,
          values: complaintChannels,
          label: { en: "Where the complaint came in", zh: "投诉渠道" },
        },
        topic: {
          type: "enum",
          required: false,
          values: complaintTopics,
          label: { en: "What the complaint is about", zh: "投诉事项" },
        },
        data: {
          type: "json",
          required: false,
          label: { en: "Fields of the type by the catalogue", zh: "目录所列的该类型字段" },
        },
      },
    },
  },
  events: ["LineRegistered", "LineUpdated", "SignalRecorded", "RelatedTold"],
  tables: [
    ...["customer", "customer_key", "customer_identity", "customer_link"],
    ...["credit_line", "line_facts", "fact_pane", "signal", "timer", "outbox"],
  ],
  wants: wantsOf,
  decide,
  evolve,
};
