// Everything the outside world may say, in one list: what each type of signal is about, which fields it carries in which
// unit, and what it does here. Closed lists, numbers, dates and codes only, so that nothing a person wrote gets into
// events and facts. Schemas, the AsyncAPI document, the checks on the way in and the reference are all made from it.

import { complaintChannels, complaintStates, complaintTopics } from "./complaint.ts";
import { dataPurposes, sourceStates } from "./connector.ts";
import type { FactValues } from "./facts.ts";
import { severities } from "./severity.ts";
import type { Text } from "./text.ts";

/**
 * integer: a whole number in `unit` · money: `{amount, currency}` in minor units, of the line's currency · date:
 * YYYY-MM-DD · code: letters, digits and - . _ : / · enum: one of `values` · facts: values of facts by name.
 */
export type PayloadField = Readonly<{
  type: "integer" | "money" | "date" | "boolean" | "code" | "enum" | "facts";
  label: Text;
  required?: true;
  /** integer only; "bp" is a hundredth of a per cent, which is the integer of a ratio kept with four decimals */
  unit?: "days" | "points" | "count" | "bp" | "units of 1/10,000";
  /** integer, and for money the amount: inclusive bounds */
  minimum?: number;
  maximum?: number;
  values?: readonly string[];
  /** the fact that the field tells the newest value of, for lines that have it */
  fact?: string;
}>;

/** What a signal of one type is about, and so what its subject names. */
export const signalSubjects = ["line", "customer", "environment"] as const;

export type SignalSubject = (typeof signalSubjects)[number];

export type SignalSpec = Readonly<{
  label: Text;
  about: SignalSubject;
  /** balance: tells the balance · movement: moves it · kept: is kept, and tells the facts that its fields name */
  does: "balance" | "movement" | "facts" | "complaint" | "kept";
  /** facts that the signal itself tells, whatever its fields say */
  tells?: FactValues;
  fields: Readonly<Record<string, PayloadField>>;
}>;

const most = { money: 1e15, count: 10_000, days: 36_500, bp: 10_000_000 } as const;

type Extra = Pick<PayloadField, "required" | "fact" | "minimum" | "maximum">;

const money = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "money", label: { en, zh }, minimum: 0, maximum: most.money },
  ...extra,
});
const days = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "integer", unit: "days", label: { en, zh }, minimum: 0, maximum: most.days },
  ...extra,
});
const count = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "integer", unit: "count", label: { en, zh }, minimum: 0, maximum: most.count },
  ...extra,
});
const basisPoints = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "integer", unit: "bp", label: { en, zh }, minimum: -most.bp, maximum: most.bp },
  ...extra,
});
const date = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "date", label: { en, zh } },
  ...extra,
});
const flag = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "boolean", label: { en, zh } },
  ...extra,
});
const code = (en: string, zh: string, extra: Extra = {}): PayloadField => ({
  ...{ type: "code", label: { en, zh } },
  ...extra,
});
const choice = (
  en: string,
  zh: string,
  values: readonly string[],
  extra: Extra = {},
): PayloadField => ({ ...{ type: "enum", label: { en, zh }, values }, ...extra });

const required = { required: true } as const;
const severity = choice("Severity", "严重程度", severities, required);
const region = code("Region, as the facts name it", "地区（与事实取值一致）");
const evidence = code("Number of the file at the source", "来源系统的案卷编号");

