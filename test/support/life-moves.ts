// What can happen to two lines of one customer, at random: decisions of every kind, people who agree, object and try what
// they may not, a customer who answers offers and appeals, messages that arrive, get lost or come back, money drawn behind our back, halts, and a clock that jumps.

import fc from "fast-check";
/** People of the trial with their roles; `ann` also makes decisions. */
export const people = {
  ann: ["approver", "reviewer"],
  bob: ["reviewer"],
  cyd: ["approver"],
  dee: ["legal"],
  eve: ["compliance", "operator"],
} as const;

export type PersonName = keyof typeof people;

/** What a channel or the core system does with one attempt. */
export const fates = ["well", "well", "slow", "no", "never", "lost", "late"] as const;

export type Fate = (typeof fates)[number];

const person = fc.constantFrom(...(Object.keys(people) as PersonName[]));
const line = fc.constantFrom(0 as const, 1 as const);
const nth = fc.nat(3);
/** Once in eight times. */
const rarely = fc.nat(7).map((drawn) => drawn === 7);
const hourMs = 3_600_000;

const decide = fc.record({
  kind: fc.constant("decide" as const),
  line,
  action: fc.constantFrom(
    "decrease" as const,
    "decrease" as const,
    "decrease" as const,
    "freeze" as const,
    "close" as const,
    "none" as const,
  ),
  keep: fc.integer({ min: 15, max: 105 }),
  route: fc.constantFrom(
    "straight-through" as const,
    "straight-through" as const,
    "review" as const,
    "four-eyes" as const,
    "legal" as const,
  ),
  cause: fc.constantFrom("behaviour" as const, "own-delinquency" as const, "fraud" as const),
  granted: fc.boolean(),
  stale: rarely,
});

const review = fc.record({
  kind: fc.constant("review" as const),
  verb: fc.constantFrom(
    "Approve" as const,
    "Approve" as const,
    "Approve" as const,
    "Reject" as const,
    "Override" as const,
    "Refer" as const,
  ),
  by: person,
  nth,
  stale: rarely,
  keep: fc.integer({ min: 20, max: 120 }),
  days: fc.integer({ min: 0, max: 40 }),
  to: fc.constantFrom("reviewer" as const, "approver" as const, "compliance" as const),
});

const onDecision = fc.record({
  kind: fc.constant("on decision" as const),
  command: fc.constantFrom(
    "Withdraw" as const,
    "Redeliver" as const,
    "Apply" as const,
    "Restore" as const,
  ),
  by: person,
  nth,
});

const answer = fc.record({
  kind: fc.constant("answer" as const),
  verb: fc.constantFrom(
    "AcceptOffer" as const,
    "DeclineOffer" as const,
    "CounterOffer" as const,
    "CounterOffer" as const,
  ),
  /** the customer alone, or by telephone */
  alone: fc.boolean(),
  nth,
  keep: fc.integer({ min: 15, max: 105 }),
});

const appeal = fc.record({
  kind: fc.constant("appeal" as const),
  verb: fc.constantFrom(
    "LodgeAppeal" as const,
    "LodgeAppeal" as const,
    "Uphold" as const,
    "Overturn" as const,
  ),
  /** the customer alone, or by telephone */
  alone: fc.boolean(),
  by: person,
  nth,
});

const money = fc.record({
  kind: fc.constant("money" as const),
  line,
  share: fc.integer({ min: 1, max: 100 }),
  told: fc.boolean(),
});

const time = fc.record({
  kind: fc.constant("time" as const),
  ms: fc.constantFrom(
    0,
    hourMs,
    9 * hourMs,
    24 * hourMs,
    264 * hourMs,
    960 * hourMs,
    9_600 * hourMs,
  ),
});

const receipt = fc.record({
  kind: fc.constant("receipt" as const),
  nth,
  attempt: fc.nat(2),
  result: fc.constantFrom("delivered" as const, "sent" as const, "bounced" as const),
});

const halt = fc.record({
  kind: fc.constant("halt" as const),
  area: fc.constantFrom("notify", "execute", "decide", "review", "pace", "all"),
  lifted: fc.boolean(),
});

const plain = fc.record({
  kind: fc.constantFrom("fire" as const, "send" as const),
});

const again = fc.record({ kind: fc.constant("again" as const), nth: fc.nat(30) });

/** One thing that happens; `nth` counts from the newest row of its kind. */
export type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;

const move = fc.oneof(
  { weight: 5, arbitrary: decide },
  { weight: 5, arbitrary: review },
  { weight: 2, arbitrary: onDecision },
  { weight: 3, arbitrary: answer },
  { weight: 3, arbitrary: appeal },
  { weight: 2, arbitrary: money },
  { weight: 4, arbitrary: time },
  { weight: 2, arbitrary: receipt },
  { weight: 1, arbitrary: halt },
  { weight: 6, arbitrary: plain },
  { weight: 1, arbitrary: again },
);

/** A sequence, with the law that both lines are under and what becomes of every message, by its number. */
export const sequence = fc.record({
  jurisdiction: fc.constantFrom("cn" as const, "eu" as const, "uk" as const),
  /** the product's terms ask for the customer's consent, under the pack that knows them */
  negotiated: fc.boolean(),
  fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 7 }),
  moves: fc.array(move, { minLength: 8, maxLength: 30, size: "max" }),
});

export type Sequence = typeof sequence extends fc.Arbitrary<infer Value> ? Value : never;
