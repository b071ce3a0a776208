// The closed list of principal reasons a customer can be given. Texts are specific on purpose: "internal
// policy", "system evaluation" or "score too low" alone are not reasons (12 CFR 1002.9(b)(2) and its
// official commentary). Wording follows sample form C-1 of Regulation B where it has the item.

import type { Text } from "./text.ts";

export const reasonCodes = {
  R01: { en: "Poor credit performance with us", zh: "在本机构的还款记录不佳" },
  R02: {
    en: "Delinquent past or present credit obligations with others",
    zh: "在其他机构有过往或当前逾期",
  },
  R03: { en: "Excessive obligations in relation to income", zh: "负债相对收入过高" },
  R04: { en: "Income insufficient for the amount of credit", zh: "收入不足以支持现有额度" },
  R05: { en: "Unable to verify income or employment", zh: "无法核实收入或就业情况" },
  R06: { en: "Temporary or irregular employment", zh: "就业不稳定或属临时性质" },
  R07: {
    en: "Number of recent inquiries on credit bureau report",
    zh: "征信报告近期查询次数过多",
  },
  R08A: { en: "Collection action or judgment", zh: "存在催收诉讼或判决记录" },
  R08B: { en: "Garnishment or attachment", zh: "存在工资扣押或财产查封记录" },
  R08C: { en: "Bankruptcy", zh: "存在破产记录" },
  R08D: { en: "Foreclosure or repossession", zh: "存在止赎或抵押物收回记录" },
  R09: { en: "Limited credit experience or no credit file", zh: "信用经历有限或无信用档案" },
  R10: {
    en: "Proportion of balances to credit limits is too high",
    zh: "已用额度占授信额度的比例过高",
  },
  R11: {
    en: "Too many recently opened accounts or rapid new borrowing",
    zh: "近期新开账户过多或新增借款过快",
  },
  R12: {
    en: "Recent decline in repayment amount or speed",
    zh: "近期还款金额或还款速度下降",
  },
  R13: { en: "Account inactive or credit line unused", zh: "账户不活跃或额度未使用" },
  R14: {
    en: "Account terms breached, such as misuse or change of loan purpose",
    zh: "违反账户约定，如违规使用或改变借款用途",
  },
  R15: {
    en: "Information could not be confirmed or appears false",
    zh: "信息无法确认或疑似不实",
  },
} as const satisfies Readonly<Record<string, Text>>;

export type ReasonCode = keyof typeof reasonCodes;

/** True for the codes of {@link reasonCodes}. */
export function isReasonCode(code: unknown): code is ReasonCode {
  return typeof code === "string" && Object.hasOwn(reasonCodes, code);
}
