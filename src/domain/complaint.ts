// What a complaint is here: where it came in, what it is about, and whether it is still open. Both are closed lists and
// there is no free text, so that nothing a customer wrote gets into events and reports.

import type { Text } from "./text.ts";

/** Where it came in. */
export const complaintChannels = ["app", "phone", "branch", "letter", "regulator"] as const;

export type ComplaintChannel = (typeof complaintChannels)[number];

/** What it is about, in the order in which reports tell it. */
export const complaintTopics = [
  "limit-decrease",
  "freeze",
  "closure",
  "notice",
  "fees",
  "collections",
  "data",
  "service",
] as const;

export type ComplaintTopic = (typeof complaintTopics)[number];

export const complaintStates = ["opened", "resolved"] as const;

export type ComplaintState = (typeof complaintStates)[number];

/** What a report calls a topic. */
export const complaintTopicLabels: Readonly<Record<ComplaintTopic, Text>> = {
  "limit-decrease": { zh: "降额", en: "Limit decrease" },
  freeze: { zh: "冻结", en: "Freeze" },
  closure: { zh: "关闭", en: "Closure" },
  notice: { zh: "通知", en: "Notice" },
  fees: { zh: "息费", en: "Interest and fees" },
  collections: { zh: "催收", en: "Collections" },
  data: { zh: "信息有误", en: "Wrong data" },
  service: { zh: "服务", en: "Service" },
};
