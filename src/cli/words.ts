// The words people read for states and outcomes, in both languages, next to each other.

import type { DecisionAction, Outcome, Restoration, Route } from "../domain/assessment.ts";
import type { LineStatus } from "../domain/credit-line.ts";
import type { Cause, DecisionState } from "../domain/decision.ts";
import type { Currency } from "../domain/money.ts";
import type { DeliveryState, NoticeState } from "../domain/notice.ts";
import type { ConsentChannel, OfferEnd, OfferState } from "../domain/offer.ts";
import type {
  AppealGround,
  Resolution,
  ReviewPriority,
  ReviewQueue,
  ReviewState,
} from "../domain/review-case.ts";
import type { Text } from "../domain/text.ts";
import type { SubjectKind } from "../flow/step.ts";
import type { EmergencyState } from "../portfolio/emergency-ports.ts";
import type { UndoneWay, WaveUndoState } from "../portfolio/wave-ports.ts";
import type { SweepState } from "../portfolio/ports.ts";
import { amountText } from "./amount.ts";

type Words<Key extends string> = Readonly<Record<Key, Text>>;

export const lineStatusWords: Words<LineStatus> = {
  active: { en: "active", zh: "正常" },
  frozen: { en: "frozen", zh: "冻结" },
  closing: { en: "closing", zh: "关闭中" },
  closed: { en: "closed", zh: "已关闭" },
  exited: { en: "exited", zh: "已清退" },
};

export const decisionStateWords: Words<DecisionState> = {
  proposed: { en: "proposed", zh: "已提出" },
  paced: { en: "paced", zh: "排期中" },
  "in-review": { en: "in review", zh: "复核中" },
  approved: { en: "approved", zh: "已批准" },
  offered: { en: "offered", zh: "协商中" },
  noticed: { en: "noticed", zh: "已通知" },
  executed: { en: "executed", zh: "已执行" },
  withdrawn: { en: "withdrawn", zh: "已撤回" },
  refused: { en: "refused", zh: "已拒绝" },
};

export const actionWords: Words<DecisionAction> = {
  none: { en: "no change", zh: "不变" },
  decrease: { en: "decrease", zh: "降额" },
  freeze: { en: "freeze", zh: "冻结" },
  restore: { en: "restore", zh: "恢复额度" },
  reinstate: { en: "reinstate", zh: "解除冻结" },
  reopen: { en: "reopen", zh: "重新开立" },
  keep: { en: "keep", zh: "维持不变" },
  uphold: { en: "uphold", zh: "维持原决定" },
  close: { en: "close", zh: "关闭" },
};

/** Why a line was looked at. */
export const causeWords: Words<Cause> = {
  "own-delinquency": { en: "own delinquency", zh: "本机构逾期" },
  "other-account": { en: "other accounts", zh: "其他账户" },
  bureau: { en: "bureau", zh: "征信" },
  behaviour: { en: "behaviour", zh: "行为" },
  "related-party": { en: "related party", zh: "关联方" },
  income: { en: "income", zh: "收入" },
  macro: { en: "macro", zh: "宏观" },
  region: { en: "region", zh: "区域" },
  industry: { en: "industry", zh: "行业" },
  fraud: { en: "fraud", zh: "欺诈" },
  inactivity: { en: "inactivity", zh: "长期未使用" },
  request: { en: "request", zh: "客户申请" },
  appetite: { en: "risk appetite", zh: "风险偏好" },
};

export const routeWords: Words<Route> = {
  "straight-through": { en: "straight through", zh: "自动通过" },
  review: { en: "review", zh: "复核" },
  "four-eyes": { en: "four eyes", zh: "双人复核" },
  legal: { en: "legal", zh: "法务复核" },
};

export const queueWords: Words<ReviewQueue> = {
  reviewer: { en: "reviewer", zh: "复核员" },
  approver: { en: "approver", zh: "审批人" },
  compliance: { en: "compliance", zh: "合规" },
  legal: { en: "legal", zh: "法务" },
};

export const reviewPriorityWords: Words<ReviewPriority> = {
  urgent: { en: "urgent", zh: "紧急" },
  high: { en: "high", zh: "高" },
  normal: { en: "normal", zh: "普通" },
};

export const reviewStateWords: Words<ReviewState> = {
  open: { en: "open", zh: "待办" },
  resolved: { en: "resolved", zh: "已办结" },
};

export const resolutionWords: Words<Resolution> = {
  approved: { en: "approved", zh: "批准" },
  rejected: { en: "rejected", zh: "驳回" },
  upheld: { en: "upheld", zh: "维持原决定" },
  overturned: { en: "overturned", zh: "推翻原决定" },
  withdrawn: { en: "withdrawn", zh: "撤回" },
};

export const appealGroundWords: Words<AppealGround> = {
  "wrong-data": { en: "the data are wrong", zh: "数据有误" },
  "can-repay": { en: "the limit can be carried", zh: "具备还款能力" },
  "wants-person": { en: "a person shall decide", zh: "要求人工决定" },
  disagrees: { en: "disagrees", zh: "不认同该决定" },
};

