// Customers, for staff: found by a reference, or by equal personal data by those who may read them, and shown with
// everything that the reader's scope reaches. Personal data are asked for in a body, never in an address, which proxies
// and histories keep. Who looked for or read personal data stands in the log, without the data.

import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { identityFields } from "../../../domain/customer.ts";
import type { Id } from "../../../domain/id.ts";
import type { Page, PageRequest } from "../../../flow/ports.ts";
import type { CustomerDetail, CustomerRow } from "../../../portfolio/view-ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { withheldFacts } from "../withheld.ts";
import { mayReadPersonalData, personalDataRoles } from "../personal-data.ts";
import { sendProblem } from "../problem.ts";
import { rowScopeOf } from "../row-scope.ts";
import { textInput } from "../text-input.ts";
import { customerRowWire, customerWire, wireCustomer, wireCustomerRow } from "../wire/customer.ts";
import { customerProfileWire, wireProfile } from "../wire/customer-profile.ts";
import { eventWire, wireEvent } from "../wire/event.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { pageQuery, pageWire } from "../wire/page.ts";
import { backwardsPage, backwardsQuery, whenQuery } from "./line-detail-routes.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["customers"];

/** Looking up changes nothing, though it is a POST. */
export const findCustomersPath = "/v1/customers/find";

/** Lines about personal data are written whatever the level of the log is. */
function accessLog(request: FastifyRequest): Pick<FastifyRequest["log"], "info"> {
  return request.log.child({ access: "personal-data" }, { level: "info" });
}

const exactly = textInput(200).optional();

/** Strict: a name in the address is refused, not passed over. */
const customersQuery = z.strictObject({
  ...listQuery,
  reference: exactly.describe(bilingual("The customer's reference", "客户编号")),
  lineReference: exactly.describe(bilingual("The reference of a line", "授信编号")),
});

const findBody = z.strictObject({
  field: z.enum(identityFields.filter((field) => field !== "address")),
  text: textInput(200).describe(
    bilingual("Found where it is equal in its normal form", "按规范形式精确匹配"),
  ),
  after: pageQuery.after,
  limit: pageQuery.limit,
});

/** Adds GET /v1/customers, POST /v1/customers/find, GET /v1/customers/{id}, …/profile and …/timeline. */
export function addCustomerRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addFind(api, dependencies);
  addSingle(api, dependencies);
  addProfile(api, dependencies);
  addTimeline(api, dependencies);
}

const columns: readonly CsvColumn<z.output<typeof customerRowWire>>[] = [
  column("客户编号", "Customer reference", (row) => row.reference),
  column("语言", "Language", (row) => row.language),
  column("授信数", "Lines", (row) => row.lines),
  column("币种", "Currency", (row) => row.exposure[0]?.currency),
  column("额度", "Limit", (row) => row.exposure[0]?.limit),
  column("已用", "Drawn", (row) => row.exposure[0]?.drawn),
  column("可用", "Available", (row) => row.exposure[0]?.available),
  column("客户 ID", "Customer id", (row) => row.id),
];

