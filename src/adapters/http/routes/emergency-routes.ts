// Emergency profiles over the API: propose one, agree to it beforehand, start it at once. An actor with some portfolios
// sees and starts profiles of those only.

import { z } from "zod";
import { reachesPortfolio } from "../../../domain/actor.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import type { EmergencyProfile, EmergencyVerdict } from "../../../portfolio/emergency-ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendProblem } from "../problem.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import { emergencyWire, wireEmergency } from "../wire/emergency.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { moneyInput } from "../wire/money.ts";
import { sweepWire } from "../wire/sweep.ts";
import { dryRunInput, placesInput } from "./blackout-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bestProposals, previewWire, wiredPreview } from "./sweep-preview.ts";
import { capRefusal, currencyOfActive, currencyOfHash, wiredSweep } from "./sweep-routes.ts";

const tags = ["sweeps"];

/** Adds the routes of /v1/emergency-profiles. */
export function addEmergencyRoutes(api: Api, dependencies: ServerDependencies): void {
  addReads(api, dependencies);
  addPropose(api, dependencies);
  for (const verdict of ["approve", "reject", "revoke"] as const) {
    addVerdict(api, dependencies, verdict);
  }
  addStart(api, dependencies);
}

const columns: readonly CsvColumn<z.output<typeof emergencyWire>>[] = [
  column("名称", "Name", (one) => one.name),
  column("策略", "Strategy", (one) => one.strategy.id),
  column("版本", "Version", (one) => one.strategy.version),
  column("组合", "Portfolio", (one) => one.portfolio),
  column("地区", "Regions", (one) => one.regions.join(" ")),
  column("行业", "Industries", (one) => one.industries.join(" ")),
  column("每日上限", "Daily cap", (one) => one.dailyCap),
  column("有效期至", "Valid until", (one) => one.validUntil),
  column("状态", "State", (one) => one.state),
  column("提出人", "Proposed by", (one) => one.author),
  column("审批人", "Decided by", (one) => one.decidedBy),
  column("方案 ID", "Profile id", (one) => one.id),
];

