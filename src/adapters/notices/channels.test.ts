// One notice id is one notice whatever the channel does with it, and no fault says more than an id.

import { describe, expect, test } from "vitest";
import type { BusinessDate, Instant } from "../../domain/calendar.ts";
import type { Notice } from "../../domain/notice.ts";
import { Fault } from "../fault.ts";
import { createChannels, type Delivery } from "./channels.ts";
import { createSimulatedProvider, type ProviderFaults } from "./simulated-provider.ts";

function noticeOf(number: number, channel: string): Notice {
  return {
    bucket: 1,
    id: `00400000-0000-8000-8000-${String(number).padStart(12, "0")}`,
    decisionId: "00400000-0000-8000-8000-00000000000d",
    lineId: "00400000-0000-8000-8000-00000000000e",
    customerId: customerOf(number),
    state: "issued",
    channel,
    template: "limit-change",
    reasons: ["R01"],
    subject: { zh: "机密主题", en: "secret subject" },
    body: { zh: "机密正文", en: "secret body" },
    pack: { id: "cn", version: 1 },
    issuedAt: "2026-03-02T00:00:00.000Z" as Instant,
    issuedOn: "2026-03-02" as BusinessDate,
    deliveredAt: null,
    effectiveOn: "2026-03-16" as BusinessDate,
    attempts: 1,
    ver: 1,
  };
}

function customerOf(number: number): string {
  return `00400000-0000-8000-8000-c${String(number).padStart(11, "0")}`;
}

const quiet: ProviderFaults = { seed: "1", bounceBp: 0, timeOutBp: 0 };

describe("createChannels", () => {
  test("delivers in the app always", async () => {
    const channels = createChannels();
    const notice = noticeOf(1, "in-app");
    expect(await channels.deliver(notice, notice.customerId)).toEqual({ delivered: true });
    expect(await channels.deliver(notice, notice.customerId)).toEqual({ delivered: true });
  });

  test("names a channel that nobody provides", async () => {
    const channels = createChannels(new Map([["sms", createSimulatedProvider(quiet)]]));
    const notice = noticeOf(1, "pigeon");
    await expect(channels.deliver(notice, notice.customerId)).rejects.toThrow(
      `Cannot deliver notice ${notice.id}: found channel pigeon, expected one of in-app, sms`,
    );
  });
});

describe("the simulated provider", () => {
  const [bounced, lost, fine] = [1, 2, 3].map((number) => noticeOf(number, "sms")) as [
    Notice,
    Notice,
    Notice,
  ];
  const faults: ProviderFaults = {
    ...quiet,
    customers: { [customerOf(1)]: "bounce", [customerOf(2)]: "time-out" },
  };

  test("bounces a customer each time, with a reason", async () => {
    const channels = createChannels(new Map([["sms", createSimulatedProvider(faults)]]));
    for (const _ of [1, 2]) {
      expect(await channels.deliver(bounced, bounced.customerId)).toEqual({
        delivered: false,
        because: "address-unreachable",
      });
    }
  });

  test("loses an answer after sending, and answers from its record when asked again", async () => {
    const provider = createSimulatedProvider(faults);
    const channels = createChannels(new Map([["sms", provider]]));
    const fault = await channels.deliver(lost, lost.customerId).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ retryable: true, code: "ETIMEDOUT" });
    expect(provider.sentCount()).toBe(1);
    expect(await channels.deliver(lost, lost.customerId)).toEqual({ delivered: true });
    expect(provider.sentCount()).toBe(1);
  });

  test("says no word of a notice, and no customer, in a fault", async () => {
    const channels = createChannels(new Map([["sms", createSimulatedProvider(faults)]]));
    const fault = (await channels
      .deliver(lost, lost.customerId)
      .catch((error: unknown) => error)) as Fault;
    const said = `${fault.message} ${fault.stack ?? ""} ${JSON.stringify(fault)}`;
    expect(said).not.toMatch(/secret|机密/);
    expect(said).not.toContain(lost.customerId);
  });

  test("sends one message for each notice under faults, duplicates and another order", async () => {
    const rates: ProviderFaults = { seed: "42", bounceBp: 1_000, timeOutBp: 2_000 };
    const first = await deliverAll(rates, [...Array(1_000).keys()]);
    const second = await deliverAll(rates, [...Array(1_000).keys()].toReversed());
    expect(first.sent).toBe(1_000);
    expect(second.answers).toEqual(first.answers);
    const bounces = [...first.answers.values()].filter(({ delivered }) => !delivered).length;
    expect(bounces).toBeGreaterThan(60);
    expect(bounces).toBeLessThan(150);
    expect(first.faults).toBeGreaterThan(140);
    expect(first.faults).toBeLessThan(260);
    expect(await createSimulatedProvider(quiet).send(fine, fine.customerId)).toEqual({
      delivered: true,
    });
  });
});

/** Delivers each notice until it is answered, and once more. */
async function deliverAll(
  rates: ProviderFaults,
  numbers: readonly number[],
): Promise<Readonly<{ answers: Map<number, Delivery>; sent: number; faults: number }>> {
  const provider = createSimulatedProvider(rates);
  const channels = createChannels(new Map([["sms", provider]]));
  const answers = new Map<number, Delivery>();
  let faults = 0;
  for (const number of numbers) {
    const notice = noticeOf(number, "sms");
    const attempt = (): Promise<Delivery> => channels.deliver(notice, notice.customerId);
    const first = await attempt().catch(() => {
      faults += 1;
      return attempt();
    });
    expect(await attempt()).toEqual(first);
    answers.set(number, first);
  }
  const inOrder = new Map([...answers].toSorted(([one], [other]) => one - other));
  return { answers: inOrder, sent: provider.sentCount(), faults };
}
