// What an editor of strategies asks of the server: a draft saved as it is written, never over somebody else's work; the
// check; single cells while they are typed; a line or written facts tried; a table read from a file.

import { z } from "zod";
import type { Scope } from "../../../domain/actor.ts";
import { routes } from "../../../domain/assessment.ts";
import type { Currency } from "../../../domain/money.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import type { Language } from "../../../domain/text.ts";
import type { StrategyEffect, Trial, TriedOn } from "../../../portfolio/ports.ts";
import { localised } from "../../localised.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { preconditionOf } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { idInput } from "../text-input.ts";
import { toldJson, withheldFacts, type Withheld } from "../withheld.ts";
import { moneyWire, withWireMoney, wireMoney } from "../wire/money.ts";
import { outcomeWire, wireOutcome } from "../wire/outcome.ts";
import {
  cellFaultWire,
  strategyCheckWire,
  strategyDraftWire,
  wireCellFault,
  wireCheck,
  wireDraft,
} from "../wire/strategy.ts";
import { decisionInScope } from "./decision-routes.ts";
import { lineInScope } from "./line-routes.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";
import { strategyTags as tags, versionParams } from "./strategy-routes.ts";

/** Adds PUT …/{version}, GET …/check and …/effect, POST …/cells and …/try of a version, and POST /v1/strategies/table. */
export function addStrategyEditorRoutes(api: Api, dependencies: ServerDependencies): void {
  addEdit(api, dependencies);
  addCheck(api, dependencies);
  addCells(api, dependencies);
  addTry(api, dependencies);
  addEffect(api, dependencies);
  addTable(api, dependencies);
}

function addEdit(api: Api, { strategies, settings }: ServerDependencies): void {
  api.route({
    method: "PUT",
    url: "/v1/strategies/:id/:version",
    bodyLimit: settings.documentLimitBytes,
    config: { access: forRoles(strategies.authorRoles) },
    schema: {
      operationId: "editStrategy",
      summary: summary({
        en: "Save a draft, which may still hold problems; the same document again changes nothing",
        zh: "保存草稿（可仍有问题）；重复保存相同文档不产生变化",
      }),
      tags,
      params: versionParams,
      headers: z.object({
        "if-match": z
          .string()
          .max(200)
          .describe(bilingual("Hash of the document that was changed", "修改所基于文档的哈希")),
      }),
      body: z
        .record(z.string(), z.unknown())
        .describe(bilingual("The strategy document", "策略文档")),
      response: { 200: strategyDraftWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const precondition = preconditionOf(request.headers["if-match"]);
      if (precondition.kind === "unreadable") return sendProblem(request, reply, "malformed");
      const hash = precondition.kind === "tag" ? precondition.tag : null;
      const { actor } = principalIn(request);
      const edited = await strategies.edit(id, version, request.body, actor, hash);
      if (!isRefusal(edited)) return reply.send(wireDraft(edited));
      if (edited.refused !== "stale-approval") return sendRefusal(request, reply, edited);
      return sendProblem(request, reply, "version-changed", { detail: edited.detail });
    },
  });
}

function addCheck(api: Api, { strategies }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/strategies/:id/:version/check",
    config: { access: forStaff },
    schema: {
      operationId: "checkStrategy",
      summary: summary({
        en: "Everything that speaks against a version: problems, gaps, overlaps, laws",
        zh: "检查策略版本：问题、缺口、重叠、定律",
      }),
      tags,
      params: versionParams,
      response: { 200: strategyCheckWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const checked = await strategies.check(id, version);
      if (isRefusal(checked)) return sendRefusal(request, reply, checked);
      return reply.send(wireCheck(checked));
    },
  });
}

const mostCells = 2_000;

const cellText = z.string().max(10_000);