function addList(api: Api, { views, settings }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/customers",
    config: { access: forStaff },
    schema: {
      operationId: "listCustomers",
      summary: summary({ en: "List customers", zh: "客户列表" }),
      tags,
      querystring: customersQuery,
      response: { 200: listAnswer(customerRowWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { reference, lineReference } = query;
      const { scope } = principalIn(request).actor;
      const filter = { ...given({ reference, lineReference }), ...rowScopeOf(scope) };
      const page = async (asked: PageRequest) => wirePage(await views.customers(asked, filter));
      const listing = { name: "customers", columns, page, tableRows: byCurrency };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
}

function wirePage({ rows, next }: Page<CustomerRow>) {
  return { data: rows.map(wireCustomerRow), next };
}

/** In a table a customer has a row for each currency, so that every amount stands in one column. */
function byCurrency(row: z.output<typeof customerRowWire>): readonly (typeof row)[] {
  if (row.exposure.length < 2) return [row];
  return row.exposure.map((one) => ({ ...row, lines: one.lines, exposure: [one] }));
}

function addFind(api: Api, { views }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: findCustomersPath,
    config: { access: forRoles(personalDataRoles) },
    schema: {
      operationId: "findCustomers",
      summary: summary({
        en: "Find customers by personal data, which stand in no address",
        zh: "按个人信息查找客户，个人信息不进入网址",
      }),
      tags,
      body: findBody,
      response: { 200: pageWire(customerRowWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { field, text, after = null, limit } = request.body;
      const { actor } = principalIn(request);
      accessLog(request).info({ actor: actor.id, field }, "customer looked up");
      const filter = { identity: { field, text }, ...rowScopeOf(actor.scope) };
      return reply.send(wirePage(await views.customers({ after, limit }, filter)));
    },
  });
}

function addSingle(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/customers/:id",
    config: { access: forStaff },
    schema: {
      operationId: "readCustomer",
      summary: summary({ en: "Read a customer", zh: "查看客户" }),
      tags,
      params: idParams,
      response: { 200: customerWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const customer = await customerInScope(dependencies, request, request.params.id);
      if (customer === null) return sendProblem(request, reply, "not-found");
      const mayRead = mayReadPersonalData(actor);
      const identity = await dependencies.views.identity(customer.id);
      if (mayRead)
        accessLog(request).info({ actor: actor.id, customer: customer.id }, "identity read");
      const withheld = await withheldFacts(actor, dependencies.world.store.strategies);
      return reply.send(wireCustomer(customer, identity, mayRead, withheld));
    },
  });
}

function addProfile(api: Api, { world, customerProfile }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/customers/:id/profile",
    config: { access: forStaff },
    schema: {
      operationId: "readCustomerProfile",
      summary: summary({ en: "The profile of a customer", zh: "客户画像" }),
      tags,
      params: idParams,
      querystring: whenQuery,
      response: { 200: customerProfileWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { asOf = null, knownAt = null } = request.query;
      const { id } = request.params;
      const found = await customerProfile(id, rowScopeOf(actor.scope), { asOf, knownAt });
      if (found === null) return sendProblem(request, reply, "not-found");
      const withheld = await withheldFacts(actor, world.store.strategies);
      return reply.send(wireProfile(found, world.declared, withheld));
    },
  });
}

async function customerInScope(
  { views }: ServerDependencies,
  request: FastifyRequest,
  id: Id,
): Promise<CustomerDetail | null> {
  return views.customer(id, rowScopeOf(principalIn(request).actor.scope));
}

function addTimeline(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/customers/:id/timeline",
    config: { access: forStaff },
    schema: {
      operationId: "readCustomerTimeline",
      summary: summary({
        en: "What happened to all lines of a customer, newest first",
        zh: "客户全部授信的时间线（由新到旧）",
      }),
      tags,
      params: idParams,
      querystring: z.object(backwardsQuery),
      response: { 200: pageWire(customerEventWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const customer = await customerInScope(dependencies, request, request.params.id);
      if (customer === null) return sendProblem(request, reply, "not-found");
      const { after = null, limit } = request.query;
      const lines = new Map(customer.lines.map(({ line }) => [line.id, line]));
      const found = await dependencies.views.history([...lines.keys()], after, limit + 1);
      const { actor } = principalIn(request);
      const withheld = await withheldFacts(actor, dependencies.world.store.strategies);
      const wired = found.map((event) => {
        const line = lines.get(event.lineId)!;
        const told = wireEvent(event, line.currency, withheld);
        return { ...told, lineId: line.id, reference: line.reference };
      });
      return reply.send(backwardsPage(found, limit, wired));
    },
  });
}

const customerEventWire = z
  .object({ ...eventWire.shape, lineId: z.string(), reference: z.string() })
  .meta({ id: "CustomerEvent" });
