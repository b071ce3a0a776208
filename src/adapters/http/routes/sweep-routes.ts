// Sweeps over the API: start one, watch one, list them. Starting answers at once; the work goes on in the
// background and survives the process. An actor with some portfolios starts and sees sweeps of those only.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { reachesPortfolio } from "../../../domain/actor.ts";
import type { Currency, Money } from "../../../domain/money.ts";
import { isRefusal, refuse, type Refusal } from "../../../domain/refusal.ts";
import { bucketCount } from "../../../domain/id.ts";
import type { IdempotencyKey, PageRequest } from "../../../flow/ports.ts";
import { sweepStandings, type Sweep } from "../../../portfolio/ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf, type Answer } from "../idempotency.ts";
import { sendProblem } from "../problem.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import { moneyInput } from "../wire/money.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { sweepDetailWire, sweepWire, wireSweep, type SweepProgressWire } from "../wire/sweep.ts";
import { strategyChoiceInput } from "../wire/experiment.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["sweeps"];

/** What a sweep is started with, or looked at before. */
export const startFields = {
  strategy: textInput(100).describe(
    bilingual("Id of a strategy with an active version", "有生效版本的策略编号"),
  ),
  asOf: dateInput,
  portfolio: textInput(200)
    .optional()
    .describe(bilingual("Absent: every portfolio", "不填表示全部组合")),
  dailyCap: moneyInput
    .optional()
    .describe(
      bilingual(
        "Most exposure removed per day; absent: unlimited",
        "每日最多调减的风险敞口，不填表示不限",
      ),
    ),
  shadows: z
    .array(strategyChoiceInput)
    .max(5)
    .default([])
    .describe(
      bilingual(
        "Strategies to assess the same lines beside, without effect",
        "陪跑策略：对同一批授信同时评估，不产生效果",
      ),
    ),
};

const startBody = z.strictObject({
  ...startFields,
  dryRun: z
    .boolean()
    .default(false)
    .describe(
      bilingual("Say what it would do, with nothing stored", "只给出将会发生的结果，不保存"),
    ),
});

type StartBody = z.output<typeof startBody>;

/** Adds GET and POST /v1/sweeps and GET /v1/sweeps/{id}. */
export function addSweepRoutes(api: Api, dependencies: ServerDependencies): void {
  addReads(api, dependencies);
  addStart(api, dependencies);
}

const columns: readonly CsvColumn<z.output<typeof sweepWire>>[] = [
  column("策略", "Strategy", (sweep) => sweep.strategy.id),
  column("版本", "Version", (sweep) => sweep.strategy.version),
  column("数据日期", "As of", (sweep) => sweep.asOf),
  column("组合", "Portfolio", (sweep) => sweep.portfolio),
  column("状态", "State", (sweep) => sweep.state),
  column("暂停人", "Paused by", (sweep) => sweep.pausedBy),
  column("发起人", "Started by", (sweep) => sweep.maker),
  column("开始时间", "Started at", (sweep) => sweep.startedAt),
  column("结束时间", "Finished at", (sweep) => sweep.finishedAt),
  column("计划", "Planned", (sweep) => sweep.counts.planned),
  column("已评估", "Evaluated", (sweep) => sweep.counts.evaluated),
  column("不变", "Unchanged", (sweep) => sweep.counts.unchanged),
  column("拟处置", "Proposed", (sweep) => sweep.counts.proposed),
  column("待额度", "Paced", (sweep) => sweep.counts.paced),
  column("待复核", "To review", (sweep) => sweep.counts.toReview),
  column("直接通过", "Straight through", (sweep) => sweep.counts.straightThrough),
  column("窗口内等待", "Held by a window", (sweep) => sweep.counts.held),
  column("实验", "Experiment", (sweep) => sweep.experiment),
  column("扫描 ID", "Sweep id", (sweep) => sweep.id),
];

