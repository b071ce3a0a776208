// Reads about lines. A borrower's list is his own lines without the lender's view of them, and a line outside the
// reader's scope does not exist to him.

import { z } from "zod";
import { lineStatuses, type CreditLine } from "../../../domain/credit-line.ts";
import type { Id } from "../../../domain/id.ts";
import { portfolioRefusal } from "../../../domain/known-portfolio.ts";
import { delinquencyBuckets, type LineProfile } from "../../../domain/line-profile.ts";
import { refuse, type Refusal } from "../../../domain/refusal.ts";
import {
  lineSorts,
  unknownKey,
  type LineFilter,
  type LineSort,
} from "../../../portfolio/view-ports.ts";
import { forSignedIn, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { entityTag } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { reachesLine, rowScopeOf } from "../row-scope.ts";
import { textInput } from "../text-input.ts";
import { withheldFacts, withheldFields, withheldText, type Withheld } from "../withheld.ts";
import { eventWire, wireEvent, wireEventForBorrower } from "../wire/event.ts";
import { lineWire, wireLine, type LineWire } from "../wire/line.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { pageQuery, pageWire } from "../wire/page.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import type { Scope } from "../../../domain/actor.ts";
import type { Event } from "../../../flow/state.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["lines"];

const word = textInput(200).optional();

const points = z.coerce.number().int().min(-1_000_000).max(1_000_000).optional();

/** Filters by what lines are seen by: for staff. */
const profileQuery = {
  region: word.describe(
    bilingual(
      "unknown lists lines whose newest facts say nothing of it; so for the four below",
      "unknown 表示最新事实中没有该项；下列四项同此",
    ),
  ),
  industry: word,
  purpose: word,
  campaign: word,
  tier: word,
  delinquency: z.enum([...delinquencyBuckets, unknownKey]).optional(),
  scoreFrom: points,
  scoreTo: points,
};

const sorts = lineSorts.flatMap((by) => [by, `-${by}`] as const);

const linesQuery = z.object({
  ...listQuery,
  portfolio: word,
  status: z.enum(lineStatuses).optional(),
  product: word,
  reference: word.describe(
    bilingual("The lender's own reference, exactly", "贷款机构自己的编号，精确匹配"),
  ),
  q: word.describe(bilingual("Beginning of the reference", "编号开头")),
  ...profileQuery,
  sort: z
    .enum(sorts as [string, ...string[]])
    .optional()
    .describe(bilingual("- in front: largest first", "前缀 - 表示从大到小")),
});

type LinesQuery = z.output<typeof linesQuery>;

/** Adds GET /v1/lines, /v1/lines/{id} and /v1/lines/{id}/timeline. */
export function addLineRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addSingle(api, dependencies);
  addTimeline(api, dependencies);
}

type ProfileField = Exclude<keyof NonNullable<LineWire["profile"]>, "withheld">;

/** A column of the profile; where the reader is not told, the cell says so. */
function profileColumn(zh: string, en: string, field: ProfileField): CsvColumn<LineWire> {
  return column(zh, en, ({ profile }) =>
    profile?.withheld.includes(field) === true ? withheldText : profile?.[field],
  );
}

const columns: readonly CsvColumn<LineWire>[] = [
  column("授信编号", "Line reference", (line) => line.reference),
  column("客户编号", "Customer reference", (line) => line.customerReference),
  column("组合", "Portfolio", (line) => line.portfolio),
  column("产品", "Product", (line) => line.product),
  column("状态", "Status", (line) => line.status),
  column("币种", "Currency", (line) => line.limit.currency),
  column("额度", "Limit", (line) => line.limit),
  column("已用", "Drawn", (line) => line.drawn),
  column("在途", "Pending", (line) => line.pending),
  column("可用", "Available", (line) => line.available),
  profileColumn("地区", "Region", "region"),
  profileColumn("行业", "Industry", "industry"),
  profileColumn("用途", "Purpose", "purpose"),
  profileColumn("获客活动", "Campaign", "campaign"),
  profileColumn("客户层级", "Tier", "tier"),
  profileColumn("行为评分", "Behaviour score", "score"),
  profileColumn("逾期天数", "Days past due", "daysPastDue"),
  profileColumn("逾期桶", "Delinquency", "delinquency"),
  profileColumn("使用率（基点）", "Utilisation (basis points)", "utilisation"),
  column("事实日期", "Facts as of", (line) => line.profile?.factsAsOf),
  column("开户日期", "Opened on", (line) => line.openedOn),
  column("上次降额日期", "Last decrease on", (line) => line.lastDecreaseOn),
  column("授信 ID", "Line id", (line) => line.id),
  column("客户 ID", "Customer id", (line) => line.customerId),
];

