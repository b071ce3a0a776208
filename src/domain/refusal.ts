// A refusal is a rule that says no: a value, not an exception. The table is closed and ordered: when
// several rules say no, the one that stands first is given, so that the same request is always refused
// for the same reason.

import type { Text } from "./text.ts";

/** In order of precedence: who asks, whether it can be heard now, what is asked, whether it exists, its state, the law, the money. */
export const refusals = {
  "not-signed-in": { en: "Sign-in needed", zh: "需要登录" },
  forbidden: { en: "This role may not do that", zh: "该角色无权执行此操作" },
  "out-of-scope": { en: "Outside this actor's scope", zh: "超出操作人的管辖范围" },
  halted: { en: "This area is halted", zh: "该环节已被紧急停用" },
  busy: { en: "Too much at once", zh: "请求过多，暂时无法接收" },
  "read-only": { en: "Tidemark is in read-only mode", zh: "系统处于只读模式" },
  invalid: { en: "Invalid input", zh: "输入无效" },
  "key-reused": {
    en: "Idempotency key already used for another request",
    zh: "幂等键已用于另一请求",
  },
  "not-found": { en: "Not found", zh: "未找到" },
  "already-exists": { en: "Already exists", zh: "已存在" },
  "future-date": { en: "Date lies in the future", zh: "日期晚于当前业务日期" },
  "currency-mismatch": { en: "Currencies differ", zh: "币种不一致" },
  "strategy-inactive": { en: "Strategy is not active", zh: "策略未生效" },
  "already-resolved": { en: "Already resolved", zh: "已办结" },
  "offer-expired": { en: "The time to answer is over", zh: "答复期限已过" },
  "wrong-state": { en: "Not possible in this state", zh: "当前状态不允许此操作" },
  "taken-by-another": { en: "Somebody else works on it", zh: "已由他人领取" },
  "stale-approval": {
    en: "The line changed since it was decided",
    zh: "决定作出后额度情况已变化",
  },
  "maker-is-checker": {
    en: "Maker and checker must be different people",
    zh: "经办人与复核人不能为同一人",
  },
  "needs-other-authority": {
    en: "Another authority must agree",
    zh: "须由其他权限的人员审批",
  },
  "override-out-of-bounds": { en: "Override out of bounds", zh: "改判超出允许范围" },
  blackout: { en: "A blackout window holds", zh: "处于禁止窗口内" },
  "counter-out-of-bounds": {
    en: "The proposed limit is out of bounds",
    zh: "提议的额度超出可协商范围",
  },
  "gate-closed": { en: "The notice gate is closed", zh: "通知条件尚未满足" },
  "budget-exhausted": { en: "The budget is used up", zh: "额度调整预算已用尽" },
  "below-drawn": {
    en: "The limit would fall below what is drawn",
    zh: "调整后额度将低于已用金额",
  },
  "not-a-decrease": { en: "The limit would not fall", zh: "额度并未降低" },
  "facts-erased": { en: "The facts were erased", zh: "相关数据已删除" },
  "core-refused": { en: "The core system refused", zh: "核心系统拒绝" },
} as const satisfies Readonly<Record<string, Text>>;

export type RefusalCode = keyof typeof refusals;

/**
 * `detail` says what was found and what was expected, in both languages; `pointer` is a JSON pointer into
 * the command where one field is to blame.
 */
export type Refusal = Readonly<{
  refused: RefusalCode;
  detail: Text;
  pointer?: string;
}>;

/** Makes a refusal. */
export function refuse(refused: RefusalCode, detail: Text, pointer?: string): Refusal {
  return pointer === undefined ? { refused, detail } : { refused, detail, pointer };
}

/** The refusal for something that does not exist, lies outside what was loaded, or that the actor may not see. */
export function notFound(what: Text, name: string): Refusal {
  return refuse("not-found", {
    en: `Cannot find ${what.en}: ${name}`,
    zh: `未找到${what.zh}：${name}`,
  });
}

/** True for refusals, false for any other result. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "refused" in value;
}

const precedence = Object.keys(refusals) as RefusalCode[];

/** Runs checks and returns the refusal that stands first in the table, or null when none refuses. */
export function firstRefusal(found: readonly (Refusal | null)[]): Refusal | null {
  let first: Refusal | null = null;
  for (const refusal of found) {
    if (refusal === null) continue;
    if (first === null || rank(refusal) < rank(first)) first = refusal;
  }
  return first;
}

function rank(refusal: Refusal): number {
  return precedence.indexOf(refusal.refused);
}