function addCells(api: Api, { strategies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/strategies/:id/:version/cells",
    config: { access: forStaff },
    schema: {
      operationId: "checkCells",
      summary: summary({
        en: "Check single cells against what they test; changes nothing",
        zh: "检查单个单元格与其所测事实是否相符；不产生变更",
      }),
      tags,
      params: versionParams,
      body: z.strictObject({
        cells: z
          .array(
            z.strictObject({
              as: z
                .enum(["test", "value", "expression"])
                .describe(
                  bilingual(
                    "A test of the operand, a value for it, or FEEL of an expression",
                    "对操作数的条件、其取值，或表达式的 FEEL",
                  ),
                ),
              operand: z
                .string()
                .max(400)
                .describe(
                  bilingual(
                    "What it tests, such as daysPastDue, the output as table.ID.NAME, or the id of the expression",
                    "所测操作数，如 daysPastDue；输出写作 table.ID.NAME；表达式写其标识",
                  ),
                ),
              text: cellText,
            }),
          )
          .max(mostCells),
      }),
      response: {
        200: z.object({
          data: z
            .array(cellFaultWire.nullable())
            .describe(
              bilingual("In the order asked; null: nothing is wrong", "按提问顺序；null 表示无误"),
            ),
        }),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const found = await strategies.checkCells(id, version, request.body.cells);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      return reply.send({ data: found.map(wireCellFault) });
    },
  });
}

const saidWire = z.object({
  outcome: outcomeWire,
  route: z.enum(routes),
  reasons: z.array(z.string()).describe(bilingual("Reason codes", "原因代码")),
});

const trialWire = z
  .object({
    said: saidWire,
    against: saidWire
      .extend({ version: z.int() })
      .nullable()
      .describe(
        bilingual(
          "What the version in force says; null where none other is, or it needs other facts",
          "生效版本的结果；无其他生效版本或所需事实不同时为 null",
        ),
      ),
    explanation: z
      .record(z.string(), z.unknown())
      .describe(bilingual("As of a decision", "与决定的依据说明相同")),
  })
  .meta({ id: "StrategyTrial" });

const tryBody = z
  .strictObject({
    line: idInput.optional(),
    decision: idInput
      .optional()
      .describe(
        bilingual(
          "On what this decision rests, as of its date; facts stand in place of its own",
          "以该决定的事实与日期试算；另给出的事实取代其中同名者",
        ),
      ),
    facts: z
      .record(z.string().max(100), z.string().max(400).nullable())
      .optional()
      .describe(bilingual("Facts as text in their unit", "事实，以其单位表示的文本")),
  })
  .refine(({ line, decision }) => line === undefined || decision === undefined, {
    path: ["decision"],
    params: { expected: { en: "a line or a decision, not both", zh: "授信或决定，二者择一" } },
  })
  .describe(
    bilingual(
      "A line, a decision with some facts corrected, or facts that are written down",
      "一个授信、一个决定（可更正部分事实），或书面给出的事实",
    ),
  );

function addTry(api: Api, dependencies: ServerDependencies): void {
  const { world, strategies } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/strategies/:id/:version/try",
    config: { access: forStaff },
    schema: {
      operationId: "tryStrategy",
      summary: summary({
        en: "What a version would do with a line today, beside the version in force; changes nothing",
        zh: "试算某版本今日对某授信的结果，并与生效版本对比；不产生变更",
      }),
      tags,
      params: versionParams,
      body: tryBody,
      response: { 200: trialWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const { actor } = principalIn(request);
      const on = await triedOn(dependencies, request.body, actor.scope);
      if (on === null) return sendProblem(request, reply, "not-found");
      const trial = await strategies.try(id, version, on);
      if (isRefusal(trial)) return sendRefusal(request, reply, trial);
      // Facts that somebody wrote down are nobody's.
      const withheld: Withheld =
        "line" in on || "decision" in on
          ? await withheldFacts(actor, world.store.strategies)
          : new Set();
      return reply.send(wireTrial(trial, withheld, request.language));
    },
  });
}

/** Null where the line or decision does not exist within the scope. */
async function triedOn(
  dependencies: ServerDependencies,
  { line: lineId, decision: decisionId, facts = {} }: z.output<typeof tryBody>,
  scope: Scope,
): Promise<TriedOn | null> {
  if (lineId !== undefined) {
    const line = await lineInScope(dependencies, lineId, scope);
    return line === null ? null : { line };
  }
  if (decisionId === undefined) return { facts };
  const decision = await decisionInScope(dependencies, decisionId, scope);
  return decision === null ? null : { decision, facts };
}

