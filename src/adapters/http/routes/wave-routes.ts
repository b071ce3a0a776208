// Undoing a wave over the API: propose it with what it would do, look at it, approve or reject it, and list what became
// of each decision. An actor with some portfolios sees and undoes waves of those only.

import { z } from "zod";
import { gatedActions } from "../../../compliance/pack.ts";
import { reachesPortfolio, type Actor } from "../../../domain/actor.ts";
import type { Currency } from "../../../domain/money.ts";
import type { Id } from "../../../domain/id.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { undoneWays, type WaveUndo } from "../../../portfolio/wave-ports.ts";
import { noUndoCounts } from "../../../portfolio/wave-counts.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendProblem } from "../problem.ts";
import { idInput, textInput } from "../text-input.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import {
  reasonInput,
  undoneLineWire,
  undoPreviewWire,
  waveUndoWire,
  wireUndo,
  wireUndone,
} from "../wire/wave.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["sweeps"];

const proposeBody = z.strictObject({
  segment: textInput(200).optional(),
  region: textInput(200)
    .optional()
    .describe(bilingual("The line's region today", "授信当前所属地区")),
  action: z.enum(gatedActions).optional(),
  reasonCode: reasonInput.optional(),
  reason: textInput(2_000).describe(bilingual("Why it is undone", "撤销理由")),
  dryRun: z
    .boolean()
    .default(false)
    .describe(
      bilingual("Say what it would do, with nothing stored", "只给出将会发生的结果，不保存"),
    ),
});

/** Adds POST /v1/sweeps/{id}/undo and the routes of /v1/wave-undos. */
export function addWaveRoutes(api: Api, dependencies: ServerDependencies): void {
  addPropose(api, dependencies);
  addReads(api, dependencies);
  addLines(api, dependencies);
  for (const verdict of ["approve", "reject"] as const) addVerdict(api, dependencies, verdict);
}

function addPropose(api: Api, dependencies: ServerDependencies): void {
  const { waves, world, replies } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/sweeps/:id/undo",
    config: { access: forRoles(waves.authorRoles) },
    schema: {
      operationId: "undoWave",
      summary: summary({
        en: "Propose to undo the wave of a sweep; somebody else approves it",
        zh: "提出撤销某次扫描的批次，由他人批准",
      }),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: proposeBody,
      response: { 200: undoPreviewWire, 201: undoPreviewWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const { id: sweepId } = request.params;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id: sweepId, body });
      return answerOnce(replies, key, request, reply, async () => {
        const { segment = null, region = null, action = null, reasonCode = null, dryRun } = body;
        const filter = { segment, region, action, reason: reasonCode };
        const asked = { sweepId, filter, reason: body.reason, actor };
        const preview = await waves.propose(asked, { dryRun });
        if (isRefusal(preview)) return preview;
        const { undo, examples } = preview;
        const currency = await currencyOfSweep(dependencies, sweepId);
        const wired = {
          ...wireUndo(undo, noUndoCounts, currency, dryRun),
          examples: examples.map((line) => wireUndone(line, currency, request.language)),
        };
        return { status: dryRun ? 200 : 201, reply: wired };
      });
    },
  });
}

const columns: readonly CsvColumn<z.output<typeof waveUndoWire>>[] = [
  column("扫描 ID", "Sweep id", (undo) => undo.sweepId),
  column("状态", "State", (undo) => undo.state),
  column("理由", "Reason", (undo) => undo.reason),
  column("提出人", "Proposed by", (undo) => undo.author),
  column("提出时间", "Proposed at", (undo) => undo.proposedAt),
  column("审批人", "Decided by", (undo) => undo.decidedBy),
  column("已撤回", "Withdrawn", (undo) => undo.done.withdrawn),
  column("已恢复", "Restored", (undo) => undo.done.restored),
  column("撤销 ID", "Undoing id", (undo) => undo.id),
];

