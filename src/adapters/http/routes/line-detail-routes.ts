// What is known about one line, for staff: its newest facts in words, and the signals that brought them.

import { z } from "zod";
import type { PageRequest } from "../../../flow/ports.ts";
import { forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { factDictionary } from "../fact-dictionary.ts";
import { sendProblem } from "../problem.ts";
import { dateInput, instantInput, textInput } from "../text-input.ts";
import { withheldFacts } from "../withheld.ts";
import {
  declaredFactWire,
  paneVersionWire,
  wireDeclared,
  wireDerived,
  wireVersion,
} from "../wire/declared-fact.ts";
import { factsWire, signalWire, wireFacts, wireSignal } from "../wire/fact.ts";
import { behaviourWire, wireBehaviour } from "../wire/behaviour.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { pageQuery } from "../wire/page.ts";
import { lineInScope } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["lines"];

/** Query of a list that goes backwards in the order of a bucket. */
export const backwardsQuery = {
  after: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe(bilingual("`next` of the page before", "上一页的 `next`")),
  limit: pageQuery.limit,
};

/** A page of events that were asked for with one more than fits. */
export function backwardsPage<Row>(
  found: readonly Readonly<{ seq: number }>[],
  limit: number,
  wired: readonly Row[],
): { data: Row[]; next: string | null } {
  const last = found[limit - 1];
  const next = found.length > limit && last !== undefined ? String(last.seq) : null;
  return { data: wired.slice(0, limit), next };
}

/** Adds GET /v1/lines/{id}/facts, …/facts/{name}, …/behaviour and …/signals. */
export function addLineDetailRoutes(api: Api, dependencies: ServerDependencies): void {
  addFacts(api, dependencies);
  addTrail(api, dependencies);
  addBehaviour(api, dependencies);
  addSignals(api, dependencies);
}

/** As of which day, and as known at which moment. */
export const whenQuery = z.object({
  asOf: dateInput
    .optional()
    .describe(bilingual("As of this day; absent: today", "截至该日；不填为今天")),
  knownAt: instantInput
    .optional()
    .describe(bilingual("As known at this instant; absent: now", "截至该时刻所知；不填为现在")),
});

function addFacts(api: Api, dependencies: ServerDependencies): void {
  const { world } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/lines/:id/facts",
    config: { access: forStaff },
    schema: {
      operationId: "readFacts",
      summary: summary({ en: "The facts about a line", zh: "授信的事实" }),
      tags,
      params: idParams,
      querystring: whenQuery,
      response: { 200: factsWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const line = await lineInScope(dependencies, request.params.id, actor.scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      const now = await world.clock.now();
      const on = request.query.asOf ?? world.clock.dateOf(now);
      const known = await dependencies.knownFacts(line, on, request.query.knownAt ?? null);
      const dictionary = await factDictionary(world.store.strategies);
      const { currency } = line;
      const withheld = await withheldFacts(actor, world.store.strategies);
      const declared = wireDeclared(known, world.declared, line, on, actor);
      const told = wireFacts(known.row, { dictionary, currency, on, withheld });
      return reply.send({ ...told, declared });
    },
  });
}

/** A fact with what it rests on, version by version and signal by signal; nothing of it for who may not read it. */
export const factTrailWire = z
  .object({
    fact: declaredFactWire,
    versions: z.array(paneVersionWire).describe(bilingual("By day", "按日期")),
    signals: z
      .array(signalWire)
      .describe(bilingual("In the order in which they were recorded", "按记录先后")),
  })
  .meta({ id: "FactTrail" });

function addTrail(api: Api, dependencies: ServerDependencies): void {
  const { world } = dependencies;
  api.route({
    method: "GET",
    url: "/v1/lines/:id/facts/:name",
    config: { access: forStaff },
    schema: {
      operationId: "readFactTrail",
      summary: summary({
        en: "Where a fact that is made of signals comes from",
        zh: "依据信号生成的事实的来源",
      }),
      tags,
      params: z.object({ ...idParams.shape, name: textInput(64) }),
      querystring: whenQuery,
      response: { 200: factTrailWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { id, name } = request.params;
      const line = await lineInScope(dependencies, id, actor.scope);
      const on = request.query.asOf ?? world.clock.dateOf(await world.clock.now());
      const trail =
        line === null
          ? null
          : await dependencies.lineWatch.trail(line, name, on, request.query.knownAt ?? null);
      if (line === null || trail === null) return sendProblem(request, reply, "not-found");
      const withheld = await withheldFacts(actor, world.store.strategies);
      const fact = wireDerived(trail.derived, world.declared, line.currency, actor);
      const versions = fact.withheld ? [] : trail.versions.map(wireVersion);
      const signals = fact.withheld
        ? []
        : trail.signals.map((event) => wireSignal(event, line.currency, withheld));
      return reply.send({ fact, versions, signals });
    },
  });
}

function addBehaviour(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines/:id/behaviour",
    config: { access: forStaff },
    schema: {
      operationId: "readBehaviour",
      summary: summary({
        en: "How a line is used against how it was used before",
        zh: "授信用款行为与其自身历史的比较",
      }),
      tags,
      params: idParams,
      querystring: whenQuery,
      response: { 200: behaviourWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const line = await lineInScope(dependencies, request.params.id, actor.scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      const { asOf = null, knownAt = null } = request.query;
      return reply.send(
        wireBehaviour(await dependencies.lineWatch.behaviour(line, { asOf, knownAt })),
      );
    },
  });
}

const signalColumns: readonly CsvColumn<z.output<typeof signalWire>>[] = [
  column("信号 ID", "Signal id", (signal) => signal.id),
  column("来源", "Source", (signal) => signal.source),
  column("类型", "Type", (signal) => signal.type),
  column("数据日期", "As of", (signal) => signal.asOf),
  column("记录时间", "Recorded at", (signal) => signal.recordedAt),
  column("内容", "Contents", (signal) => JSON.stringify(signal.body)),
];

function addSignals(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines/:id/signals",
    config: { access: forStaff },
    schema: {
      operationId: "listSignals",
      summary: summary({ en: "Signals about a line, newest first", zh: "授信的信号（由新到旧）" }),
      tags,
      params: idParams,
      querystring: z.object({ ...backwardsQuery, format: listQuery.format }),
      response: { 200: listAnswer(signalWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const line = await lineInScope(dependencies, request.params.id, actor.scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      const { views, world, settings } = dependencies;
      const withheld = await withheldFacts(actor, world.store.strategies);
      const page = async ({ after, limit }: PageRequest) => {
        const from = after === null ? null : Number(after);
        const found = await views.history([line.id], from, limit + 1, "SignalRecorded");
        const wired = found.map((event) => wireSignal(event, line.currency, withheld));
        return backwardsPage(found, limit, wired);
      };
      const { after, limit, format } = request.query;
      const listing = { name: "signals", columns: signalColumns, page };
      const asked = { after: after?.toString(), limit, format };
      return answerList(request, reply, asked, listing, settings.tableRows);
    },
  });
}