function wireTrial(
  { explanation, against }: Trial,
  withheld: Withheld,
  language: Language,
): z.output<typeof trialWire> {
  const { assessment } = explanation;
  const { currency } = assessment;
  const told = localised(toldJson(explanation, withheld), language);
  return {
    said: wireSaid(assessment, currency),
    against:
      against === null
        ? null
        : { version: against.version, ...wireSaid(against.assessment, currency) },
    explanation: withWireMoney(told, currency) as Record<string, unknown>,
  };
}

function wireSaid(
  { outcome, route, reasons }: Trial["explanation"]["assessment"],
  currency: Currency,
): z.output<typeof saidWire> {
  return {
    outcome: wireOutcome(outcome, currency),
    route,
    reasons: reasons.map(({ code }) => code),
  };
}

const sumWire = z.object({
  lines: z.int(),
  before: moneyWire.describe(
    bilingual("Exposure removed by the version in force", "生效版本压降的敞口"),
  ),
  after: moneyWire.describe(bilingual("Exposure removed by this version", "本版本压降的敞口")),
});

const effectWire = z
  .object({
    against: z.int().describe(bilingual("The version in force", "生效版本")),
    lines: z.int().describe(bilingual("Lines that were compared", "参与比较的授信数")),
    whole: z.boolean().describe(bilingual("False: a sample of the lines", "为 false 时仅为抽样")),
    swaps: z
      .object({ in: sumWire, out: sumWire, harsher: sumWire, milder: sumWire, same: sumWire })
      .describe(
        bilingual(
          "in: only this version acts; out: only the one in force; harsher, milder: both act, differently",
          "in：仅本版本处置；out：仅生效版本处置；harsher、milder：均处置，本版本更重或更轻",
        ),
      ),
  })
  .meta({ id: "StrategyEffect" });

function addEffect(api: Api, { strategies }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/strategies/:id/:version/effect",
    config: { access: forRoles([...strategies.authorRoles, ...strategies.approverRoles]) },
    schema: {
      operationId: "readStrategyEffect",
      summary: summary({
        en: "Who would change today if a version took the place of the one in force",
        zh: "若以某版本替换生效版本，今日哪些授信会变化",
      }),
      tags,
      params: versionParams,
      response: { 200: z.object({ effect: effectWire.nullable() }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id, version } = request.params;
      const found = await strategies.effect(id, version);
      if (isRefusal(found)) return sendRefusal(request, reply, found);
      return reply.send({ effect: found === null ? null : wireEffect(found) });
    },
  });
}

function wireEffect({
  against,
  lines,
  whole,
  swaps,
  currency,
}: StrategyEffect): z.output<typeof effectWire> {
  const sum = (swap: keyof StrategyEffect["swaps"]): z.output<typeof sumWire> => ({
    lines: swaps[swap].lines,
    before: wireMoney(swaps[swap].liveRemovedMinor, currency),
    after: wireMoney(swaps[swap].shadowRemovedMinor, currency),
  });
  return {
    ...{ against, lines, whole },
    swaps: {
      ...{ in: sum("in"), out: sum("out"), harsher: sum("harsher"), milder: sum("milder") },
      same: sum("same"),
    },
  };
}

function addTable(api: Api, { strategies, settings, readTable }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/strategies/table",
    bodyLimit: settings.documentLimitBytes,
    config: { access: forRoles(strategies.authorRoles) },
    schema: {
      operationId: "readTable",
      summary: summary({
        en: "The cells of an Excel or CSV file as text, to be edited; changes nothing",
        zh: "读取 Excel 或 CSV 文件的单元格文本，供编辑使用；不产生变更",
      }),
      tags,
      body: z.strictObject({
        content: z.base64().describe(bilingual("The file in Base64", "Base64 编码的文件")),
      }),
      response: {
        200: z
          .object({
            kind: z.enum(["csv", "xlsx", "parquet"]),
            columns: z.array(z.string()).readonly(),
            rows: z.array(z.array(z.string()).readonly()).readonly(),
          })
          .meta({ id: "SentTable" }),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const table = await readTable(Buffer.from(request.body.content, "base64"));
      return isRefusal(table) ? sendRefusal(request, reply, table) : reply.send(table);
    },
  });
}
