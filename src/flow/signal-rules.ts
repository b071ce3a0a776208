// What a signal may say of a line, and what it does to the line's balance: each type has its own amounts and fields, in
// the line's own currency, and nothing but declared facts and closed lists gets through, personal data least of all.

import { afterBalance, afterMovement, type Balance } from "../domain/balance.ts";
import type { ComplaintState } from "../domain/complaint.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { FactValues } from "../domain/facts.ts";
import { refuse, type Refusal } from "../domain/refusal.ts";
import { codePattern, signalCatalogue } from "../domain/signal-catalogue.ts";
import type { Signal } from "../domain/signal.ts";
import type { Text } from "../domain/text.ts";
import { factsTold, kindOf, payloadRefusal } from "./signal-payload.ts";
import type { FactsRow } from "./state.ts";

/** Types whose fields stand in `data` have it, all others have none; signals about the environment are about no line. */
export function dataRefusal(line: CreditLine, signal: Signal): Refusal | null {
  const { type, data } = signal;
  const spec = signalCatalogue[type];
  const told = {
    en: `Signal ${signal.id} of type ${type}`,
    zh: `信号 ${signal.id}（${type}）`,
  };
  if (spec.about === "environment") {
    return refuse(
      "invalid",
      {
        en: `${told.en}: found a line, expected no line: it is about the environment`,
        zh: `${told.zh}：环境类信号不针对单个授信`,
      },
      "/type",
    );
  }
  if (spec.does === "kept" && data !== undefined) {
    return payloadRefusal(spec, data, { told, at: "/data", currency: line.currency });
  }
  if (spec.does !== "kept" && data === undefined) return null;
  const expected = spec.does === "kept" ? Object.keys(spec.fields).join(", ") : null;
  const found = kindOf(data);
  return refuse(
    "invalid",
    {
      en: `${told.en}: found ${found.en} as data, expected ${expected ?? "none"}`,
      zh: `${told.zh}：data 为${found.zh}，应为${expected ?? "空"}`,
    },
    "/data",
  );
}

/** The same (source, id) with other contents is refused: one of the two would be lost. */
export function contentRefusal(signal: Signal, known: string, given: string): Refusal | null {
  return known === given
    ? null
    : refuse(
        "already-exists",
        {
          en: `Signal ${signal.id} of ${signal.source}: found other contents than those recorded under this id, expected the same or a new id`,
          zh: `信号 ${signal.id}（来源 ${signal.source}）：与该编号已记录的内容不同，应内容相同或使用新编号`,
        },
        "/id",
      );
}

/** A complaint has a number and a state, one that is opened also says where and about what; no other signal does. */
export function complaintRefusal(signal: Signal): Refusal | null {
  const { complaint, state, channel, topic } = signal;
  const given = Object.entries({ complaint, state, channel, topic })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  const wanted = signal.type === "complaint" ? complaintFields[state ?? "opened"] : [];
  const isNumber = complaint === undefined || codePattern.test(complaint);
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

/** Each type of signal carries its own amounts, in the line's currency and not below 0 where money moved. */
export function amountRefusal(line: CreditLine, signal: Signal): Refusal | null {
  const { needed, allowed } = amountsOf(signal);
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

/** The amounts that stand in the signal itself; those of other types stand in its data. */
function amountsOf({ type }: Signal): Readonly<{ needed: string[]; allowed: string[] }> {
  const { does, fields } = signalCatalogue[type];
  const own = does === "balance" || does === "movement" ? Object.entries(fields) : [];
  return {
    needed: own.filter(([, field]) => field.required === true).map(([name]) => name),
    allowed: own.map(([name]) => name),
  };
}

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

/**
 * The line's facts that a signal gives new values of: its own, and those that its data tell where the line has them,
 * of their type, and nothing newer is known of the line. Null where it gives none.
 */
export function newFacts(signal: Signal, newest: FactsRow | undefined): FactValues | null {
  const { type, data, asOf } = signal;
  const known = newest?.facts ?? {};
  const told = data === undefined ? {} : factsTold(signalCatalogue[type], data);
  const isLate = newest !== undefined && asOf < newest.asOf;
  const held = Object.entries(told).filter(([name, value]) => {
    const now = Object.hasOwn(known, name) ? known[name] : undefined;
    return !isLate && (now === null || typeof now === typeof value);
  });
  const facts = { ...Object.fromEntries(held), ...signal.facts };
  return Object.keys(facts).length === 0 && signal.facts === undefined ? null : facts;
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
    default:
      return line;
  }
}
