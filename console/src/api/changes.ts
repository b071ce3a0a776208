// Everything the console changes, one function an address. Each takes the key of the change, made before the first
// try, so that sending it again is the same change.
import { answer, client, newKey } from "./client.ts";
import type { components } from "./schema.ts";

type Money = components["schemas"]["Money"];

/** The key of a change and, where a version was looked at, that version. */
export type Once = Readonly<{ key: string; ver?: number }>;

function headers({ key, ver }: Once): { "idempotency-key": string; "if-match"?: string } {
  return { "idempotency-key": key, ...(ver === undefined ? {} : { "if-match": `"${ver}"` }) };
}

type Choice = Readonly<{ id: string; version: number | null }>;

export type SweepRequest = Readonly<{
  strategy: string;
  asOf: string;
  portfolio?: string;
  dailyCap?: Money;
  shadows: readonly Choice[];
}>;

export type OverrideRequest = Readonly<{
  action: "none" | "decrease";
  limit?: Money;
  reason: string;
  expires: string;
}>;

export type UndoRequest = Readonly<{ region?: string; reason: string }>;
export type BlackoutRequest = Readonly<{
  event: string;
  from: string;
  to: string;
  regions: string[];
  industries: string[];
  exempt: string[];
  reason: string;
}>;

export type EmergencyMove = "approve" | "reject" | "revoke";
export type ExperimentMove = "approve" | "start" | "end";

export type ExperimentDraft = Readonly<{
  id: string;
  arms: readonly Readonly<{ name: string; strategy: Choice | null; shareBp: number }>[];
  shadows: readonly Choice[];
}>;

export type NoticeWords = components["schemas"]["NoticeTextsDocument"];

export type StrategyMove = "submit" | "retire" | "restore";

export type BulkVerb = "approve" | "reject" | "assign" | "snooze";

export type BulkRequest = Readonly<{
  verb: BulkVerb;
  cases: readonly Readonly<{ id: string; ver: number }>[];
  reason: string;
  to?: string;
  until?: string;
  pastDue?: boolean;
}>;

type DeskMove = "take" | "release";

/** What a customer said, as staff write it down. */
export type CustomerWord = Readonly<{ channel: "phone" | "branch" | "letter"; how: string }>;

export type AppealRequest = CustomerWord &
  Readonly<{ ground: components["schemas"]["Appeal"]["ground"] }>;

export type EmergencyRequest = Readonly<{
  name: string;
  strategy: string;
  portfolio?: string;
  regions: string[];
  industries: string[];
  dailyCap: Money;
  validUntil: string;
  reason: string;
}>;

export type AlertFinding = "confirmed" | "false-alarm";

type Queue = "reviewer" | "approver" | "compliance" | "legal";

