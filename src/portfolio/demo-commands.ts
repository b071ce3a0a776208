// What the lender's systems would have told about a demo line: its registration with what they had kept until then, then
// each month its movements, what is heard of complaints, and its statement. Ids derive from the line and the month, so
// that telling it twice changes nothing.

import { serviceActor } from "../domain/actor.ts";
import { addDays, type BusinessDate } from "../domain/calendar.ts";
import type { FactValues } from "../domain/facts.ts";
import { bucketOfCustomer, type Bucket, type Id } from "../domain/id.ts";
import { customerIdOf } from "../flow/customer-id.ts";
import type { Registration } from "../flow/registration.ts";
import type { Ids } from "../flow/ports.ts";
import type { Command } from "../flow/step.ts";
import type { Signal } from "../domain/signal.ts";
import { demoBlock } from "./demo-block.ts";
import { demoMonthEnds } from "./demo-calendar.ts";
import { demoComplaints } from "./demo-complaints.ts";
import { demoCustomerReference } from "./demo-customer.ts";
import { demoFacts, demoNews } from "./demo-facts.ts";
import { demoWarmUp, type DemoMonth } from "./demo-life.ts";
import type { DemoLine } from "./demo-line.ts";

/** Portfolio, product, jurisdiction and currency of every demo line; those of strategies/consumer-cn. */
export const demoPortfolio = "demo";
export const demoCurrency = "CNY";

/** Who tells it. */
export const demoActor = serviceActor("demo");

/** What making commands needs beside the line. */
export type DemoTelling = Readonly<{
  ids: Ids;
  /** number of lines in the whole portfolio: ties to customers beyond it are left out */
  lines: number;
  /** month end at which lines are registered that were opened before; what came earlier is their history */
  registeredAt: number;
}>;

export function demoLineId({ ids }: Pick<DemoTelling, "ids">, line: DemoLine): Id {
  return ids.derive(demoBucket(line), "line", demoPortfolio, line.reference);
}

export function demoBucket({ customer }: DemoLine): Bucket {
  return bucketOfCustomer(customer.reference);
}

/** Everything told at one month end (0 to 12), in order; nothing before the line is opened. */
export function demoCommands(
  telling: DemoTelling,
  line: DemoLine,
  life: readonly DemoMonth[],
  month: number,
): readonly Command[] {
  const first = Math.max(line.firstMonth, telling.registeredAt);
  if (month < first) return [];
  if (month === first) return [registration(telling, line, life, month)];
  return [
    ...movements(telling, line, life, month),
    ...complaints(telling, line, month),
    statement(telling, line, life, month),
  ];
}

/** What is heard of the line's complaint in a month. */
function complaints(telling: DemoTelling, line: DemoLine, month: number): readonly Command[] {
  return demoComplaints(line, month).map((heard) =>
    demoSignal(telling, line, {
      source: "demo-complaints",
      id: `${line.reference}-${heard.state}`,
      type: "complaint",
      complaint: `B-${line.reference}`,
      ...heard,
    }),
  );
}

function registration(
  telling: DemoTelling,
  line: DemoLine,
  life: readonly DemoMonth[],
  month: number,
): Command {
  const { ids } = telling;
  const { customer } = line;
  const bucket = demoBucket(line);
  const now = life[demoWarmUp + month]!;
  const links = linksOf(telling, line);
  const history = demoMonthEnds.slice(line.firstMonth, month).map((asOf, past) => {
    return { asOf, facts: demoFacts(line, life, line.firstMonth + past) };
  });
  const body: Registration = {
    customerId: customerIdOf(ids, customer.reference),
    customerReference: customer.reference,
    lineReference: line.reference,
    portfolio: demoPortfolio,
    product: "revolving-credit-line",
    jurisdiction: "cn",
    currency: demoCurrency,
    language: customer.language,
    limitMinor: line.limitMinor,
    drawnMinor: now.drawnMinor,
    pendingMinor: now.pendingMinor,
    status: line.frozen ? "frozen" : "active",
    openedOn: line.openedOn,
    asOf: demoMonthEnds[month]!,
    facts: demoFacts(line, life, month),
    ...(history.length === 0 ? {} : { history }),
    identity: line.number === customer.number ? customer.identity : {},
    ...(links.length === 0 ? {} : { links }),
  };
  const subject = demoLineId(telling, line);
  const id = ids.derive(bucket, "demo", subject, "registration");
  return { id, kind: "RegisterLine", subject, actor: demoActor, cause: id, body };
}

/** Ties of the customer, told with its first line. */
function linksOf(telling: DemoTelling, line: DemoLine): NonNullable<Registration["links"]> {
  const { seed, number, customer } = line;
  const { ids } = telling;
  if (number !== customer.number) return [];
  return demoBlock(seed, number)
    .ties.filter(({ from, to }) => from === number && to < telling.lines)
    .map(({ kind, to }) => {
      const customerReference = demoCustomerReference(to);
      return { kind, customerReference, customerId: customerIdOf(ids, customerReference) };
    });
}

/** Balance and facts of a month end. */
function statement(
  telling: DemoTelling,
  line: DemoLine,
  life: readonly DemoMonth[],
  month: number,
): Command {
  const now = life[demoWarmUp + month]!;
  const facts: FactValues = demoNews(line, life, month);
  return demoSignal(telling, line, {
    source: "demo-statement",
    id: `${line.reference}-${month}`,
    type: "balance",
    asOf: demoMonthEnds[month]!,
    drawn: { amountMinor: now.drawnMinor, currency: demoCurrency },
    pending: { amountMinor: now.pendingMinor, currency: demoCurrency },
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  });
}

/** A transactor pays the last bill and spends again; others move once, when it is worth telling. */
function movements(
  telling: DemoTelling,
  line: DemoLine,
  life: readonly DemoMonth[],
  month: number,
): readonly Command[] {
  const before = life[demoWarmUp + month - 1]!.drawnMinor;
  const after = life[demoWarmUp + month]!.drawnMinor;
  const day = (line.number % 9) + 1;
  if (line.behaviour === "transactor") {
    return [
      movement(telling, line, month, "repayment", before, day),
      movement(telling, line, month, "drawdown", after, day + 12),
    ].flat();
  }
  const net = after - before;
  if (Math.abs(net) * 50 < line.limitMinor) return [];
  return net > 0
    ? movement(telling, line, month, "drawdown", net, day + 6)
    : movement(telling, line, month, "repayment", -net, day + 3);
}

function movement(
  telling: DemoTelling,
  line: DemoLine,
  month: number,
  type: "drawdown" | "repayment",
  amountMinor: number,
  day: number,
): readonly Command[] {
  if (amountMinor === 0) return [];
  const asOf: BusinessDate = addDays(demoMonthEnds[month - 1]!, day);
  return [
    demoSignal(telling, line, {
      source: "demo-movement",
      id: `${line.reference}-${month}-${type}`,
      ...{ type, asOf },
      amount: { amountMinor, currency: demoCurrency },
    }),
  ];
}

/** The command that records a signal about a line. */
export function demoSignal(
  telling: Pick<DemoTelling, "ids">,
  line: DemoLine,
  signal: Signal,
): Command {
  const bucket = demoBucket(line);
  const id = telling.ids.derive(bucket, "demo", signal.source, signal.id);
  const subject = demoLineId(telling, line);
  return { id, kind: "RecordSignal", subject, actor: demoActor, cause: id, body: signal };
}