const catalogue = {
  balance: {
    label: { en: "Balance as the core system sees it", zh: "核心系统余额" },
    ...{ about: "line", does: "balance" },
    fields: {
      // What is drawn is below 0 where a customer paid too much.
      drawn: money("Drawn", "已用金额", { required: true, minimum: -most.money }),
      pending: money("Pending", "在途金额"),
    },
  },
  drawdown: {
    label: { en: "Money drawn", zh: "支用" },
    ...{ about: "line", does: "movement" },
    fields: { amount: money("Amount drawn", "支用金额", required) },
  },
  repayment: {
    label: { en: "Money repaid", zh: "还款" },
    ...{ about: "line", does: "movement" },
    fields: { amount: money("Amount repaid", "还款金额", required) },
  },
  facts: {
    label: { en: "New values of facts", zh: "事实更新" },
    ...{ about: "line", does: "facts" },
    fields: {
      facts: {
        type: "facts",
        label: { en: "Values by the name of the fact", zh: "按事实名称列出的取值" },
        required: true,
      },
    },
  },
  inquiry: {
    label: { en: "Customer asks about a change", zh: "客户咨询额度变动" },
    ...{ about: "line", does: "kept" },
    fields: { channel: choice("Where it came in", "渠道", complaintChannels, required) },
  },
  complaint: {
    label: { en: "Complaint opened or resolved", zh: "投诉受理或办结" },
    ...{ about: "line", does: "complaint" },
    fields: {
      complaint: code("Number of the complaint at the source", "来源系统的投诉编号", required),
      state: choice("Opened or resolved", "已受理或已办结", complaintStates, required),
      channel: choice("Where it came in, when opened", "投诉渠道（受理时）", complaintChannels),
      topic: choice("What it is about, when opened", "投诉事项（受理时）", complaintTopics),
    },
  },
  statement: {
    label: { en: "Statement issued", zh: "账单" },
    ...{ about: "line", does: "kept" },
    fields: {
      balance: money("Balance of the statement", "账单金额", {
        required: true,
        minimum: -most.money,
      }),
      minimumDue: money("Least to pay", "最低还款额", required),
      dueOn: date("Due on", "到期还款日", required),
    },
  },
  "past-due": {
    label: { en: "Payment past due", zh: "逾期" },
    ...{ about: "line", does: "kept" },
    fields: {
      daysPastDue: days("Days past due", "逾期天数", {
        ...{ required: true, minimum: 1, maximum: 3_000, fact: "daysPastDue" },
      }),
      amount: money("Amount past due", "逾期金额", required),
    },
  },
  cure: {
    label: { en: "Past due amount paid", zh: "逾期结清" },
    ...{ about: "line", does: "kept" },
    tells: { daysPastDue: 0 },
    fields: { amount: money("Amount paid", "还清金额", required) },
  },
  fee: {
    label: { en: "Fee or interest charged", zh: "息费" },
    ...{ about: "line", does: "kept" },
    fields: {
      kind: choice(
        "Kind",
        "类别",
        ["interest", "annual", "late", "over-limit", "cash", "foreign-exchange", "other"],
        required,
      ),
      amount: money("Amount", "金额", required),
    },
  },
  "over-limit": {
    label: { en: "Drawn above the limit", zh: "超限" },
    ...{ about: "line", does: "kept" },
    fields: { amount: money("Amount above the limit", "超限金额", required) },
  },
  authorisation: {
    label: { en: "Attempt to draw", zh: "授权请求" },
    ...{ about: "line", does: "kept" },
    fields: {
      amount: money("Amount asked for", "请求金额", required),
      result: choice("Result", "结果", ["approved", "declined"], required),
      declinedBecause: choice("Why it was declined", "拒绝原因", [
        ...["limit", "status", "suspected-fraud", "credentials", "other"],
      ]),
      kind: choice("What for", "用途", ["purchase", "cash", "transfer", "online"]),
    },
  },
  "income-change": {
    label: { en: "Income changed", zh: "收入变化" },
    ...{ about: "customer", does: "kept" },
    fields: {
      income: money("Income per month now", "现月收入", { fact: "income" }),
      change: basisPoints("Change against before", "较此前变动", {
        ...{ required: true, minimum: -10_000, fact: "incomeChange" },
      }),
      verified: flag("Proved by a document or a payroll", "已核实"),
    },
  },
  "employment-change": {
    label: { en: "Employment changed", zh: "就业变化" },
    ...{ about: "customer", does: "kept" },
    fields: {
      status: choice(
        "Now",
        "现状态",
        ["employed", "self-employed", "unemployed", "retired", "student", "unknown"],
        required,
      ),
      since: date("Since", "自"),
    },
  },
  "address-change": {
    label: { en: "Address changed", zh: "住址变更" },
    ...{ about: "customer", does: "kept" },
    fields: {
      region: { ...region, ...required, fact: "region" },
      on: date("Moved on", "变更日期"),
    },
  },
  "contact-change": {
    label: { en: "Contact details changed", zh: "联系方式变更" },
    ...{ about: "customer", does: "kept" },
    fields: {
      kind: choice("Which", "类别", ["phone", "email", "address", "device"], required),
      reachable: flag("Customer can be reached", "可联系"),
    },
  },
  "bureau-report": {
    label: { en: "Bureau report", zh: "征信报告" },
    ...{ about: "customer", does: "kept" },
    fields: {
      score: {
        ...{ type: "integer", unit: "points", label: { en: "Score", zh: "评分" } },
        ...{ minimum: 0, maximum: 1_000, fact: "bureauScore" },
      },
      inquiries30Days: count("Inquiries in 30 days", "近 30 天查询次数"),
      lenders3Months: count("Lenders in 3 months", "近 3 个月放贷机构数", {
        ...{ maximum: 200, fact: "multiLenderCount3m" },
      }),
      openAccounts: count("Open accounts", "未结清账户数"),
      otherDebts: money("Debts elsewhere", "他行负债"),
      overdueElsewhere: flag("Past due elsewhere", "他行逾期", { fact: "overdueOthers" }),
      publicRecords: count("Public records", "公共记录数"),
    },
  },
  consent: {
    label: { en: "Consent to a use of data given or withdrawn", zh: "数据使用授权的给予或撤回" },
    ...{ about: "customer", does: "kept" },
    fields: {
      purpose: choice("What the data may be asked for", "授权用途", dataPurposes, required),
      state: choice("Given or withdrawn", "给予或撤回", ["given", "withdrawn"], required),
      evidence,
    },
  },
  "source-state": {
    label: { en: "State of a source that was asked", zh: "外部数据来源的状态" },
    ...{ about: "customer", does: "kept" },
    fields: {
      source: code("Name of the source", "来源代码", required),
      state: choice("Answered, or why not", "已答复或未答复的原因", sourceStates, required),
    },
  },
  "related-overdue": {
    label: { en: "Related customer past due", zh: "关联客户逾期" },
    ...{ about: "customer", does: "kept" },
    fields: {
      tie: choice(
        "How they are related",
        "关联关系",
        ["linked-person", "guarantor", "same-device", "same-account"],
        required,
      ),
      customer: code("Reference of the related customer", "关联客户号", required),
      daysPastDue: days("Days past due there", "关联客户逾期天数", required),
    },
  },
  "fraud-suspicion": {
    label: { en: "Fraud suspected", zh: "疑似欺诈" },
    ...{ about: "customer", does: "kept" },
    fields: {
      kind: choice(
        "Kind",
        "类别",
        ["identity", "account-takeover", "cash-out", "collusion", "documents", "other"],
        required,
      ),
      severity,
      evidence,
    },
  },
  "malicious-default": {
    label: { en: "Malicious default", zh: "恶意逃废债" },
    ...{ about: "customer", does: "kept" },
    fields: {
      kind: choice(
        "Kind",
        "类别",
        ["first-payment-default", "asset-transfer", "unreachable", "agent-driven", "other"],
        required,
      ),
      evidence: { ...evidence, ...required },
    },
  },
  "term-breach": {
    label: { en: "Terms of the contract broken", zh: "违约用途或条款" },
    ...{ about: "line", does: "kept" },
    tells: { purposeBreach: true },
    fields: {
      kind: choice("Kind", "类别", ["purpose", "lending-on", "false-statement"], required),
      evidence,
    },
  },
  dispute: {
    label: { en: "Transaction disputed", zh: "交易争议" },
    ...{ about: "line", does: "kept" },
    fields: {
      dispute: code("Number of the dispute at the source", "来源系统的争议编号", required),
      open: flag("Open", "处理中", { required: true, fact: "openDispute" }),
      amount: money("Amount disputed", "争议金额"),
    },
  },
  "hardship-notice": {
    label: { en: "Customer tells of hardship", zh: "困难申报" },
    ...{ about: "customer", does: "kept" },
    fields: {
      kind: choice(
        "Why",
        "原因",
        ["illness", "unemployment", "bereavement", "family", "disaster", "other"],
        required,
      ),
      open: flag("Goes on", "持续中", { required: true, fact: "hardship" }),
      until: date("Expected until", "预计至"),
    },
  },
  "disaster-declaration": {
    label: { en: "Disaster declared", zh: "灾情公告" },
    ...{ about: "environment", does: "kept" },
    fields: {
      region: { ...region, ...required },
      kind: choice("Kind", "类别", ["flood", "earthquake", "storm", "fire", "epidemic", "other"]),
      open: flag("In force", "生效中", required),
      until: date("Until", "至"),
    },
  },
  "macro-value": {
    label: { en: "Value of a macro series", zh: "宏观指标" },
    ...{ about: "environment", does: "kept" },
    fields: {
      series: code("Name of the series", "指标代码", required),
      period: date("First day of the period", "期间首日", required),
      value: {
        ...{ type: "integer", unit: "units of 1/10,000", label: { en: "Value", zh: "取值" } },
        ...{ minimum: -1e15, maximum: 1e15, required: true },
      },
    },
  },
  "regional-event": {
    label: { en: "Event in a region", zh: "区域事件" },
    ...{ about: "environment", does: "kept" },
    fields: {
      region: { ...region, ...required },
      severity,
      unemployment: basisPoints("Unemployment", "失业率", { minimum: 0, maximum: 10_000 }),
    },
  },
  "industry-event": {
    label: { en: "Event in an industry", zh: "行业事件" },
    ...{ about: "environment", does: "kept" },
    fields: {
      industry: code("Industry, as the facts name it", "行业（与事实取值一致）", required),
      severity,
    },
  },
  "market-event": {
    label: { en: "Competitor or market event", zh: "竞争或市场事件" },
    ...{ about: "environment", does: "kept" },
    fields: {
      kind: choice("Kind", "类别", ["price", "product", "exit", "funding", "other"], required),
      severity,
    },
  },
  "regulation-change": {
    label: { en: "Regulation changed", zh: "监管变化" },
    ...{ about: "environment", does: "kept" },
    fields: {
      jurisdiction: code("Jurisdiction", "法域", required),
      rule: code("Number of the rule", "文号", required),
      effectiveOn: date("Effective on", "生效日期", required),
    },
  },
  "appetite-change": {
    label: { en: "Risk appetite changed", zh: "风险偏好调整" },
    ...{ about: "environment", does: "kept" },
    fields: {
      portfolio: code("Portfolio", "组合", required),
      direction: choice("Direction", "方向", ["tighter", "looser"], required),
      cap: money("Cap on exposure", "敞口上限"),
    },
  },
  campaign: {
    label: { en: "Campaign begins or ends", zh: "营销活动起止" },
    ...{ about: "environment", does: "kept" },
    fields: {
      campaign: code("Campaign, as the facts name it", "活动（与事实取值一致）", required),
      state: choice("State", "状态", ["begins", "ends"], required),
    },
  },
} as const satisfies Readonly<Record<string, SignalSpec>>;

export type SignalType = keyof typeof catalogue;

/** Every type of signal. */
export const signalCatalogue: Readonly<Record<SignalType, SignalSpec>> = catalogue;

export const signalTypes = Object.keys(catalogue) as readonly SignalType[];

/** Types of CloudEvents are those of the catalogue behind this. */
export const eventTypePrefix = "tidemark.signal.";

/** What code fields and numbers of complaints may look like: no words, so no room for what a person wrote. */
export const codePattern = /^[A-Za-z0-9._:/-]{1,64}$/;

/** The entry of a type; undefined for a type that nobody declared. */
export function signalSpec(type: string): SignalSpec | undefined {
  return Object.hasOwn(catalogue, type) ? catalogue[type as SignalType] : undefined;
}