function addReads(api: Api, dependencies: ServerDependencies): void {
  const { emergencies } = dependencies.portfolio;
  api.route({
    method: "GET",
    url: "/v1/emergency-profiles",
    config: { access: forStaff },
    schema: {
      operationId: "listEmergencyProfiles",
      summary: summary({
        en: "List emergency profiles, newest first",
        zh: "应急方案列表（由新到旧）",
      }),
      tags,
      querystring: z.object({ ...listQuery, after: idInput.optional() }),
      response: { 200: listAnswer(emergencyWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const page = async ({ after, limit }: PageRequest) => {
        const rows = await emergencies.list(after, limit);
        const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
        const seen = rows.filter(({ portfolio }) => reachesPortfolio(scope, portfolio));
        return { data: await Promise.all(seen.map((one) => wired(dependencies, one))), next };
      };
      const listing = { name: "emergency-profiles", columns, page };
      return answerList(request, reply, request.query, listing, dependencies.settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/emergency-profiles/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readEmergencyProfile",
      summary: summary({ en: "Read an emergency profile", zh: "查看应急方案" }),
      tags,
      params: idParams,
      response: { 200: emergencyWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const profile = await emergencies.find(request.params.id);
      const { scope } = principalIn(request).actor;
      if (profile === null || !reachesPortfolio(scope, profile.portfolio)) {
        return sendProblem(request, reply, "not-found");
      }
      return reply.send(await wired(dependencies, profile));
    },
  });
}

async function wired(
  dependencies: ServerDependencies,
  profile: EmergencyProfile,
  dryRun = false,
): Promise<z.output<typeof emergencyWire>> {
  const currency = await currencyOfHash(dependencies, profile.strategy.hash);
  const sweeps = await dependencies.portfolio.emergencies.startsOf(profile.id);
  return wireEmergency(profile, currency, sweeps, dryRun);
}

function addPropose(api: Api, dependencies: ServerDependencies): void {
  const { emergencies, world, replies } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/emergency-profiles",
    config: { access: forRoles(emergencies.authorRoles) },
    schema: {
      operationId: "proposeEmergencyProfile",
      summary: summary({
        en: "Propose an emergency profile; somebody else approves it",
        zh: "提出应急方案，由他人批准",
      }),
      tags,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        name: textInput(200),
        strategy: textInput(100),
        version: z
          .int()
          .min(1)
          .optional()
          .describe(bilingual("Absent: the active one", "不填则为当前生效版本")),
        portfolio: textInput(200)
          .optional()
          .describe(bilingual("Absent: every portfolio", "不填表示全部组合")),
        regions: placesInput,
        industries: placesInput,
        dailyCap: moneyInput,
        validUntil: dateInput,
        reason: textInput(2_000),
        dryRun: dryRunInput,
      }),
      response: { 200: emergencyWire, 201: emergencyWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const key = keyOf(request, world.ids.sha256, { body });
      return answerOnce(replies, key, request, reply, async () => {
        const { strategy, version, portfolio, dailyCap, dryRun, ...terms } = body;
        const unfit = capRefusal(dailyCap, await currencyOfActive(dependencies, strategy));
        if (unfit !== null) return unfit;
        const profile = await emergencies.propose(
          {
            ...terms,
            id: world.ids.derive(0, "emergency", key.client, key.key, key.bodyHash),
            portfolio: portfolio ?? null,
            dailyCapMinor: dailyCap.amountMinor,
            strategyId: strategy,
            ...(version === undefined ? {} : { version }),
            actor: principalIn(request).actor,
          },
          { dryRun },
        );
        if (isRefusal(profile)) return profile;
        return { status: dryRun ? 200 : 201, reply: await wired(dependencies, profile, dryRun) };
      });
    },
  });
}

const verdicts = {
  approve: { en: "Approve an emergency profile", zh: "批准应急方案" },
  reject: { en: "Reject an emergency profile", zh: "驳回应急方案" },
  revoke: { en: "Revoke an approved emergency profile", zh: "撤销已批准的应急方案" },
} as const;

function addVerdict(api: Api, dependencies: ServerDependencies, verdict: EmergencyVerdict): void {
  const { emergencies, world, replies } = dependencies;
  const { approverRoles, authorRoles } = emergencies;
  const allowed = verdict === "approve" ? approverRoles : [...approverRoles, ...authorRoles];
  api.route({
    method: "POST",
    url: `/v1/emergency-profiles/:id/${verdict}`,
    config: { access: forRoles([...new Set(allowed)]) },
    schema: {
      operationId: `${verdict}EmergencyProfile`,
      summary: summary(verdicts[verdict]),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({ dryRun: dryRunInput }),
      response: { 200: emergencyWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { dryRun } = request.body;
      const key = keyOf(request, world.ids.sha256, { id, verdict, body: request.body });
      return answerOnce(replies, key, request, reply, async () => {
        const { actor } = principalIn(request);
        const profile = await emergencies.decide(id, verdict, actor, { dryRun });
        if (isRefusal(profile)) return profile;
        return { status: 200, reply: await wired(dependencies, profile, dryRun) };
      });
    },
  });
}

function addStart(api: Api, dependencies: ServerDependencies): void {
  const { emergencies, sweeps, world, replies } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/emergency-profiles/:id/start",
    config: { access: forRoles(sweeps.roles) },
    schema: {
      operationId: "startEmergencyProfile",
      summary: summary({
        en: "Start the sweep of an approved emergency profile, as of today",
        zh: "按已批准的应急方案立即启动扫描",
      }),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({ reason: textInput(2_000), dryRun: dryRunInput }),
      response: { 200: previewWire, 202: sweepWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { reason, dryRun } = request.body;
      const key = keyOf(request, world.ids.sha256, { id, body: request.body });
      return answerOnce(replies, key, request, reply, async () => {
        const { actor } = principalIn(request);
        const { client, bodyHash } = key;
        const requestId = world.ids.derive(0, "start-emergency", client, key.key, bodyHash);
        const best = bestProposals();
        const options = { dryRun, onProposals: best.add };
        const sweep = await emergencies.start(id, { reason, actor, requestId }, options);
        if (isRefusal(sweep)) return sweep;
        if (dryRun) {
          const told = await wiredPreview(dependencies, sweep, best.list(), request.language);
          return { status: 200, reply: told };
        }
        sweeps.run(sweep.id);
        reply.header("location", `/v1/sweeps/${sweep.id}`);
        return { status: 202, reply: await wiredSweep(dependencies, sweep) };
      });
    },
  });
}
