// The rules of asking that need nobody: how long to wait before trying again, whether a customer has consented, how old an
// answer is, and whether it can be true. Pure: moments and chance are arguments.

import { addMilliseconds, type Instant } from "../domain/calendar.ts";
import type { DataPurpose } from "../domain/connector.ts";
import type { ConnectorSpec, RetryRule } from "../domain/connector-spec.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Signal, SignalData } from "../domain/signal.ts";
import type { KnownAnswer } from "./connector-ports.ts";

/** The source that events of a connector name, whether it was asked or left a file. */
export function eventSourceOf({ id }: Pick<ConnectorSpec, "id">): string {
  return `connector/${id}`;
}

/**
 * Milliseconds to wait before try `again` (from 0): twice as long each time up to the most, of which chance takes up to
 * half away, so that many who failed together do not come back together.
 * @param chance from 0 up to 1
 */
export function retryDelayMs(
  { firstDelayMs, mostDelayMs }: RetryRule,
  again: number,
  chance: number,
): number {
  const full = Math.min(mostDelayMs, firstDelayMs * 2 ** again);
  return Math.round(full * (1 - chance / 2));
}

/**
 * True where the newest consent signal for the purpose gives it. Of a day with several the last moment decides; where one
 * of them tells no moment, or two tell the same, a withdrawal does.
 */
export function hasConsent(told: readonly Signal[], purpose: DataPurpose): boolean {
  const all = told.filter(({ type, data }) => type === "consent" && data?.["purpose"] === purpose);
  const day = all
    .map(({ asOf }) => asOf)
    .toSorted()
    .at(-1);
  const ofDay = all.filter(({ asOf }) => asOf === day);
  const moments = ofDay.flatMap(({ happenedAt }) => happenedAt ?? []).toSorted();
  const last = moments.length < ofDay.length ? null : moments.at(-1);
  const decide = last === null ? ofDay : ofDay.filter(({ happenedAt }) => happenedAt === last);
  return decide.length > 0 && decide.every(({ data }) => data?.["state"] === "given");
}

/** The newest answer of a source among what a customer's lines were told; null where there is none. */
export function newestAnswer(
  told: readonly Signal[],
  spec: Pick<ConnectorSpec, "id" | "signal">,
  startOf: (date: Signal["asOf"]) => Instant,
): KnownAnswer | null {
  const source = eventSourceOf(spec);
  let newest: KnownAnswer | null = null;
  for (const one of told) {
    if (one.source !== source || one.type !== spec.signal) continue;
    const at = one.happenedAt ?? startOf(one.asOf);
    if (newest === null || at >= newest.at) newest = { data: one.data ?? {}, at };
  }
  return newest;
}

const hourMs = 3_600_000;

/** True where what was so at an instant is younger than that many hours. */
export function isYounger({ at }: KnownAnswer, hours: number, now: Instant): boolean {
  return now < addMilliseconds(at, hours * hourMs);
}

/** Refuses an answer with a value beyond its bounds; fields without bounds, and those left out, say nothing. */
export function implausibleRefusal(
  { id, plausible }: Pick<ConnectorSpec, "id" | "plausible">,
  data: SignalData,
): Refusal | null {
  for (const [name, { from, to }] of Object.entries(plausible)) {
    const value = numberIn(data[name]);
    if (value === null || (value >= from && value <= to)) continue;
    return refuse(
      "invalid",
      {
        en: `Answer of ${id}: ${name}: found ${value}, expected ${from} to ${to}; re-send the letter if it is true`,
        zh: `${id} 的答复：${name} 为 ${value}，应在 ${from} 至 ${to} 之间；如属实请重发该死信`,
      },
      `/data/${name}`,
    );
  }
  return null;
}

/** A number, or the minor units of an amount. */
function numberIn(value: unknown): number | null {
  if (typeof value === "number") return value;
  const amount =
    typeof value === "object" && value !== null && "amount" in value ? value.amount : null;
  return typeof amount === "number" ? amount : null;
}
