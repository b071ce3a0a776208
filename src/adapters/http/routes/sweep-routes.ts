// Sweeps over the API: start one, watch one, list them. Starting answers at once; the work goes on in the
// background and survives the process. An actor with some portfolios starts and sees sweeps of those only.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { reachesPortfolio } from "../../../domain/actor.ts";
import type { Currency, Money } from "../../../domain/money.ts";
import { isRefusal, refuse, type Refusal } from "../../../domain/refusal.ts";
import type { Sweep } from "../../../portfolio/ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf, type Answer } from "../idempotency.ts";
import { sendProblem } from "../problem.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import { moneyInput } from "../wire/money.ts";
import { pageQuery, pageWire } from "../wire/page.ts";
import { sweepWire, wireSweep } from "../wire/sweep.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["sweeps"];

const startBody = z.strictObject({
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
      querystring: z.object({ after: idInput.optional(), limit: pageQuery.limit }),
      response: { 200: pageWire(sweepWire), ...problemAnswers },
    },
    handler: async (request) => {
      const { after = null, limit } = request.query;
      const { scope } = principalIn(request).actor;
      const rows = await sweeps.list(after, limit);
      const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
      const seen = rows.filter((sweep) => reachesPortfolio(scope, sweep.portfolio));
      return { data: await Promise.all(seen.map((sweep) => wired(dependencies, sweep))), next };
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
      response: { 200: sweepWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const sweep = await sweeps.find(id);
      if (sweep === null || !reachesPortfolio(principalIn(request).actor.scope, sweep.portfolio)) {
        return sendProblem(request, reply, "not-found");
      }
      const counts = await sweeps.counts(id);
      return reply.send(await wired(dependencies, { ...sweep, counts }));
    },
  });
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
        start(dependencies, body, request, reply),
      );
    },
  });
}

async function start(
  dependencies: ServerDependencies,
  body: StartBody,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Answer | Refusal> {
  const { sweeps } = dependencies;
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
    actor,
  };
  const sweep = await (body.dryRun ? sweeps.preview(asked) : sweeps.open(asked));
  if (isRefusal(sweep)) return sweep;
  if (body.dryRun) return { status: 200, reply: await wired(dependencies, sweep, true) };
  const opened = (await dependencies.portfolio.sweeps.find(sweep.id)) ?? sweep;
  sweeps.run(opened.id);
  reply.header("location", `/v1/sweeps/${opened.id}`);
  return { status: 202, reply: await wired(dependencies, opened) };
}

function capRefusal(cap: Money | undefined, currency: Currency | null): Refusal | null {
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

async function wired(
  dependencies: ServerDependencies,
  sweep: Sweep,
  dryRun = false,
): Promise<z.output<typeof sweepWire>> {
  const stored = await dependencies.world.store.strategies.byHash(sweep.strategy.hash);
  if (stored === null) throw new Error(`Sweep of a missing strategy: ${sweep.id}`);
  return wireSweep(sweep, currencyIn(stored.document), dryRun);
}

/** null when there is no such strategy: the application refuses it in its own words. */
async function currencyOfActive(
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
