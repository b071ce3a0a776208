// What would be heard of the demo portfolio next: an endless stream of events about its lines, as the lender's systems
// would send them. The same portfolio, run and number give the same event on any machine, and what an event says of
// facts depends on its line alone, so that any order of the same events leads to the same facts.

import type { Instant } from "../domain/calendar.ts";
import { eventTypePrefix, type SignalType } from "../domain/signal-catalogue.ts";
import type { SignalData } from "../domain/signal.ts";
import { demoCurrency } from "./demo-commands.ts";
import type { DemoPlan } from "./demo-history.ts";
import { demoLine, type DemoLine } from "./demo-line.ts";
import { pickWeighted, randomOf, type Random, type Weighted } from "./demo-random.ts";

/** One event as CloudEvents 1.0 has it. */
export type DemoEvent = Readonly<{
  specversion: "1.0";
  id: string;
  source: string;
  type: string;
  subject: string;
  time: Instant;
  data: SignalData;
}>;

/** Who sends them. */
export const demoStreamSource = "/demo/live";

const kinds: Weighted<SignalType> = [
  ["drawdown", 33],
  ["repayment", 27],
  ["authorisation", 24],
  ["facts", 8],
  ["fee", 4],
  ["contact-change", 2],
  ["past-due", 2],
];

/** One line in so many is in trouble. */
const oneTroubledIn = 12;

/**
 * Event `number`, from 0, of a run.
 * @param run tells the events of one run from those of another: a whole number
 * @param at when it happened
 */
export function demoStreamEvent(
  { lines, seed }: DemoPlan,
  run: number,
  number: number,
  at: Instant,
): DemoEvent {
  const random = randomOf(seed, 23, run, number);
  const line = demoLine(seed, random.between(0, lines - 1));
  const type = pickWeighted(random, kinds);
  const { reference, customer } = line;
  return {
    specversion: "1.0",
    id: `${run}-${number}`,
    source: demoStreamSource,
    type: eventTypePrefix + type,
    subject: type === "contact-change" ? customer.reference : reference,
    time: at,
    data: told(type, line, random),
  };
}

function told(type: SignalType, line: DemoLine, random: Random): SignalData {
  const { seed, number, limitMinor } = line;
  const amount = {
    amount: Math.round((limitMinor * random.share(0.002, 0.08)) / 100) * 100,
    currency: demoCurrency,
  };
  const own = randomOf(seed, 29, number);
  switch (type) {
    case "authorisation":
      return random.chance(0.9)
        ? { amount, result: "approved", kind: random.pick(["purchase", "online", "cash"]) }
        : { amount, result: "declined", declinedBecause: random.pick(["limit", "credentials"]) };
    case "facts":
      return { facts: number % oneTroubledIn === 7 ? troubled(own) : calm(own) };
    case "fee":
      return { kind: random.pick(["interest", "late"]), amount };
    case "contact-change":
      return { kind: random.pick(["phone", "email", "device"]) };
    case "past-due":
      return { daysPastDue: own.between(1, 45), amount };
    default:
      return { amount };
  }
}

function calm(own: Random): SignalData {
  return { behaviourScore: own.between(640, 820), scoreChange90Days: own.between(-12, 18) };
}

/** What makes the strategy of the demo look at a line at once. */
function troubled(own: Random): SignalData {
  return {
    behaviourScore: own.between(400, 470),
    scoreChange90Days: -own.between(90, 190),
    multiLenderCount3m: own.between(5, 8),
  };
}
