// What a signal may say of a line, and what it does to the line's balance: each type has its own amounts and fields, in
// the line's own currency, and nothing but declared facts and closed lists gets through, personal data least of all.

import { afterBalance, afterMovement, type Balance } from "../domain/balance.ts";
import type { ComplaintState } from "../domain/complaint.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import type { Signal, SignalType } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import type { FactsRow } from "./state.ts";

/** A complaint has a number and a state, one that is opened also says where and about what; no other signal does. */
export function complaintRefusal(signal: Signal): Refusal | null {
  const { complaint, state, channel, topic } = signal;
  const given = Object.entries({ complaint, state, channel, topic })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  const wanted = signal.type === "complaint" ? complaintFields[state ?? "opened"] : [];
  const isNumber = complaint === undefined || complaintNumber.test(complaint);
  if (isNumber && given.join() === wanted.join()) return null;
  const found = isNumber ? given.join(", ") || "none" : complaint;
  return refuse("invalid", {
    en: `Signal ${signal.id} of type ${signal.type}: found ${found}, expected ${isNumber ? wanted.join(", ") || "none" : "a number of letters, digits and - . _ : /"} about a complaint`,
    zh: `信号 ${signal.id}（${signal.type}）：投诉信息为 ${isNumber ? given.join("、") || "无" : complaint}，应为 ${isNumber ? wanted.join("、") || "无" : "由字母、数字及 - . _ : / 组成的编号"}`,
  });
}

const complaintFields: Readonly<Record<ComplaintState, readonly string[]>> = {
  opened: ["complaint", "state", "channel", "topic"],
  resolved: ["complaint", "state"],
};

/** No words: a number has no room for what a customer wrote. */
const complaintNumber = /^[A-Za-z0-9._:/-]{1,64}$/;

/** Each type of signal carries its own amounts, in the line's currency and not below 0 where money moved. */
export function amountRefusal(line: CreditLine, signal: Signal): Refusal | null {
  const { needed, allowed } = amountsOf[signal.type];
  const given = Object.entries({
    drawn: signal.drawn,
    pending: signal.pending,
    amount: signal.amount,
  }).filter(([, money]) => money !== undefined);
  const names = given.map(([name]) => name);
  if (
    !needed.every((name) => names.includes(name)) ||
    !names.every((name) => allowed.includes(name))
  ) {
    return refuse("invalid", {
      en: `Signal ${signal.id} of type ${signal.type}: found ${names.join(", ") || "no amount"}, expected ${allowed.join(", ") || "no amount"}`,
      zh: `信号 ${signal.id}（${signal.type}）：给出 ${names.join("、") || "无金额"}，应为 ${allowed.join("、") || "无金额"}`,
    });
  }
  const foreign = given.find(([, money]) => money!.currency !== line.currency);
  if (foreign !== undefined) {
    return refuse(
      "currency-mismatch",
      {
        en: `Signal ${signal.id}: found ${foreign[1]!.currency}, expected ${line.currency}`,
        zh: `信号 ${signal.id}：币种为 ${foreign[1]!.currency}，应为 ${line.currency}`,
      },
      `/${foreign[0]}`,
    );
  }
  if ((signal.amount?.amountMinor ?? 0) < 0) {
    return refuse(
      "invalid",
      {
        en: `Signal ${signal.id}: found an amount of ${signal.amount!.amountMinor}, expected 0 or more minor units`,
        zh: `信号 ${signal.id}：变动金额为 ${signal.amount!.amountMinor}，应不小于 0（最小货币单位）`,
      },
      "/amount",
    );
  }
  const told = { en: `Signal ${signal.id}`, zh: `信号 ${signal.id}` };
  return rangeRefusal(told, afterSignal(line, signal));
}

/** The amounts of each type of signal. */
const amountsOf: Readonly<
  Record<SignalType, Readonly<{ needed: readonly string[]; allowed: readonly string[] }>>
> = {
  balance: { needed: ["drawn"], allowed: ["drawn", "pending"] },
  drawdown: { needed: ["amount"], allowed: ["amount"] },
  repayment: { needed: ["amount"], allowed: ["amount"] },
  facts: { needed: [], allowed: [] },
  complaint: { needed: [], allowed: [] },
};

/** What a balance and its movements may come to: far above any consumer line, far below 2^53. */
const largestBalanceMinor = 1e15;

/** Refused where a balance and its movements are larger than any line's; `told` opens the message. */
export function rangeRefusal(
  told: Text,
  { drawnMinor, pendingMinor, movements }: Balance,
): Refusal | null {
  const amounts = [drawnMinor, pendingMinor, ...(movements ?? []).map(({ netMinor }) => netMinor)];
  return amounts.reduce((sum, amount) => sum + Math.abs(amount), 0) <= largestBalanceMinor
    ? null
    : refuse("invalid", {
        en: `${told.en}: found a drawn balance of ${drawnMinor}, expected balances and movements up to ${largestBalanceMinor} minor units`,
        zh: `${told.zh}：已用余额为 ${drawnMinor}，余额与变动不得超过 ${largestBalanceMinor}（最小货币单位）`,
      });
}

/**
 * A signal may bring new values of facts that the line has, of their type, and not for a date before its
 * newest facts. Anything else, personal data above all, never gets into events and facts.
 */
export function factsRefusal(signal: Signal, newest: FactsRow | undefined): Refusal | null {
  if (signal.facts === undefined) return null;
  if (newest !== undefined && signal.asOf < newest.asOf) {
    return refuse(
      "invalid",
      {
        en: `Signal ${signal.id}: found facts as of ${signal.asOf}, expected ${newest.asOf} or later`,
        zh: `信号 ${signal.id}：事实日期为 ${signal.asOf}，应不早于 ${newest.asOf}`,
      },
      "/asOf",
    );
  }
  for (const [name, value] of Object.entries(signal.facts)) {
    const known = Object.hasOwn(newest?.facts ?? {}, name) ? newest!.facts[name] : undefined;
    const fits = value === null || known === null || typeof value === typeof known;
    const scalar = value === null || ["number", "string", "boolean"].includes(typeof value);
    const whole = typeof value !== "number" || Number.isSafeInteger(value);
    if (known !== undefined && fits && scalar && whole) continue;
    return refuse(
      "invalid",
      {
        en: `Signal ${signal.id}: found fact ${name} as ${typeof value}, expected a fact of this line in its own type`,
        zh: `信号 ${signal.id}：事实 ${name} 的类型为 ${typeof value}，应为该授信已有的事实及其类型`,
      },
      `/facts/${name}`,
    );
  }
  return null;
}

/** The line after a signal: its balance moves, or nothing does. */
export function afterSignal(line: CreditLine, { type, asOf, ...signal }: Signal): CreditLine {
  const amountMinor = signal.amount?.amountMinor ?? 0;
  switch (type) {
    case "balance": {
      const { amountMinor: drawnMinor } = signal.drawn!;
      return afterBalance(line, {
        asOf,
        drawnMinor,
        pendingMinor: signal.pending?.amountMinor ?? 0,
      });
    }
    case "drawdown":
      return afterMovement(line, { on: asOf, netMinor: amountMinor });
    case "repayment":
      return afterMovement(line, { on: asOf, netMinor: -amountMinor });
    case "facts":
    case "complaint":
      return line;
  }
}