function addReads(api: Api, dependencies: ServerDependencies): void {
  const { sweeps } = dependencies.portfolio;
  api.route({
    method: "GET",
    url: "/v1/sweeps",
    config: { access: forStaff },
    schema: {
      operationId: "listSweeps",
      summary: summary({ en: "List sweeps, newest first", zh: "扫描列表（由新到旧）" }),
      tags,
      querystring: z.object({
        ...listQuery,
        after: idInput.optional(),
        standing: z
          .enum(sweepStandings)
          .optional()
          .describe(bilingual("running: neither paused nor ended", "running：既未暂停也未结束")),
        strategy: textInput(100).optional(),
      }),
      response: { 200: listAnswer(sweepWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { scope } = principalIn(request).actor;
      const { standing, strategy } = request.query;
      const filter = given({ standing, strategy });
      const page = async ({ after, limit }: PageRequest) => {
        const rows = await sweeps.list(after, limit, filter);
        const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
        const seen = rows.filter((sweep) => reachesPortfolio(scope, sweep.portfolio));
        const data = await Promise.all(seen.map((sweep) => wiredSweep(dependencies, sweep)));
        return { data, next };
      };
      const listing = { name: "sweeps", columns, page };
      return answerList(request, reply, request.query, listing, dependencies.settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/sweeps/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readSweep",
      summary: summary({ en: "Read a sweep with its counts", zh: "查看扫描及计数" }),
      tags,
      params: idParams,
      response: { 200: sweepDetailWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const sweep = await sweeps.find(id);
      if (sweep === null || !reachesPortfolio(principalIn(request).actor.scope, sweep.portfolio)) {
        return sendProblem(request, reply, "not-found");
      }
      const counts = await sweeps.counts(id);
      const wired = await wiredSweep(dependencies, { ...sweep, counts });
      return reply.send({ ...wired, ...(await progressOf(dependencies, sweep)) });
    },
  });
}

const phaseOf: Readonly<Record<Sweep["state"], SweepProgressWire["phase"]>> = {
  ...{ asking: "ask", assessing: "assess", ranking: "rank" },
  ...{ deciding: "decide", done: "decide", cancelled: "decide" },
};

/** The pass at work, how many buckets it has behind it, and how fast this process goes. */
async function progressOf(
  { portfolio, sweeps }: ServerDependencies,
  { id, state }: Sweep,
): Promise<SweepProgressWire> {
  const phase = phaseOf[state];
  const left = phase === "rank" ? 0 : await portfolio.sweeps.left(id, phase);
  const bucketsDone = bucketCount - left;
  return { phase, bucketsDone, buckets: bucketCount, rate: sweeps.rate(id) };
}

function addStart(api: Api, dependencies: ServerDependencies): void {
  const { sweeps, replies, world } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/sweeps",
    config: { access: forRoles(sweeps.roles) },
    schema: {
      operationId: "startSweep",
      summary: summary({ en: "Start a sweep, or go on with it", zh: "启动或继续扫描" }),
      tags,
      headers: z.object(changeHeaders),
      body: startBody,
      response: { 200: sweepWire, 202: sweepWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { body } = request;
      const key = keyOf(request, world.ids.sha256, { body });
      return answerOnce(replies, key, request, reply, () =>
        start(dependencies, body, key, request, reply),
      );
    },
  });
}

async function start(
  dependencies: ServerDependencies,
  body: StartBody,
  { client, key, bodyHash }: IdempotencyKey,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer | Refusal> {
  const { sweeps, world } = dependencies;
  const { actor } = principalIn(request);
  const portfolio = body.portfolio ?? null;
  const currency = await currencyOfActive(dependencies, body.strategy);
  const mismatch = capRefusal(body.dailyCap, currency);
  if (mismatch !== null) return mismatch;
  const asked = {
    strategyId: body.strategy,
    asOf: body.asOf,
    portfolio,
    dailyCapMinor: body.dailyCap?.amountMinor ?? null,
    shadows: body.shadows,
    actor,
    // A start whose answer was lost finds its sweep by this name, also when that has ended in the meantime.
    requestId: world.ids.derive(0, "start-sweep", client, key, bodyHash),
  };
  const sweep = await (body.dryRun ? sweeps.preview(asked) : sweeps.open(asked));
  if (isRefusal(sweep)) return sweep;
  if (body.dryRun) {
    return { status: 200, reply: await wiredSweep(dependencies, sweep, { dryRun: true }) };
  }
  const opened = (await dependencies.portfolio.sweeps.find(sweep.id)) ?? sweep;
  sweeps.run(opened.id);
  reply.header("location", `/v1/sweeps/${opened.id}`);
  return { status: 202, reply: await wiredSweep(dependencies, opened) };
}

/** The refusal of a daily cap that is negative or not in the strategy's currency. */
export function capRefusal(cap: Money | undefined, currency: Currency | null): Refusal | null {
  if (cap === undefined) return null;
  if (cap.amountMinor < 0) {
    return refuse(
      "invalid",
      {
        en: `Daily cap: found ${cap.amountMinor}, expected 0 or more`,
        zh: `每日上限：为 ${cap.amountMinor}，应不小于 0`,
      },
      "/dailyCap/amount",
    );
  }
  if (currency === null || cap.currency === currency) return null;
  return refuse(
    "currency-mismatch",
    {
      en: `Daily cap: found ${cap.currency}, expected ${currency}`,
      zh: `每日上限：币种为 ${cap.currency}，应为 ${currency}`,
    },
    "/dailyCap/currency",
  );
}

/** A sweep on the wire, its amounts in the currency of its strategy. */
export async function wiredSweep(
  dependencies: ServerDependencies,
  sweep: Sweep,
  { dryRun = false }: Readonly<{ dryRun?: boolean }> = {},
): Promise<z.output<typeof sweepWire>> {
  const currency = await currencyOfHash(dependencies, sweep.strategy.hash);
  return wireSweep(sweep, currency, dryRun);
}

/** The currency of a strategy that is stored for ever. */
export async function currencyOfHash(
  { world }: Pick<ServerDependencies, "world">,
  hash: string,
): Promise<Currency> {
  const stored = await world.store.strategies.byHash(hash);
  if (stored === null) throw new Error(`Strategy is missing: ${hash}`);
  return currencyIn(stored.document);
}

/** null when there is no such strategy: the application refuses it in its own words. */
export async function currencyOfActive(
  { world }: ServerDependencies,
  id: string,
): Promise<Currency | null> {
  const { strategies } = world.store;
  const stored = (await strategies.active(id)) ?? (await strategies.find(id));
  return stored === null ? null : currencyIn(stored.document);
}

function currencyIn(document: string): Currency {
  return (JSON.parse(document) as Readonly<{ currency: Currency }>).currency;
}
