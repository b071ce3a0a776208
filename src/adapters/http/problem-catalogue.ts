// Every problem the API can answer with, what it means and what helps, in both languages. Refusals keep the
// title they have in the domain; the rest are troubles of HTTP itself.

import { refusals, type RefusalCode } from "../../domain/refusal.ts";
import type { Text } from "../../domain/text.ts";
import { refusalTable } from "../refusal-table.ts";

/** Problems that are no rule's refusal, with their HTTP status. */
const httpProblems = {
  malformed: {
    status: 400,
    title: { en: "The request cannot be read", zh: "无法读取请求" },
    help: {
      en: "The body is not JSON, a header has the wrong form, or the address cannot be decoded. The detail names the part.",
      zh: "请求体不是 JSON、请求头格式不正确或地址无法解码。详情指出了有问题的部分。",
    },
  },
  "key-missing": {
    status: 400,
    title: { en: "Idempotency-Key needed", zh: "缺少 Idempotency-Key" },
    help: {
      en: "Each request that changes something carries an Idempotency-Key header: make it once, keep it before sending, and repeat it on every retry.",
      zh: "每个会产生变更的请求都须带 Idempotency-Key 请求头：生成一次，发送前保存，重试时使用同一个值。",
    },
  },
  "sign-in-failed": {
    status: 401,
    title: { en: "Sign-in failed", zh: "登录失败" },
    help: {
      en: "The login does not exist, is disabled, or the password is another one. Which of these is not told.",
      zh: "登录名不存在、已停用或密码不正确。系统不说明是哪一种情况。",
    },
  },
  "signature-refused": {
    status: 401,
    title: { en: "Signature refused", zh: "签名无效" },
    help: {
      en: "A receipt is signed as Standard Webhooks says, with the secret in TIDEMARK_NOTICE_SECRET, over its exact bytes, at most five minutes ago. Without that setting no receipt is taken.",
      zh: "回执须按 Standard Webhooks 以 TIDEMARK_NOTICE_SECRET 中的密钥对原始字节签名，且时间相差不超过五分钟。未设置该密钥时不接受任何回执。",
    },
  },
  "origin-refused": {
    status: 403,
    title: { en: "Request comes from another site", zh: "请求来自其他站点" },
    help: {
      en: "A change that is made with a session cookie must come from Tidemark's own pages. Programs use an API key instead.",
      zh: "使用会话 Cookie 的变更请求必须来自 Tidemark 自己的页面。程序请改用 API 密钥。",
    },
  },
  "no-such-route": {
    status: 404,
    title: { en: "No such address", zh: "地址不存在" },
    help: {
      en: "No route has this method and path. All routes stand in /openapi.json.",
      zh: "没有与该方法和路径对应的接口。全部接口见 /openapi.json。",
    },
  },
  "version-changed": {
    status: 412,
    title: { en: "Changed since it was read", zh: "读取之后已被修改" },
    help: {
      en: "The If-Match header names a version that is no longer the present one. Read again, decide again, and send the new version.",
      zh: "If-Match 所示版本已不是当前版本。请重新读取、重新判断，并带上新的版本号。",
    },
  },
  "too-large": {
    status: 413,
    title: { en: "The request is too large", zh: "请求过大" },
    help: {
      en: "The body is larger than this route accepts.",
      zh: "请求体超过该接口允许的大小。",
    },
  },
  "unsupported-media-type": {
    status: 415,
    title: { en: "Only JSON is accepted", zh: "仅接受 JSON" },
    help: {
      en: "Send the body as application/json in UTF-8.",
      zh: "请以 UTF-8 编码的 application/json 发送请求体。",
    },
  },
  "too-many-requests": {
    status: 429,
    title: { en: "Too many requests", zh: "请求过于频繁" },
    help: {
      en: "Wait as long as the Retry-After header says.",
      zh: "请按 Retry-After 请求头所示时间等待后再试。",
    },
  },
  internal: {
    status: 500,
    title: { en: "Something broke on our side", zh: "系统内部错误" },
    help: {
      en: "Nothing about the request is to blame. Report the request id: the log says more under it.",
      zh: "问题不在请求本身。请报告请求编号，日志中有相应记录。",
    },
  },
  unavailable: {
    status: 503,
    title: { en: "Not available right now", zh: "暂时不可用" },
    help: {
      en: "Something that Tidemark needs does not answer. Nothing was half done: send the same request again, with the same Idempotency-Key, after the time in Retry-After.",
      zh: "Tidemark 依赖的某个部分没有响应。不存在只完成一半的变更：请在 Retry-After 所示时间后，以相同的 Idempotency-Key 重发同一请求。",
    },
  },
} as const satisfies Readonly<
  Record<string, Readonly<{ status: number; title: Text; help: Text }>>
>;