export const changes = {
  signIn: (login: string, password: string) =>
    answer(client.POST("/v1/sign-in", { body: { login, password } })),
  signOut: () => answer(client.POST("/v1/sign-out")),
  takeAlert: (id: string, once: Once) =>
    answer(
      client.POST("/v1/alerts/{id}/take", {
        params: { path: { id }, header: headers(once) },
        body: {},
      }),
    ),
  closeAlert: (id: string, once: Once, finding: AlertFinding, reason: string) =>
    answer(
      client.POST("/v1/alerts/{id}/close", {
        params: { path: { id }, header: headers(once) },
        body: { finding, reason },
      }),
    ),
  approve: (id: string, once: Once, note: string | null) =>
    answer(
      client.POST("/v1/review-cases/{id}/approve", {
        params: { path: { id }, header: headers(once) },
        body: note === null ? {} : { note },
      }),
    ),
  reject: (id: string, once: Once, reason: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/reject", {
        params: { path: { id }, header: headers(once) },
        body: { reason },
      }),
    ),
  override: (id: string, once: Once, body: OverrideRequest) =>
    answer(
      client.POST("/v1/review-cases/{id}/override", {
        params: { path: { id }, header: headers(once) },
        body,
      }),
    ),
  refer: (id: string, once: Once, to: Queue, reason: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/refer", {
        params: { path: { id }, header: headers(once) },
        body: { to, reason },
      }),
    ),
  lodgeAppeal: (decisionId: string, once: Once, body: AppealRequest) =>
    answer(
      client.POST("/v1/decisions/{id}/appeal", {
        params: { path: { id: decisionId }, header: headers(once) },
        body,
      }),
    ),
  answerAppeal: (id: string, verdict: "uphold" | "overturn", once: Once, said: string) =>
    answer(
      client.POST(`/v1/review-cases/{id}/${verdict}`, {
        params: { path: { id }, header: headers(once) },
        body: { answer: said },
      }),
    ),
  answerOffer: (id: string, verdict: "accept" | "decline", once: Once, word: CustomerWord) =>
    answer(
      client.POST(`/v1/offers/{id}/${verdict}`, {
        params: { path: { id }, header: headers(once) },
        body: word,
      }),
    ),
  counterOffer: (id: string, once: Once, limit: Money, word: CustomerWord) =>
    answer(
      client.POST("/v1/offers/{id}/counter", {
        params: { path: { id }, header: headers(once) },
        body: { limit, ...word },
      }),
    ),
  moveReview: (id: string, move: DeskMove, once: Once) =>
    answer(
      client.POST(`/v1/review-cases/{id}/${move}`, {
        params: { path: { id }, header: headers(once) },
        body: {} as never,
      }),
    ),
  assignReview: (id: string, once: Once, to: string, reason: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/assign", {
        params: { path: { id }, header: headers(once) },
        body: { to, reason },
      }),
    ),
  snoozeReview: (
    id: string,
    once: Once,
    body: Readonly<{ until: string; reason: string; pastDue?: boolean }>,
  ) =>
    answer(
      client.POST("/v1/review-cases/{id}/snooze", {
        params: { path: { id }, header: headers(once) },
        body,
      }),
    ),
  askOpinion: (id: string, once: Once, of: string, question: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/ask-opinion", {
        params: { path: { id }, header: headers(once) },
        body: { of, question },
      }),
    ),
  giveOpinion: (id: string, once: Once, opinion: "agree" | "disagree", reason: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/give-opinion", {
        params: { path: { id }, header: headers(once) },
        body: { opinion, reason },
      }),
    ),
  noteReview: (id: string, once: Once, text: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/note", {
        params: { path: { id }, header: headers(once) },
        body: { text },
      }),
    ),
  attachToReview: (id: string, once: Once, name: string, content: string) =>
    answer(
      client.POST("/v1/review-cases/{id}/attachments", {
        params: { path: { id }, header: headers(once) },
        body: { name, content },
      }),
    ),
  bulkReview: (once: Once, body: BulkRequest, dryRun: boolean) =>
    answer(
      client.POST("/v1/review-cases/bulk", {
        params: { header: headers(once) },
        body: { ...body, dryRun } as never,
      }),
    ),
  withdraw: (id: string, once: Once, reason: string) =>
    answer(
      client.POST("/v1/decisions/{id}/withdraw", {
        params: { path: { id }, header: headers(once) },
        body: { reason },
      }),
    ),
  previewSweep: (body: SweepRequest) =>
    answer(client.POST("/v1/sweeps/preview", { body: body as never })),
  startSweep: (once: Once, body: SweepRequest) =>
    answer(client.POST("/v1/sweeps", { params: { header: headers(once) }, body: body as never })),
  steerSweep: (id: string, verb: "pause" | "resume" | "cancel", once: Once) =>
    answer(
      client.POST(`/v1/sweeps/{id}/${verb}`, {
        params: { path: { id }, header: headers(once) },
        body: {} as never,
      } as never),
    ),
  previewUndo: (id: string, body: UndoRequest) =>
    answer(
      client.POST("/v1/sweeps/{id}/undo", {
        params: { path: { id }, header: headers({ key: newKey() }) },
        body: { ...body, dryRun: true } as never,
      }),
    ),
  undoWave: (id: string, body: UndoRequest, once: Once) =>
    answer(
      client.POST("/v1/sweeps/{id}/undo", {
        params: { path: { id }, header: headers(once) },
        body: body as never,
      }),
    ),
  decideUndo: (id: string, verdict: "approve" | "reject", once: Once) =>
    answer(
      client.POST(`/v1/wave-undos/{id}/${verdict}`, {
        params: { path: { id }, header: headers(once) },
        body: {} as never,
      } as never),
    ),
  approveStrategy: (
    id: string,
    version: number,
    hash: string,
    approval: Readonly<{ effectiveOn: string; signOff: readonly string[] }>,
    key: string,
  ) =>
    answer(
      client.POST("/v1/strategies/{id}/{version}/approve", {
        params: {
          path: { id, version: version as never },
          header: { "idempotency-key": key, "if-match": `"${hash}"` },
        },
        body: {
          effectiveOn: approval.effectiveOn as never,
          // Naming nothing is another request than not being asked.
          ...(approval.signOff.length === 0 ? {} : { signOff: [...approval.signOff] }),
        },
      }),
    ),
  draftNoticeTexts: (texts: NoticeWords, key: string) =>
    answer(
      client.POST("/v1/notice-texts", { params: { header: headers({ key }) }, body: { texts } }),
    ),
  approveNoticeTexts: (version: number, hash: string, key: string) =>
    answer(
      client.POST("/v1/notice-texts/{version}/approve", {
        params: {
          path: { version: version as never },
          header: { "idempotency-key": key, "if-match": `"${hash}"` },
        },
        body: {},
      }),
    ),
  draftStrategy: (document: Readonly<Record<string, unknown>>, key: string) =>
    answer(
      client.POST("/v1/strategies", {
        params: { header: headers({ key }), query: { draft: "true" } },
        body: document,
      }),
    ),
  /** needs no key: the same document again is no change */
  editStrategy: (
    id: string,
    version: number,
    hash: string,
    document: Readonly<Record<string, unknown>>,
  ) =>
    answer(
      client.PUT("/v1/strategies/{id}/{version}", {
        params: {
          path: { id, version: version as never },
          header: { "if-match": `"${hash}"` },
        },
        body: document,
      }),
    ),
  moveStrategy: (step: StrategyMove, id: string, version: number, reason: string, key: string) =>
    answer(
      client.POST(`/v1/strategies/{id}/{version}/${step}`, {
        params: { path: { id, version: version as never }, header: headers({ key }) },
        body: { reason },
      }),
    ),
  resendDeadLetter: (id: string, key: string) =>
    answer(
      client.POST("/v1/dead-letters/{id}/resend", {
        params: { path: { id }, header: headers({ key }) },
      }),
    ),
  discardDeadLetter: (id: string, reason: string, key: string) =>
    answer(
      client.POST("/v1/dead-letters/{id}/discard", {
        params: { path: { id }, header: headers({ key }) },
        body: { reason },
      }),
    ),
  createExperiment: (draft: ExperimentDraft, key: string) =>
    answer(
      client.POST("/v1/experiments", {
        params: { header: headers({ key }) },
        body: draft as never,
      }),
    ),
  moveExperiment: (step: ExperimentMove, id: string, reason: string, key: string) =>
    answer(
      client.POST(`/v1/experiments/{id}/${step}`, {
        params: { path: { id }, header: headers({ key }) },
        body: reason === "" ? {} : { reason },
      }),
    ),
  setHalt: (once: Once, body: Readonly<{ area: string; reason: string; expiresAt: string }>) =>
    answer(client.POST("/v1/halts", { params: { header: headers(once) }, body: body as never })),
  liftHalt: (area: string) =>
    answer(client.DELETE("/v1/halts/{area}", { params: { path: { area: area as never } } })),
  setBlackout: (once: Once, body: BlackoutRequest) =>
    answer(
      client.POST("/v1/blackouts", { params: { header: headers(once) }, body: body as never }),
    ),
  liftBlackout: (id: string, once: Once, reason: string) =>
    answer(
      client.POST("/v1/blackouts/{id}/lift", {
        params: { path: { id }, header: headers(once) },
        body: { reason } as never,
      }),
    ),
  holdWave: (id: string, once: Once, reason: string) =>
    answer(
      client.POST("/v1/sweeps/{id}/hold-wave", {
        params: { path: { id }, header: headers(once) },
        body: { reason } as never,
      }),
    ),
  releaseWave: (id: string, once: Once, reason: string) =>
    answer(
      client.POST("/v1/sweeps/{id}/release-wave", {
        params: { path: { id }, header: headers(once) },
        body: { reason } as never,
      }),
    ),
  proposeEmergency: (once: Once, body: EmergencyRequest) =>
    answer(
      client.POST("/v1/emergency-profiles", {
        params: { header: headers(once) },
        body: body as never,
      }),
    ),
  moveEmergency: (move: EmergencyMove, id: string, once: Once) =>
    answer(
      client.POST(`/v1/emergency-profiles/{id}/${move}`, {
        params: { path: { id }, header: headers(once) },
        body: {} as never,
      }),
    ),
  previewEmergency: (id: string, once: Once) =>
    answer(
      client.POST("/v1/emergency-profiles/{id}/start", {
        params: { path: { id }, header: headers(once) },
        body: { reason: "preview", dryRun: true } as never,
      }),
    ),
  startEmergency: (id: string, once: Once, reason: string) =>
    answer(
      client.POST("/v1/emergency-profiles/{id}/start", {
        params: { path: { id }, header: headers(once) },
        body: { reason } as never,
      }),
    ),
  makeReport: (once: Once, body: Readonly<{ asOf?: string; portfolio?: string }>) =>
    answer(client.POST("/v1/reports", { params: { header: headers(once) }, body: body as never })),
  advanceClock: (once: Once, to: string) =>
    answer(
      client.POST("/v1/clock/advance", {
        params: { header: headers(once) },
        body: { to } as never,
      }),
    ),
} as const;
