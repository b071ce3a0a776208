// The simulated core system on the network: HTTP on the loopback address only, with the faults of the day between
// the request and the core. A fault may lose an answer or a connection, never an effect.

import { setTimeout as sleep } from "node:timers/promises";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { z } from "zod";
import type { Id } from "../../domain/id.ts";
import type { CoreOperation, CoreResult } from "../../flow/core-ports.ts";
import { accountBatchForm, drawdownForm, operationForm } from "../core/core-protocol.ts";
import {
  coreFaults,
  faultsOf,
  type CoreFault,
  type FaultRates,
  type Scripts,
} from "./core-faults.ts";
import type { SimulatedCore } from "./core-system.ts";
import type { Holders } from "./holders.ts";

/** What the server needs; `identity` names this very process to those who attach to it. */
export type ServerParts = Readonly<{
  core: SimulatedCore;
  faults: FaultRates;
  seed: string;
  holders: Holders;
  identity: string;
}>;

const largestBodyBytes = 16 * 1024 * 1024;
const pageForm = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
});
const scriptForm = z.strictObject({
  match: z.string().min(1).max(200),
  faults: z.array(z.enum(coreFaults)),
});

type State = ServerParts & Readonly<{ scripts: Scripts; lost: Set<Id> }>;

/** Builds the server; the caller listens and closes. Open answers are cut when it closes. */
export function createCoreServer(parts: ServerParts): FastifyInstance {
  const server = fastify({
    logger: false,
    bodyLimit: largestBodyBytes,
    forceCloseConnections: true,
  });
  const state: State = { ...parts, scripts: new Map(), lost: new Set() };
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    problem(reply, error.statusCode ?? 500, error.message),
  );
  server.get("/healthz", () => ({
    status: "ok",
    identity: parts.identity,
    users: parts.holders.count(),
    ...parts.core.counts(),
  }));
  server.get("/hold", (_request, reply) => {
    reply.hijack();
    reply.raw.setHeader("tidemark-identity", parts.identity);
    parts.holders.hold(reply.raw);
  });
  server.post("/leave/:hold", (request) => ({
    users: parts.holders.leave(Number(parameter(request, "hold"))),
  }));
  server.post("/accounts", async (request, reply) => {
    const batch = accountBatchForm.safeParse(request.body);
    if (!batch.success) return malformed(reply, batch.error);
    return parts.core.load(batch.data.accounts);
  });
  server.get("/accounts", async (request, reply) => {
    const page = pageForm.safeParse(request.query);
    if (!page.success) return malformed(reply, page.error);
    return { accounts: await parts.core.page(page.data.after ?? null, page.data.limit) };
  });
  server.post("/accounts/:reference/drawdown", async (request, reply) => {
    const drawdown = drawdownForm.safeParse(request.body);
    if (!drawdown.success) return malformed(reply, drawdown.error);
    const result = await parts.core.draw(parameter(request, "reference"), drawdown.data);
    return "conflict" in result ? conflict(reply) : result;
  });
  server.get("/operations/:id", async (request, reply) => {
    const result = await parts.core.find(parameter(request, "id"));
    return result ?? problem(reply, 404, "Unknown operation");
  });
  server.post("/operations", (request, reply) => operate(state, request, reply));
  server.post("/faults", async (request, reply) => {
    const script = scriptForm.safeParse(request.body);
    if (!script.success) return malformed(reply, script.error);
    state.scripts.set(script.data.match, script.data.faults);
    return reply.code(204).send();
  });
  return server;
}

async function operate(
  state: State,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const form = operationForm.safeParse(request.body);
  if (!form.success) return malformed(reply, form.error);
  const operation = form.data;
  const faults = faultsOf(operation, state.faults, state.seed, state.scripts);
  if (faults.has("slow")) await sleep(state.faults.slowMs);
  if (losesRequest(state, operation, faults)) {
    reply.hijack();
    request.raw.destroy();
    return reply;
  }
  const [first, second] = await applyAsDelivered(state.core, operation, faults);
  if ("conflict" in first) return conflict(reply);
  if (faults.has("time-out") && first.fresh) {
    // The answer is never written: the caller's patience or the end of this process closes the connection.
    reply.hijack();
    return reply;
  }
  const answer: CoreResult = "conflict" in second ? first.result : second.result;
  return answer;
}

type Operated = Awaited<ReturnType<SimulatedCore["operate"]>>;

/** A duplicate is the same request twice at once; the answer is the second one's. */
async function applyAsDelivered(
  core: SimulatedCore,
  operation: CoreOperation,
  faults: ReadonlySet<CoreFault>,
): Promise<readonly [Operated, Operated]> {
  const before = { declined: faults.has("refusal"), drawdown: faults.has("drawdown") };
  const first = core.operate(operation, before);
  const second = faults.has("duplicate") ? core.operate(operation, before) : first;
  return [await first, await second];
}

function losesRequest(
  state: State,
  { operationId }: CoreOperation,
  faults: ReadonlySet<CoreFault>,
): boolean {
  if (!faults.has("lost") || state.lost.has(operationId)) return false;
  state.lost.add(operationId);
  return true;
}

function parameter(request: FastifyRequest, key: string): string {
  return (request.params as Readonly<Record<string, string>>)[key] ?? "";
}

function conflict(reply: FastifyReply): FastifyReply {
  return problem(reply, 422, "This id already stands for another request");
}

function malformed(reply: FastifyReply, error: z.ZodError): FastifyReply {
  const [issue] = error.issues;
  const pointer = (issue?.path ?? []).map((part) => `/${String(part)}`).join("");
  return problem(reply, 400, `${pointer || "/"}: ${issue?.message ?? "malformed"}`);
}

function problem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .type("application/problem+json")
    .send({ status, title: "Refused", detail });
}
