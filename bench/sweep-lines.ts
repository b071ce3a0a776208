// The lines that the sweep bench sweeps: made from their number alone, calm ones that the demo strategy leaves as they
// are and pressed ones that it changes (cut by a rate, cut to balance, freeze, close), so that the share of proposals
// is exactly the one that is asked for. Nobody in them exists.

import type { BusinessDate } from "../src/domain/calendar.ts";
import type { FactValues } from "../src/domain/facts.ts";
import { bucketOfCustomer, type Bucket } from "../src/domain/id.ts";
import type { Actor } from "../src/domain/actor.ts";
import type { Registration } from "../src/flow/registration.ts";
import type { Ids } from "../src/flow/ports.ts";
import type { Command } from "../src/flow/step.ts";

/** A fixed mix of 32 bits. */
export function mixed(number: number, salt: number): number {
  let hash = Math.imul(number ^ (salt * 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const regions = ["north", "east", "south", "northeast", "southwest"];
const industries = ["technology", "public", "finance", "manufacturing", "retail"];

/** One line of the bench, as of one date. */
export function benchLine(
  index: number,
  share: number,
  asOf: BusinessDate,
): Omit<Registration, "customerId"> {
  const between = (salt: number, low: number, high: number): number =>
    low + (mixed(index, salt) % (high - low + 1));
  const limitMinor = between(1, 20, 160) * 50_000;
  const pressed = mixed(index, 2) % 10_000 < share * 10_000;
  const use = pressed ? between(3, 2_000, 6_000) : between(3, 500, 4_500);
  const drawnMinor = Math.floor((limitMinor * use) / 10_000);
  const number = String(index).padStart(9, "0");
  return {
    customerReference: `BC${number}`,
    lineReference: `BL${number}`,
    portfolio: "bench",
    product: "revolving-credit-line",
    jurisdiction: "cn",
    currency: "CNY",
    language: index % 5 === 0 ? "en" : "zh",
    limitMinor,
    drawnMinor,
    pendingMinor: 0,
    status: "active",
    openedOn: `20${between(4, 16, 24)}-0${between(5, 1, 9)}-15` as BusinessDate,
    asOf,
    facts: factsOf(index, pressed, use, between),
    identity: {
      name: `演示客户${number}`,
      phone: `+86 199 ${number.slice(1, 5)} ${number.slice(5)}`,
    },
  };
}

function factsOf(
  index: number,
  pressed: boolean,
  use: number,
  between: (salt: number, low: number, high: number) => number,
): FactValues {
  const kind = pressed ? between(6, 0, 9) : -1;
  return {
    behaviourScore: pressed ? between(7, 600, 700) : between(7, 725, 860),
    scoreChange90Days: pressed ? -between(8, 62, 130) : between(8, 0, 40) - 20,
    daysPastDue: kind === 0 ? between(9, 31, 60) : kind === 1 ? between(9, 1, 30) : 0,
    utilisation: use,
    utilisation12mAverage: between(10, 1_000, 5_500),
    multiLenderCount3m: pressed ? between(11, 0, 4) : between(11, 0, 1),
    overdueOthers: pressed && kind === 2,
    incomeChange: pressed ? -between(12, 0, 2_500) : between(12, 0, 1_500) - 500,
    repaymentRatio3m: pressed ? between(13, 1_500, 9_000) : between(13, 5_000, 10_000),
    monthsSinceLastUse: 0,
    loanPurpose: "consumption",
    purposeBreach: false,
    industry: industries[index % industries.length]!,
    region: regions[mixed(index, 14) % regions.length]!,
    customerTier: index % 7 === 0 ? "premium" : "standard",
    hardship: false,
    openDispute: false,
    disasterArea: false,
  };
}

/** The registrations of one bucket among the first `lines` lines, one after the other. */
export function* registrationsOf(
  bucket: Bucket,
  indexes: Uint32Array,
  share: number,
  asOf: BusinessDate,
  ids: Pick<Ids, "derive">,
  actor: Actor,
): Generator<Command> {
  const cause = ids.derive(bucket, "bench");
  for (const index of indexes) {
    const line = benchLine(index, share, asOf);
    const lineId = ids.derive(bucket, "line", line.portfolio, line.lineReference);
    const customerId = ids.derive(bucket, "customer", line.customerReference);
    const body: Registration = { ...line, customerId };
    const id = ids.derive(bucket, "bench", lineId, asOf);
    yield { id, kind: "RegisterLine", subject: lineId, actor, cause, body };
  }
}

/** The numbers of the first `lines` lines by the bucket of their customer. */
export function indexesByBucket(lines: number): ReadonlyMap<Bucket, Uint32Array> {
  const buckets = new Map<Bucket, number[]>();
  for (let index = 0; index < lines; index++) {
    const bucket = bucketOfCustomer(`BC${String(index).padStart(9, "0")}`);
    const list = buckets.get(bucket);
    if (list === undefined) buckets.set(bucket, [index]);
    else list.push(index);
  }
  return new Map(
    [...buckets]
      .toSorted(([left], [right]) => left - right)
      .map(([bucket, list]) => [bucket, Uint32Array.from(list)]),
  );
}