function addList(api: Api, { views, settings, world }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines",
    config: { access: forSignedIn },
    schema: {
      operationId: "listLines",
      summary: summary({ en: "List lines", zh: "授信列表" }),
      tags,
      querystring: linesQuery,
      response: { 200: listAnswer(lineWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { actor } = principalIn(request);
      const { scope } = actor;
      if (scope.kind === "own" && askedFields(query).length > 0) {
        return sendProblem(request, reply, "forbidden");
      }
      const withheld = await withheldFacts(actor, world.store.strategies);
      const refused =
        withheldFilter(query, withheld) ??
        (await portfolioRefusal(world.store.reads.portfolios, query.portfolio, scope));
      if (refused !== null) return sendRefusal(request, reply, refused);
      const filter = { ...filterOf(query), ...rowScopeOf(scope) };
      const sort = sortOf(query.sort);
      return answerList(
        request,
        reply,
        query,
        {
          name: "lines",
          columns,
          page: async (page) => {
            const { rows, next } = await views.lines(page, filter, sort);
            const seen = rows.filter(({ line }) => reachesLine(scope, line));
            return {
              data: seen.map(({ line, profile }) =>
                wireLine(line, scope.kind === "own" ? null : profile, withheld),
              ),
              next,
            };
          },
        },
        settings.tableRows,
      );
    },
  });
}

/** Filters and sorts by which an answer tells what the profile of a line holds → that field. */
const profileFields: Readonly<Partial<Record<string, keyof LineProfile>>> = {
  ...{ region: "region", industry: "industry", purpose: "loanPurpose", campaign: "campaign" },
  ...{ tier: "tier", delinquency: "delinquency", scoreFrom: "score", scoreTo: "score" },
  ...{ score: "score", daysPastDue: "daysPastDue", utilisation: "utilisationBp" },
};

/** The fields of the profile that a query asks about, by filter or by order. */
function askedFields({ sort, ...filters }: LinesQuery): readonly (keyof LineProfile)[] {
  const names = Object.entries(filters).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  return [...names, (sort ?? "").replace("-", "")].flatMap((name) => profileFields[name] ?? []);
}

/** The refusal of a list that is narrowed or ordered by what its reader is not told; null where it is not. */
function withheldFilter(query: LinesQuery, withheld: Withheld): Refusal | null {
  const fields = withheldFields(withheld);
  const field = askedFields(query).find((one) => fields.has(one));
  if (field === undefined) return null;
  return refuse("forbidden", {
    en: `Lines by ${field}: found a fact that is personal, expected one that these roles may read`,
    zh: `按 ${field} 筛选或排序授信：该事实属个人信息，当前角色无权查看`,
  });
}

function filterOf(query: LinesQuery): LineFilter {
  const { portfolio, status, product, reference, q, purpose, ...more } = query;
  const { region, industry, campaign, tier, delinquency, scoreFrom, scoreTo } = more;
  return given({
    ...{ portfolio, status, product, reference, startsWith: q, loanPurpose: purpose },
    ...{ region, industry, campaign, tier, delinquency, scoreFrom, scoreTo },
  });
}

/** The entries that have a value. */
export function given<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}

function sortOf(text: string | undefined): LineSort | null {
  if (text === undefined) return null;
  const by = lineSorts.find((one) => one === text.replace("-", ""));
  return by === undefined ? null : { by, descending: text.startsWith("-") };
}

function addSingle(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines/:id",
    config: { access: forSignedIn },
    schema: {
      operationId: "readLine",
      summary: summary({ en: "Read a line", zh: "查看授信" }),
      tags,
      params: idParams,
      response: { 200: lineWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const line = await lineInScope(dependencies, request.params.id, actor.scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      const isOwn = actor.scope.kind === "own";
      const profile = isOwn ? null : await dependencies.views.profile(line.id);
      const withheld = await withheldFacts(actor, dependencies.world.store.strategies);
      return reply.header("etag", entityTag(line.ver)).send(wireLine(line, profile, withheld));
    },
  });
}

const timelineQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe(bilingual("`next` of the page before", "上一页的 `next`")),
  limit: pageQuery.limit,
  ...orderQuery,
});

function addTimeline(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/lines/:id/timeline",
    config: { access: forSignedIn },
    schema: {
      operationId: "readTimeline",
      summary: summary({
        en: "What happened to a line, oldest first unless asked otherwise",
        zh: "授信时间线（缺省由早到晚）",
      }),
      tags,
      params: idParams,
      querystring: timelineQuery,
      response: { 200: pageWire(eventWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { store } = dependencies.world;
      const line = await lineInScope(dependencies, request.params.id, actor.scope);
      if (line === null) return sendProblem(request, reply, "not-found");
      const withheld = await withheldFacts(actor, store.strategies);
      const told = inOrder(await store.reads.timeline(line.id), request.query)
        .map((event) =>
          actor.scope.kind === "own"
            ? wireEventForBorrower(event)
            : wireEvent(event, line.currency, withheld),
        )
        .filter((event) => event !== null);
      const { limit } = request.query;
      const data = told.slice(0, limit);
      const next = told.length > limit ? String(data.at(-1)?.seq ?? "") : null;
      return reply.send({ data, next });
    },
  });
}

/** The events that come after a place, in the order that was asked for. */
function inOrder(
  events: readonly Event[],
  { after, order }: z.output<typeof timelineQuery>,
): readonly Event[] {
  const left = events.filter(
    ({ seq }) => after === undefined || (order === "newest" ? seq < after : seq > after),
  );
  return order === "newest" ? left.toReversed() : left;
}

/** The line, or null when it does not exist or lies outside the scope. */
export async function lineInScope(
  { world }: Pick<ServerDependencies, "world">,
  id: Id,
  scope: Scope,
): Promise<CreditLine | null> {
  const line = await world.store.reads.line(id);
  return line !== null && reachesLine(scope, line) ? line : null;
}