function addReads(api: Api, dependencies: ServerDependencies): void {
  const { waves } = dependencies.portfolio;
  api.route({
    method: "GET",
    url: "/v1/wave-undos",
    config: { access: forStaff },
    schema: {
      operationId: "listWaveUndos",
      summary: summary({
        en: "List undoings of waves, newest first",
        zh: "批次撤销列表（由新到旧）",
      }),
      tags,
      querystring: z.object({
        ...listQuery,
        after: idInput.optional(),
        sweep: idInput.optional().describe(bilingual("Of one sweep", "指定扫描")),
      }),
      response: { 200: listAnswer(waveUndoWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { sweep = null } = request.query;
      const page = async ({ after, limit }: PageRequest) => {
        const rows = await waves.list(after, limit, sweep);
        const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
        const seen = rows.filter(({ portfolio }) => reachesPortfolio(actor.scope, portfolio));
        return { data: await Promise.all(seen.map((one) => wired(dependencies, one))), next };
      };
      const listing = { name: "wave-undos", columns, page };
      return answerList(request, reply, request.query, listing, dependencies.settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/wave-undos/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readWaveUndo",
      summary: summary({
        en: "Read the undoing of a wave with its counts",
        zh: "查看批次撤销及计数",
      }),
      tags,
      params: idParams,
      response: { 200: waveUndoWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const undo = await reached(dependencies, request.params.id, principalIn(request).actor);
      if (undo === null) return sendProblem(request, reply, "not-found");
      return reply.send(await wired(dependencies, undo));
    },
  });
}

const lineColumns: readonly CsvColumn<z.output<typeof undoneLineWire>>[] = [
  column("账号", "Reference", (line) => line.reference),
  column("处理", "What became of it", (line) => line.did),
  column("金额", "Amount", (line) => line.amount),
  column("拒绝代码", "Refusal", (line) => line.refused),
  column("原因", "Because", (line) => line.because),
  column("决定 ID", "Decision id", (line) => line.decisionId),
  column("恢复决定 ID", "Restoring decision id", (line) => line.restorationId),
];

function addLines(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/wave-undos/:id/lines",
    config: { access: forStaff },
    schema: {
      operationId: "listUndoneLines",
      summary: summary({
        en: "What became of each decision of a wave that is undone",
        zh: "批次撤销中每个决定的处理结果",
      }),
      tags,
      params: idParams,
      querystring: z.object({
        ...listQuery,
        after: idInput.optional(),
        did: z.enum(undoneWays).optional(),
      }),
      response: { 200: listAnswer(undoneLineWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const undo = await reached(dependencies, request.params.id, principalIn(request).actor);
      if (undo === null) return sendProblem(request, reply, "not-found");
      const currency = await currencyOfSweep(dependencies, undo.sweepId);
      const { did = null } = request.query;
      const page = async ({ after, limit }: PageRequest) => {
        const rows = await dependencies.portfolio.waves.undone(undo.id, after, limit, did);
        const next = rows.length === limit ? (rows.at(-1)?.decisionId ?? null) : null;
        return { data: rows.map((line) => wireUndone(line, currency, request.language)), next };
      };
      const listing = { name: "undone-lines", columns: lineColumns, page };
      return answerList(request, reply, request.query, listing, dependencies.settings.tableRows);
    },
  });
}

const verdicts = {
  approve: { en: "Approve the undoing of a wave; the work begins", zh: "批准撤销批次并开始执行" },
  reject: { en: "Reject the undoing of a wave", zh: "驳回撤销批次" },
} as const;

function addVerdict(
  api: Api,
  dependencies: ServerDependencies,
  verdict: keyof typeof verdicts,
): void {
  const { waves, world, replies } = dependencies;
  const { approverRoles, authorRoles } = waves;
  const allowed = verdict === "approve" ? approverRoles : [...approverRoles, ...authorRoles];
  api.route({
    method: "POST",
    url: `/v1/wave-undos/:id/${verdict}`,
    config: { access: forRoles([...new Set(allowed)]) },
    schema: {
      operationId: `${verdict}WaveUndo`,
      summary: summary(verdicts[verdict]),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({}),
      response: { 200: waveUndoWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { id, verdict });
      return answerOnce(replies, key, request, reply, async () => {
        const undo = await waves.decide(id, verdict, actor);
        if (isRefusal(undo)) return undo;
        if (verdict === "approve") waves.run(id);
        return { status: 200, reply: await wired(dependencies, undo) };
      });
    },
  });
}

async function reached(
  { portfolio }: ServerDependencies,
  id: Id,
  { scope }: Actor,
): Promise<WaveUndo | null> {
  const undo = await portfolio.waves.find(id);
  return undo !== null && reachesPortfolio(scope, undo.portfolio) ? undo : null;
}

async function wired(
  dependencies: ServerDependencies,
  undo: WaveUndo,
): Promise<z.output<typeof waveUndoWire>> {
  const currency = await currencyOfSweep(dependencies, undo.sweepId);
  return wireUndo(undo, await dependencies.portfolio.waves.counts(undo.id), currency);
}

async function currencyOfSweep(
  { portfolio, world }: ServerDependencies,
  sweepId: Id,
): Promise<Currency> {
  const sweep = await portfolio.sweeps.find(sweepId);
  const stored = await world.store.strategies.byHash(sweep!.strategy.hash);
  return (JSON.parse(stored!.document) as Readonly<{ currency: Currency }>).currency;
}
