// The facts that are made here, as a strategy declares them: whoever writes one takes them from this list, so that type,
// scale, unit and values are those that signals give them.

import { z } from "zod";
import { declarations, type DeclaredFacts } from "../../../domain/declared-fact.ts";
import type { FactDeclaration } from "../../../domain/facts.ts";
import { forStaff } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { aroundWindowText, exposureWindow, windowText } from "../wire/declared-fact.ts";
import { textWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const declarationWire = z
  .object({
    name: z.string(),
    label: textWire,
    window: textWire.describe(bilingual("Which days it looks at", "所看的时间窗口")),
    declaration: z
      .record(z.string(), z.unknown())
      .describe(
        bilingual(
          "An entry of the facts of a strategy, without its bounds",
          "策略事实字典中的条目，不含取值范围",
        ),
      ),
  })
  .meta({ id: "FactToDeclare" });

/** Adds GET /v1/declared-facts. */
export function addDeclaredFactRoutes(api: Api, { world }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/declared-facts",
    config: { access: forStaff },
    schema: {
      operationId: "listDeclaredFacts",
      summary: summary({
        en: "Facts that are made here, as a strategy declares them",
        zh: "系统生成的事实（供策略声明）",
      }),
      tags: ["strategies"],
      response: { 200: z.object({ data: z.array(declarationWire) }), ...problemAnswers },
    },
    handler: async (_request, reply) =>
      reply.send({
        data: declarations(world.declared).map((one) => wireDeclaration(world.declared, one)),
      }),
  });
}

function wireDeclaration(
  { facts, environment }: DeclaredFacts,
  declaration: FactDeclaration,
): z.output<typeof declarationWire> {
  const { name, label } = declaration;
  const [own, around] = [facts.get(name), environment.get(name)];
  const window =
    own !== undefined
      ? windowText(own)
      : around !== undefined
        ? aroundWindowText(around)
        : exposureWindow;
  return { name, label: { ...label }, window: { ...window }, declaration: { ...declaration } };
}