export const noticeStateWords: Words<NoticeState> = {
  issued: { en: "issued", zh: "已签发" },
  sent: { en: "sent", zh: "已发出" },
  delivered: { en: "delivered", zh: "已送达" },
  bounced: { en: "bounced", zh: "被退回" },
  escalated: { en: "needs a person", zh: "转人工" },
};

export const offerStateWords: Words<OfferState> = {
  open: { en: "open", zh: "待答复" },
  countered: { en: "countered", zh: "客户另提额度" },
  accepted: { en: "accepted", zh: "已同意" },
  declined: { en: "declined", zh: "已拒绝" },
  expired: { en: "no answer", zh: "逾期未答复" },
  withdrawn: { en: "withdrawn", zh: "已撤回" },
};

export const offerEndWords: Words<OfferEnd> = {
  proceed: { en: "proceed with a notice", zh: "按通知程序执行" },
  withdraw: { en: "leave the line as it is", zh: "维持额度不变" },
  review: { en: "a person decides", zh: "转人工复核" },
};

export const consentChannelWords: Words<ConsentChannel> = {
  app: { en: "app", zh: "客户端" },
  phone: { en: "phone", zh: "电话" },
  branch: { en: "branch", zh: "网点" },
  letter: { en: "letter", zh: "信函" },
};

export const deliveryStateWords: Words<DeliveryState> = {
  waiting: { en: "waiting", zh: "待发送" },
  sent: { en: "sent", zh: "已发出" },
  delivered: { en: "delivered", zh: "已送达" },
  bounced: { en: "bounced", zh: "被退回" },
};

export const sweepStateWords: Words<SweepState> = {
  asking: { en: "asking sources", zh: "查询外部数据" },
  assessing: { en: "assessing", zh: "评估中" },
  ranking: { en: "ranking", zh: "排序中" },
  deciding: { en: "deciding", zh: "决策中" },
  done: { en: "done", zh: "已完成" },
  cancelled: { en: "cancelled", zh: "已取消" },
};

export const waveUndoStateWords: Words<WaveUndoState> = {
  proposed: { en: "proposed", zh: "待审批" },
  running: { en: "approved, at work", zh: "已批准，执行中" },
  done: { en: "done", zh: "已完成" },
  rejected: { en: "rejected", zh: "已驳回" },
};

export const emergencyStateWords: Words<EmergencyState> = {
  proposed: { en: "proposed", zh: "待审批" },
  approved: { en: "approved", zh: "已批准" },
  rejected: { en: "rejected", zh: "已驳回" },
  revoked: { en: "revoked", zh: "已撤销" },
};

export const undoneWords: Words<UndoneWay> = {
  withdrawn: { en: "withdrawn", zh: "已撤回" },
  restored: { en: "restored", zh: "已恢复" },
  refused: { en: "left as it is", zh: "保持不变" },
};

/** What a command is about: the noun of its verb and what help calls it. */
export const nouns: Readonly<
  Record<SubjectKind, Readonly<{ noun: string; label: Text; one: Text }>>
> = {
  line: {
    noun: "line",
    label: { en: "Credit lines", zh: "授信额度" },
    one: { en: "id or reference of a line", zh: "授信编号或引用号" },
  },
  decision: {
    noun: "decision",
    label: { en: "Decisions", zh: "决定" },
    one: { en: "id of a decision", zh: "决定编号" },
  },
  "review-case": {
    noun: "review",
    label: { en: "Review cases", zh: "人工复核" },
    one: { en: "id of a review case", zh: "复核件编号" },
  },
  notice: {
    noun: "notice",
    label: { en: "Notices to customers", zh: "客户通知" },
    one: { en: "id of a notice", zh: "通知编号" },
  },
  offer: {
    noun: "offer",
    label: { en: "Offers to customers", zh: "与客户协商" },
    one: { en: "id of an offer", zh: "要约编号" },
  },
  reminder: {
    noun: "reminder",
    label: { en: "Reminders of what is due", zh: "还款提醒" },
    one: { en: "id of a reminder", zh: "还款提醒编号" },
  },
  alert: {
    noun: "alert",
    label: { en: "Alerts to staff", zh: "预警" },
    one: { en: "id of an alert", zh: "预警编号" },
  },
};

/** "decrease 50,000.00 CNY → 35,000.00 CNY". */
export function outcomeText(outcome: Outcome | Restoration, currency: Currency): Text {
  const words = actionWords[outcome.action];
  const amounts = outcomeAmounts(outcome, currency);
  return { en: `${words.en}${amounts}`, zh: `${words.zh}${amounts}` };
}

function outcomeAmounts(outcome: Outcome | Restoration, currency: Currency): string {
  switch (outcome.action) {
    case "none":
      return "";
    case "decrease":
    case "restore":
      return ` ${amountText(outcome.fromMinor, currency)} → ${amountText(outcome.toMinor, currency)}`;
    default:
      return ` ${amountText(outcome.fromMinor, currency)}`;
  }
}
