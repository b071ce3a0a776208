// Compliance packs as people read them: every released version, its values with status and source, and what a release
// changed. Packs are files that are released; nothing here changes one.

import { z } from "zod";
import { packInForce, packVersion } from "../../../compliance/pack-in-force.ts";
import { packDifferences } from "../../../compliance/pack-values.ts";
import type { CompliancePack } from "../../../compliance/pack.ts";
import { forStaff } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { sendProblem } from "../problem.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import {
  packDifferenceWire,
  packSummaryWire,
  packWire,
  wirePack,
  wirePackDifference,
  wirePackSummary,
} from "../wire/pack.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { versionParams } from "./strategy-routes.ts";

const tags = ["packs"];

const columns: readonly CsvColumn<z.output<typeof packSummaryWire>>[] = [
  column("编号", "Id", ({ id }) => id),
  column("版本", "Version", ({ version }) => version),
  column("法域", "Jurisdiction", ({ jurisdiction }) => jurisdiction),
  column("生效日", "From", ({ effectiveFrom }) => effectiveFrom),
  column("终止日", "To", ({ effectiveTo }) => effectiveTo),
  column("现行", "In force", ({ inForce }) => String(inForce)),
  column("已核实", "Confirmed", ({ values }) => values.confirmed),
  column("合同约定", "Contract", ({ values }) => values.contract),
  column("未核实", "Unconfirmed", ({ values }) => values.unconfirmed),
];

/** Adds GET /v1/packs, GET one version, and GET what it changed since another. */
export function addPackRoutes(api: Api, dependencies: ServerDependencies): void {
  const { world, packs } = dependencies;
  const inForce = async (): Promise<(pack: CompliancePack) => boolean> => {
    const today = world.clock.dateOf(await world.clock.now());
    return (pack) => packInForce(packs, pack.jurisdiction, today) === pack;
  };
  api.route({
    method: "GET",
    url: "/v1/packs",
    config: { access: forStaff },
    schema: {
      operationId: "listPacks",
      summary: summary({ en: "List versions of compliance packs", zh: "合规规则包版本列表" }),
      tags,
      querystring: z.object({ format: listQuery.format }),
      response: { 200: listAnswer(packSummaryWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const holds = await inForce();
      const page = async () => ({
        data: packs.map((pack) => wirePackSummary(pack, holds(pack))),
        next: null,
      });
      const asked = { ...request.query, limit: 1 };
      const listing = { name: "packs", columns, page };
      return answerList(request, reply, asked, listing, dependencies.settings.tableRows);
    },
  });
  api.route({
    method: "GET",
    url: "/v1/packs/:id/:version",
    config: { access: forStaff },
    schema: {
      operationId: "readPack",
      summary: summary({
        en: "One version with every value, its status and its source",
        zh: "一个版本的全部取值及其状态与出处",
      }),
      tags,
      params: versionParams,
      response: { 200: packWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const pack = packVersion(packs, request.params);
      if (pack === null) return sendProblem(request, reply, "not-found");
      return reply.send(wirePack(pack, (await inForce())(pack)));
    },
  });
  addDiff(api, dependencies);
}

function addDiff(api: Api, { packs }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/packs/:id/:version/diff",
    config: { access: forStaff },
    schema: {
      operationId: "diffPack",
      summary: summary({
        en: "What a version changed since another",
        zh: "一个版本相对另一版本的变化",
      }),
      tags,
      params: versionParams,
      querystring: z.object({
        since: versionParams.shape.version.describe(bilingual("The other version", "对比的版本")),
      }),
      response: { 200: z.object({ data: z.array(packDifferenceWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const newer = packVersion(packs, { id, version });
      const older = packVersion(packs, { id, version: request.query.since });
      if (newer === null || older === null) return sendProblem(request, reply, "not-found");
      return reply.send({ data: packDifferences(older, newer).map(wirePackDifference) });
    },
  });
}
