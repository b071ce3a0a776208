// What Tidemark and a core system say to each other over HTTP, checked on both sides. The simulator answers in
// this form and the client accepts nothing else, so that a real core system has one page to implement.

import { z } from "zod";
import { isCurrency, type Currency } from "../../domain/money.ts";
import { isId, type Id } from "../../domain/id.ts";
import type { Text } from "../../domain/text.ts";
import type { CoreAccount, CoreOperation, CoreResult } from "../../flow/core-ports.ts";

/** Why a core system refuses; the code is what travels. In order of precedence. */
export const coreRefusals = {
  declined: { en: "The core system declined the operation", zh: "核心系统拒绝该操作" },
  "unknown-account": { en: "The core system has no such account", zh: "核心系统中无此账户" },
  "currency-differs": { en: "The account is in another currency", zh: "账户币种不同" },
  "account-closed": { en: "The account is closing or closed", zh: "账户正在关闭或已关闭" },
  "limit-differs": { en: "The limit is not the one that was expected", zh: "账户额度与预期不符" },
  "not-a-decrease": { en: "The new limit is not below the old one", zh: "新额度不低于原额度" },
  "not-an-increase": { en: "The new limit is not above the old one", zh: "新额度不高于原额度" },
  "below-drawn": { en: "The new limit is below what is drawn", zh: "新额度低于已用金额" },
  "not-available": { en: "The amount exceeds the available credit", zh: "金额超过可用额度" },
} as const satisfies Readonly<Record<string, Text>>;

export type CoreRefusal = keyof typeof coreRefusals;

const minor = z.number().refine(Number.isSafeInteger, "expected whole minor units");
const limit = minor.refine((value) => value >= 0, "expected 0 or more");
const reference = z.string().min(1).max(200);
const id = z.custom<Id>(isId, "expected a lower-case UUID");
const currency = z.custom<Currency>(isCurrency, "expected an ISO 4217 code");

const accountForm: z.ZodType<CoreAccount> = z.strictObject({
  lineReference: reference,
  limitMinor: limit,
  drawnMinor: minor,
  pendingMinor: minor,
  status: z.enum(["active", "frozen", "closing", "closed"]),
  currency,
});

export const operationForm: z.ZodType<CoreOperation> = z.strictObject({
  operationId: id,
  lineReference: reference,
  action: z.enum(["decrease", "freeze", "close", "restore", "reinstate", "reopen"]),
  fromMinor: limit,
  toMinor: limit,
  currency,
  belowDrawn: z.boolean(),
});

const balances = { limitMinor: limit, drawnMinor: minor, pendingMinor: minor };

export const resultForm: z.ZodType<CoreResult> = z.discriminatedUnion("result", [
  z.object({ result: z.literal("applied"), ...balances }),
  z.object({ result: z.literal("refused"), because: z.string().min(1), ...balances }),
]);

export const accountPageForm = z.object({ accounts: z.array(accountForm) });

export const accountBatchForm = z.strictObject({ accounts: z.array(accountForm).max(10_000) });

/** One movement that raises what is drawn. The same id again is the same movement. */
export const drawdownForm = z.strictObject({
  drawdownId: z.string().min(1).max(200),
  amountMinor: minor.refine((value) => value > 0, "expected more than 0"),
});

export type Drawdown = z.infer<typeof drawdownForm>;

/** Equal requests have equal text, whatever the order of their fields was. */
export function operationText(operation: CoreOperation): string {
  const {
    operationId,
    lineReference,
    action,
    fromMinor,
    toMinor,
    currency: code,
    belowDrawn,
  } = operation;
  return JSON.stringify([operationId, lineReference, action, fromMinor, toMinor, code, belowDrawn]);
}
