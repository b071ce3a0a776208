// A sweep before and while it runs: what it would do, with examples, and holding it, letting it go on or ending it.

import { z } from "zod";
import { isRefusal } from "../../../domain/refusal.ts";
import type { Proposal } from "../../../portfolio/ports.ts";
import type { Assessment } from "../../../domain/assessment.ts";
import { reasonCodes } from "../../../domain/reason-code.ts";
import type { Language } from "../../../domain/text.ts";
import { forRoles, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendRefusal } from "../problem.ts";
import { moneyWire, wireMoney } from "../wire/money.ts";
import { reasonWire } from "../wire/decision.ts";
import { sweepWire } from "../wire/sweep.ts";
import { idWire } from "../wire/text.ts";
import { wireOutcome } from "../wire/outcome.ts";
import { decisionActions } from "../../../domain/assessment.ts";
import { capRefusal, currencyOfActive, startFields, wiredSweep } from "./sweep-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["sweeps"];

const mostExamples = 20;

const exampleWire = z
  .object({
    lineId: idWire,
    reference: z.string(),
    portfolio: z.string(),
    segment: z.string().nullable(),
    action: z.enum(decisionActions),
    from: moneyWire.nullable(),
    to: moneyWire.nullable(),
    removed: moneyWire.describe(bilingual("Exposure taken away", "调减的风险敞口")),
    reason: reasonWire.nullable().describe(bilingual("The most important one", "最主要的理由")),
  })
  .meta({ id: "SweepExample" });

const previewWire = z
  .object({
    ...sweepWire.shape,
    examples: z
      .array(exampleWire)
      .describe(
        bilingual(
          `Up to ${mostExamples} proposals, largest expected loss avoided first`,
          `至多 ${mostExamples} 个拟处置示例，按避免的预期损失由大到小`,
        ),
      ),
  })
  .meta({ id: "SweepPreview" });

/** Adds POST /v1/sweeps/preview and …/{id}/pause, resume and cancel. */
export function addSweepControlRoutes(api: Api, dependencies: ServerDependencies): void {
  addPreview(api, dependencies);
  for (const control of ["pause", "resume", "cancel"] as const) {
    addControl(api, dependencies, control);
  }
}

function addPreview(api: Api, dependencies: ServerDependencies): void {
  const { sweeps, world } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/sweeps/preview",
    config: { access: forRoles(sweeps.roles) },
    schema: {
      operationId: "previewSweep",
      summary: summary({
        en: "What a sweep would do, with examples; nothing is stored",
        zh: "预览扫描结果及示例，不保存",
      }),
      tags,
      body: z.strictObject(startFields),
      response: { 200: previewWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { strategy, asOf, portfolio = null, dailyCap, shadows } = request.body;
      const currency = await currencyOfActive(dependencies, strategy);
      const mismatch = capRefusal(dailyCap, currency);
      if (mismatch !== null) return sendRefusal(request, reply, mismatch);
      const best = bestProposals();
      const { actor } = principalIn(request);
      const dailyCapMinor = dailyCap?.amountMinor ?? null;
      const asked = { strategyId: strategy, asOf, portfolio, dailyCapMinor, shadows, actor };
      const sweep = await sweeps.preview(asked, best.add);
      if (isRefusal(sweep)) return sendRefusal(request, reply, sweep);
      const lines = await Promise.all(
        best.list().map(async (proposal) => world.store.reads.line(proposal.lineId)),
      );
      const examples = best.list().flatMap((proposal, index) => {
        const line = lines[index] ?? null;
        return line === null ? [] : [wireExample(proposal, line.reference, request.language)];
      });
      const wired = await wiredSweep(dependencies, sweep, { dryRun: true });
      return reply.send({ ...wired, examples });
    },
  });
}

/** Keeps the proposals that avoid the largest expected loss, whatever the order they come in. */
function bestProposals(): Readonly<{
  add: (proposals: readonly Proposal[]) => void;
  list: () => readonly Proposal[];
}> {
  let best: readonly Proposal[] = [];
  return {
    add: (proposals) => {
      best = [...best, ...proposals]
        .toSorted(
          (left, right) =>
            right.expectedLossAvoidedMinor - left.expectedLossAvoidedMinor ||
            (left.lineId < right.lineId ? -1 : 1),
        )
        .slice(0, mostExamples);
    },
    list: () => best,
  };
}

function wireExample(
  proposal: Proposal,
  reference: string,
  language: Language,
): z.output<typeof exampleWire> {
  const { outcome, currency, reasons } = JSON.parse(proposal.assessment) as Assessment;
  const [reason] = reasons;
  return {
    ...{ lineId: proposal.lineId, reference, portfolio: proposal.portfolio },
    segment: proposal.segment,
    ...wireOutcome(outcome, currency),
    removed: wireMoney(proposal.removedMinor, currency),
    reason:
      reason === undefined
        ? null
        : {
            code: reason.code,
            text: reasonCodes[reason.code][language],
            facts: [...reason.facts],
          },
  };
}

const controls = {
  pause: { en: "Hold a sweep", zh: "暂停扫描" },
  resume: { en: "Let a paused sweep go on", zh: "恢复已暂停的扫描" },
  cancel: {
    en: "End a sweep; decisions already made stay",
    zh: "取消扫描；已作出的决定不受影响",
  },
} as const;

function addControl(
  api: Api,
  dependencies: ServerDependencies,
  control: keyof typeof controls,
): void {
  const { sweeps, world, replies } = dependencies;
  api.route({
    method: "POST",
    url: `/v1/sweeps/:id/${control}`,
    config: { access: forRoles(sweeps.roles) },
    schema: {
      operationId: `${control}Sweep`,
      summary: summary(controls[control]),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({}),
      response: { 200: sweepWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id, control });
      return answerOnce(replies, key, request, reply, async () => {
        const sweep = await sweeps[control](id, actor);
        if (isRefusal(sweep)) return sweep;
        if (control === "resume") sweeps.run(id);
        return { status: 200, reply: await wiredSweep(dependencies, sweep) };
      });
    },
  });
}
