// A small portfolio with facts on three dates, written through the real write path: what the tests of reports read.

import type { BusinessDate } from "../../src/domain/calendar.ts";
import { bucketOfCustomer, type Id } from "../../src/domain/id.ts";
import type { FactValues } from "../../src/domain/facts.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact } from "../../src/flow/transact.ts";

export const reportDay = "2026-02-28" as BusinessDate;
export const monthEarlier = "2026-01-31" as BusinessDate;

/** One line: its reference, limit and drawn in minor units, and its facts by date. */
export type GivenLine = Readonly<{
  reference: string;
  portfolio?: string;
  product?: string;
  currency?: string;
  limitMinor: number;
  drawnMinor: number;
  facts: Readonly<Record<string, FactValues>>;
}>;

/** Registers lines with their facts, oldest first. Returns their ids by reference. */
export async function giveLines(
  world: World,
  lines: readonly GivenLine[],
): Promise<ReadonlyMap<string, Id>> {
  const ids = new Map<string, Id>();
  for (const line of lines) ids.set(line.reference, await giveLine(world, line));
  return ids;
}

async function giveLine(world: World, line: GivenLine): Promise<Id> {
  const { reference, portfolio = "cards", product = "revolving-credit-line", facts } = line;
  const bucket = bucketOfCustomer(reference);
  const customerId = world.ids.derive(bucket, "customer", reference);
  const lineId = world.ids.derive(bucket, "line", reference);
  const { limitMinor, drawnMinor, currency = "CNY" } = line;
  const dates = Object.keys(facts).toSorted();
  for (const asOf of dates) {
    const body = {
      ...{ customerId, customerReference: reference, lineReference: `L-${reference}`, portfolio },
      ...{ product, jurisdiction: "cn", currency, language: "zh", limitMinor, drawnMinor },
      ...{ pendingMinor: 0, status: "active", openedOn: "2024-01-01", asOf, identity: {} },
      facts: facts[asOf],
    };
    const command = { id: world.ids.fresh(), kind: "RegisterLine", subject: lineId, body };
    const actor = serviceActor("test");
    const [result] = await transact(world, bucket, [{ ...command, actor, cause: command.id }]);
    if (result !== undefined && "refusal" in result) throw new Error(result.refusal.detail.en);
  }
  return lineId;
}

/** Facts that strategies/consumer-cn needs, with what a test wants to be otherwise. */
export function consumerFacts(change: FactValues = {}): FactValues {
  return {
    ...{ behaviourScore: 700, daysPastDue: 0, utilisation: 4_000, loanPurpose: "consumption" },
    ...{ industry: "retail", region: "east", customerTier: "standard" },
    ...change,
  };
}
