// Signals that were refused, for those who look after feeds: which there are and why, and the three ways to deal with
// one. The contents are what a sender wrote; only these roles are told them.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { deadLetterActs, deadLetterStates, type DeadLetter } from "../../../domain/dead-letter.ts";
import { isRefusal, refusals, type Refusal } from "../../../domain/refusal.ts";
import type { Language } from "../../../domain/text.ts";
import type { PageRequest } from "../../../flow/ports.ts";
import { forRoles, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { answerList, column, type CsvColumn } from "../csv.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { sendRefusal } from "../problem.ts";
import { textInput } from "../text-input.ts";
import { listAnswer, listQuery, orderQuery } from "../wire/list.ts";
import { idWire, instantWire } from "../wire/text.ts";
import { given } from "./line-routes.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["dead-letters"];

const letterRowWire = z
  .object({
    id: idWire,
    state: z.enum(deadLetterStates),
    source: z.string().nullable(),
    eventId: z.string().nullable(),
    type: z.string().nullable(),
    code: z.string().describe(bilingual("Of the refusal", "拒绝码")),
    title: z.string(),
    detail: z.string(),
    pointer: z.string().nullable(),
    receivedAt: instantWire,
    receivedFrom: z.string(),
    acts: z.array(
      z.object({
        at: instantWire,
        by: z.string(),
        did: z.enum(deadLetterActs),
        because: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "DeadLetterRow" });

const letterWire = letterRowWire
  .extend({
    content: z
      .string()
      .nullable()
      .describe(bilingual("As it came or was last repaired", "原始或最近修复后的内容")),
  })
  .meta({ id: "DeadLetter" });

/** A letter as lists tell it, without its contents. */
export function wireLetterRow(
  { reason, content: _content, ver: _ver, acts, ...letter }: DeadLetter,
  language: Language,
): z.output<typeof letterRowWire> {
  const { refused, detail, pointer = null } = reason;
  return {
    ...letter,
    ...{ code: refused, title: refusals[refused][language], detail: detail[language], pointer },
    acts: acts.map((act) => ({ ...act })),
  };
}

/** A letter with its contents. */
export function wireLetter(letter: DeadLetter, language: Language): z.output<typeof letterWire> {
  return { ...wireLetterRow(letter, language), content: letter.content };
}

/** Adds GET /v1/dead-letters, GET /v1/dead-letters/{id}, and POST …/repair, …/resend and …/discard. */
export function addDeadLetterRoutes(api: Api, dependencies: ServerDependencies): void {
  addList(api, dependencies);
  addSingle(api, dependencies);
  addActs(api, dependencies);
}

const columns: readonly CsvColumn<z.output<typeof letterRowWire>>[] = [
  column("死信 ID", "Dead letter id", (letter) => letter.id),
  column("状态", "State", (letter) => letter.state),
  column("来源", "Source", (letter) => letter.source),
  column("事件 ID", "Event id", (letter) => letter.eventId),
  column("类型", "Type", (letter) => letter.type),
  column("拒绝码", "Code", (letter) => letter.code),
  column("原因", "Reason", (letter) => letter.detail),
  column("字段", "Field", (letter) => letter.pointer),
  column("接收时间", "Received at", (letter) => letter.receivedAt),
  column("接收自", "Received from", (letter) => letter.receivedFrom),
];

function addList(api: Api, { signals, settings }: ServerDependencies): void {
  const narrow = z.string().max(200).optional();
  api.route({
    method: "GET",
    url: "/v1/dead-letters",
    config: { access: forRoles(signals.letterRoles) },
    schema: {
      operationId: "listDeadLetters",
      summary: summary({ en: "Signals that were refused", zh: "被拒绝的信号（死信）" }),
      tags,
      querystring: z.object({
        ...{ ...listQuery, ...orderQuery, source: narrow, type: narrow },
        state: z.enum(deadLetterStates).optional(),
      }),
      response: { 200: listAnswer(letterRowWire), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { order, state, source, type } = request.query;
      const { actor } = principalIn(request);
      const read = signals.letters(actor, given({ state, source, type }));
      if (isRefusal(read)) return sendRefusal(request, reply, read);
      const page = async (asked: PageRequest) => {
        const { rows, next } = await read({ ...asked, newestFirst: order === "newest" });
        return { data: rows.map((letter) => wireLetterRow(letter, request.language)), next };
      };
      const listing = { name: "dead-letters", columns, page };
      return answerList(request, reply, request.query, listing, settings.tableRows);
    },
  });
}

function addSingle(api: Api, { signals }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/dead-letters/:id",
    config: { access: forRoles(signals.letterRoles) },
    schema: {
      operationId: "readDeadLetter",
      summary: summary({ en: "One refused signal with its contents", zh: "死信及其内容" }),
      tags,
      params: idParams,
      response: { 200: letterWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const letter = await signals.letter(request.params.id, principalIn(request).actor);
      if (isRefusal(letter)) return sendRefusal(request, reply, letter);
      return reply.send(wireLetter(letter, request.language));
    },
  });
}

const reason = textInput(1_000);
const repairBody = z.strictObject({
  event: z
    .record(z.string(), z.unknown())
    .describe(bilingual("The whole CloudEvent as it should be", "修复后的完整 CloudEvent")),
  reason,
});
const discardBody = z.strictObject({ reason });

function addActs(api: Api, { signals, world, replies }: ServerDependencies): void {
  const base = { method: "POST", config: { access: forRoles(signals.letterRoles) } } as const;
  const shared = {
    tags,
    params: idParams,
    headers: z.object(changeHeaders),
    response: { 200: letterRowWire, ...problemAnswers },
  };
  const act = (
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    work: () => Promise<DeadLetter | Refusal>,
  ): Promise<FastifyReply> => {
    const key = keyOf(request, world.ids.sha256, { id, body: request.body ?? null });
    return answerOnce(replies, key, request, reply, async () => {
      const letter = await work();
      if (isRefusal(letter)) return letter;
      // Answers are remembered under their key, so the contents do not go into them.
      return { status: 200, reply: wireLetterRow(letter, request.language) };
    });
  };
  api.route({
    ...base,
    url: "/v1/dead-letters/:id/repair",
    schema: {
      ...shared,
      operationId: "repairDeadLetter",
      summary: summary({ en: "Put other contents in its place", zh: "修复死信内容" }),
      body: repairBody,
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { event, reason: because } = request.body;
      const { actor } = principalIn(request);
      return act(request, reply, id, () => signals.repair({ id, actor, event, because }));
    },
  });
  api.route({
    ...base,
    url: "/v1/dead-letters/:id/resend",
    schema: {
      ...shared,
      operationId: "resendDeadLetter",
      summary: summary({ en: "Send its contents again", zh: "重新发送死信" }),
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { actor } = principalIn(request);
      return act(request, reply, id, () => signals.resend({ id, actor }));
    },
  });
  api.route({
    ...base,
    url: "/v1/dead-letters/:id/discard",
    schema: {
      ...shared,
      operationId: "discardDeadLetter",
      summary: summary({ en: "End it for good", zh: "作废死信" }),
      body: discardBody,
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { actor } = principalIn(request);
      const { reason: because } = request.body;
      return act(request, reply, id, () => signals.discard({ id, actor, because }));
    },
  });
}
