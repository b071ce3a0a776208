// A provider for the sandbox that fails the way real ones do: messages bounce, and answers get lost after the
// message went out. Which customer meets which fault is fixed by a seed or named outright.

import type { Id } from "../../domain/id.ts";
import { chanceBp } from "../chance.ts";
import { Fault } from "../fault.ts";
import type { Delivery, OutboundProvider } from "./channels.ts";

type ProviderFault = "none" | "bounce" | "time-out";

/** Rates in basis points of customers; `customers` names the fault of some of them and wins over the rates. */
export type ProviderFaults = Readonly<{
  seed: string;
  bounceBp: number;
  timeOutBp: number;
  customers?: Readonly<Record<Id, ProviderFault>>;
}>;

/** A provider that also says how many messages really went out: one for each notice, however often it was asked. */
export type SimulatedProvider = OutboundProvider & Readonly<{ sentCount: () => number }>;

/**
 * "bounce": the message is answered as undeliverable, each time. "time-out": the message goes out and its
 * first answer is lost (a retryable Fault); asked again, the provider answers from its record.
 */
export function createSimulatedProvider(faults: ProviderFaults): SimulatedProvider {
  const answers = new Map<Id, Delivery>();
  return {
    sentCount: () => answers.size,
    send: async (notice, customerId) => {
      const known = answers.get(notice.id);
      if (known !== undefined) return known;
      const fault = faultOf(faults, customerId);
      const answer: Delivery =
        fault === "bounce"
          ? { delivered: false, because: "address-unreachable" }
          : { delivered: true };
      answers.set(notice.id, answer);
      if (fault === "time-out") {
        throw new Fault(`Cannot deliver notice ${notice.id}: no answer in time`, {
          retryable: true,
          code: "ETIMEDOUT",
        });
      }
      return answer;
    },
  };
}

function faultOf(faults: ProviderFaults, customerId: Id): ProviderFault {
  const named = faults.customers?.[customerId];
  if (named !== undefined) return named;
  const chance = chanceBp(faults.seed, "provider", customerId);
  if (chance < faults.bounceBp) return "bounce";
  return chance < faults.bounceBp + faults.timeOutBp ? "time-out" : "none";
}
