// Customers, for staff: found by a reference, or by equal personal data by those who may read them, and shown with
// everything that the reader's scope reaches. Who looked for or read personal data stands in the log, without the data.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { identityFields, type IdentityField } from "../../../domain/customer.ts";
import type { Id } from "../../../domain/id.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { CustomerDetail, CustomerFilter } from "../../../portfolio/view-ports.ts";
import { forStaff, principalIn } from "../access.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { withheldFacts } from "../withheld.ts";
import { mayReadPersonalData, personalDataRoles } from "../personal-data.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { rowScopeOf } from "../row-scope.ts";
import { textInput } from "../text-input.ts";
import { customerRowWire, customerWire, wireCustomer, wireCustomerRow } from "../wire/customer.ts";
import { eventWire, wireEvent } from "../wire/event.ts";
import { listAnswer, listQuery } from "../wire/list.ts";
import { pageWire } from "../wire/page.ts";
import { backwardsPage, backwardsQuery } from "./line-detail-routes.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";
import { bilingual } from "../bilingual.ts";

const tags = ["customers"];

/** Lines about personal data are written whatever the level of the log is. */
function accessLog(request: FastifyRequest): Pick<FastifyRequest["log"], "info"> {
  return request.log.child({ access: "personal-data" }, { level: "info" });
}

const exactly = textInput(200).optional();

const byData = exactly.describe(
  bilingual("Equal in its normal form; for roles that may read it", "规范形式相同；限有权角色"),
);

const customersQuery = z.object({
  ...listQuery,
  reference: exactly.describe(bilingual("The customer's reference", "客户编号")),
  lineReference: exactly.describe(bilingual("The reference of a line", "授信编号")),
  ...{ name: byData, phone: byData, email: byData, document: byData },
});

/** Adds GET /v1/customers, /v1/customers/{id} and /v1/customers/{id}/timeline. */
export function addCustomerRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addSingle(api, dependencies);
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
      summary: summary({ en: "List or find customers", zh: "客户列表与查找" }),
      tags,
      querystring: customersQuery,
      response: { 200: listAnswer(customerRowWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { query } = request;
      const { actor } = principalIn(request);
      const asked = identityFields.filter((field) => textOf(query, field) !== undefined);
      if (asked.length > 0 && !mayReadPersonalData(actor)) return withheld(request, reply);
      if (asked.length > 1) return oneAtATime(request, reply);
      const [field] = asked;
      if (field !== undefined)
        accessLog(request).info({ actor: actor.id, field }, "customer looked up");
      const { reference, lineReference } = query;
      const filter: CustomerFilter = {
        ...given({ reference, lineReference }),
        ...(field === undefined ? {} : { identity: { field, text: textOf(query, field)! } }),
        ...rowScopeOf(actor.scope),
      };
      const page = async (asking: Parameters<typeof views.customers>[0]) => {
        const { rows, next } = await views.customers(asking, filter);
        return { data: rows.map(wireCustomerRow), next };
      };
      const listing = { name: "customers", columns, page };
      return answerList(request, reply, query, listing, settings.tableRows);
    },
  });
}

function textOf(query: z.output<typeof customersQuery>, field: IdentityField): string | undefined {
  return field === "address" ? undefined : query[field];
}

function withheld(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { roles } = principalIn(request).actor;
  return sendRefusal(
    request,
    reply,
    refuse("forbidden", {
      en: `Look-up by personal data: found roles ${roles.join(", ")}, expected one of ${personalDataRoles.join(", ")}`,
      zh: `按个人信息查找：当前角色为 ${roles.join("、")}，需要 ${personalDataRoles.join("、")} 之一`,
    }),
  );
}

function oneAtATime(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(request, reply, "invalid", {
    detail: {
      en: "Look-up by personal data: found several fields, expected one",
      zh: "按个人信息查找：给出了多个字段，应只给一个",
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