const refusalHelp: Readonly<Record<RefusalCode, Text>> = {
  busy: {
    en: "More comes in than can be written. Nothing of this request was kept: send it again, as it is, after the time in Retry-After.",
    zh: "接入速度超过写入速度。本次请求未保留任何内容：请在 Retry-After 所示时间后原样重发。",
  },
  "not-signed-in": {
    en: "Sign in, or send an API key in the Authorization header. A session also ends by itself when it is not used.",
    zh: "请登录，或在 Authorization 请求头中提供 API 密钥。会话长时间未使用也会自动结束。",
  },
  forbidden: {
    en: "None of your roles may do this. The detail names the roles that may.",
    zh: "您的角色均无此权限。详情列出了可执行此操作的角色。",
  },
  "out-of-scope": {
    en: "It concerns a customer or portfolio outside the scope of your account.",
    zh: "所涉客户或组合超出您账号的管辖范围。",
  },
  halted: {
    en: "Somebody stopped this area with the emergency switch. The detail says who, why and until when.",
    zh: "有人使用紧急开关停用了该环节。详情说明了停用人、原因和截止时间。",
  },
  "read-only": {
    en: "Somebody made everything read-only for a while. Reads, previews and exports go on. The detail says who, why and until when.",
    zh: "有人将系统暂时设为只读；查询、预览与导出照常。详情说明了设置人、原因和截止时间。",
  },
  invalid: {
    en: "A field breaks its rule. `errors` points at each one and says what was found and what was expected.",
    zh: "有字段不符合规则。errors 指出了每个字段，以及当前值和期望值。",
  },
  "key-reused": {
    en: "The Idempotency-Key was used before with another request. Make a new key for a new request.",
    zh: "该 Idempotency-Key 已用于另一请求。新的请求请使用新的键。",
  },
  "not-found": {
    en: "It does not exist, or your account does not reach it.",
    zh: "对象不存在，或不在您账号的可见范围内。",
  },
  "already-exists": {
    en: "Something with this name exists already and is not the same.",
    zh: "同名对象已存在且内容不同。",
  },
  "future-date": {
    en: "Facts and signals cannot come from after the present business date.",
    zh: "事实和信号的日期不能晚于当前业务日期。",
  },
  "currency-mismatch": {
    en: "The amount is in another currency than the line. Tidemark never converts.",
    zh: "金额币种与授信币种不同。Tidemark 不做币种换算。",
  },
  "strategy-inactive": {
    en: "Only an approved, active version of a strategy may decide.",
    zh: "只有已批准且生效的策略版本才能作出决定。",
  },
  "already-resolved": {
    en: "Somebody else finished it first. The detail says who and how.",
    zh: "已由他人先行办结。详情说明了办结人和结果。",
  },
  "offer-expired": {
    en: "The offer could be answered until the day that it names. What follows now is what it said of no answer.",
    zh: "要约只能在所载期限内答复。现按要约中载明的未答复情形处理。",
  },
  "wrong-state": {
    en: "The step is not possible from the present state. The detail names the state.",
    zh: "当前状态下无法执行此步骤。详情说明了当前状态。",
  },
  "taken-by-another": {
    en: "Somebody else works on this case. The detail names who: wait until it is given back, or ask the lead of the queue to hand it out anew.",
    zh: "该件正由他人办理，详情说明了是谁：请等待退回，或请队列负责人重新分派。",
  },
  "stale-approval": {
    en: "What you looked at has changed since. Read it again and decide again.",
    zh: "您查看之后内容已变化。请重新查看并重新判断。",
  },
  "maker-is-checker": {
    en: "Whoever made, changed or referred it may not approve it. Another person must.",
    zh: "经办、改判或转交的人员不能批准。须由另一人批准。",
  },
  "needs-other-authority": {
    en: "It waits in the queue of another role. The detail names the role.",
    zh: "该事项在另一角色的队列中等待。详情说明了该角色。",
  },
  "override-out-of-bounds": {
    en: "An override may be milder than the strategy, never harsher, needs a reason and must end.",
    zh: "改判只能比策略更宽松，不能更严格，且须有理由和到期日。",
  },
  blackout: {
    en: "A blackout window covers this line: nobody in it is told of a cut and nobody is cut. The detail names the window and its last day.",
    zh: "该授信处于禁止窗口内：其间不通知、不执行任何调减。详情指明了窗口及其末日。",
  },
  "counter-out-of-bounds": {
    en: "A customer's own proposal must lie within the bounds that the offer names; some offers take yes or no only.",
    zh: "客户提议的额度须在要约载明的范围内；有的要约只能同意或拒绝。",
  },
  "gate-closed": {
    en: "The change may take effect only after the customer was told in time. The detail says what is missing or from when it is possible.",
    zh: "须按期告知客户后变更方可生效。详情说明了缺少的条件或最早生效日期。",
  },
  "budget-exhausted": {
    en: "The budget of this window is used up. What does not fit waits for the next one.",
    zh: "本期预算已用完。未获额度的事项将等待下一期。",
  },
  "below-drawn": {
    en: "The limit would fall below what the customer has drawn, which strategy or jurisdiction do not allow.",
    zh: "调整后额度将低于客户已用金额，策略或法域规则不允许。",
  },
  "not-a-decrease": {
    en: "The new limit is not below the present one.",
    zh: "新额度并未低于当前额度。",
  },
  "facts-erased": {
    en: "The personal data behind this decision were erased on request. The proof that it was made still holds.",
    zh: "该决定所依据的个人数据已应要求删除。决定曾经作出的证明仍然有效。",
  },
  "core-refused": {
    en: "The lender's core system refused the change. The detail quotes it.",
    zh: "贷款机构核心系统拒绝了该变更。详情引用了其说明。",
  },
};

/** Code of a problem: of a refusal or of HTTP. Stable for ever; its page is `/problems/{code}`. */
export type ProblemCode = RefusalCode | keyof typeof httpProblems;

export type ProblemEntry = Readonly<{ status: number; title: Text; help: Text }>;

/** All problems, refusals first, in the order of their precedence. */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemEntry>> = {
  ...(Object.fromEntries(
    (Object.keys(refusals) as RefusalCode[]).map((code) => [
      code,
      {
        status: refusalTable[code].httpStatus,
        title: refusals[code],
        help: refusalHelp[code],
      },
    ]),
  ) as Record<RefusalCode, ProblemEntry>),
  ...httpProblems,
};

/** True for the codes of {@link problemCatalogue}. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCatalogue, code);
}
