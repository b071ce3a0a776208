// The review desk beside its lists and verdicts: many cases at once, notes and files of a case, and figures over reviewers.
// Files come in and go out as bytes; who opened one is written down before it is sent.

import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { attachmentBounds, attachmentTypes } from "../../../domain/attachment.ts";
import { addDays } from "../../../domain/calendar.ts";
import type { Id } from "../../../domain/id.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import { reviewQueues, type ReviewCase } from "../../../domain/review-case.ts";
import { bulkMost, bulkVerbs, statisticsRoles } from "../../../flow/review-ports.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { changeHeaders, keyOf } from "../idempotency.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { reached, rowScopeOf } from "../row-scope.ts";
import { dateInput, idInput, textInput } from "../text-input.ts";
import {
  attachmentWire,
  bulkResultWire,
  reviewNoteWire,
  reviewStatisticsWire,
  wireAttachment,
  wireBulk,
  wireStatistics,
} from "../wire/review-desk.ts";
import { idWire } from "../wire/text.ts";
import { idParams, problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["review-cases"];

/** Adds the routes below /v1/review-cases that no single verb makes, and GET /v1/review-statistics. */
export function addReviewDeskRoutes(api: Api, dependencies: ServerDependencies): void {
  addBulk(api, dependencies);
  addNotes(api, dependencies);
  addFiles(api, dependencies);
  addUpload(api, dependencies);
  addStatistics(api, dependencies);
}

const bulkBody = z.strictObject({
  verb: z.enum(bulkVerbs),
  cases: z
    .array(z.strictObject({ id: idInput, ver: z.int().positive().optional() }))
    .max(bulkMost)
    .describe(bilingual("With the versions that were looked at", "连同所查看的版本号")),
  reason: textInput(2_000),
  to: textInput(200).optional().describe(bilingual("assign: login or id", "assign：登录名或编号")),
  until: dateInput.optional().describe(bilingual("snooze: until", "snooze：暂缓至")),
  pastDue: z.boolean().optional(),
  dryRun: z
    .boolean()
    .default(false)
    .describe(bilingual("Say what it would do and change nothing", "只给出结果，不作变更")),
});

function addBulk(api: Api, { world, reviewDesk }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/review-cases/bulk",
    config: { access: forRoles(reviewQueues) },
    schema: {
      operationId: "bulkReview",
      summary: summary({
        en: "One verdict or move for many review cases; each is decided by itself",
        zh: "批量办理复核件，逐件判定",
      }),
      tags,
      headers: z.object(changeHeaders),
      body: bulkBody,
      response: { 200: bulkResultWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { dryRun, to, until, pastDue, cases, ...asked } = request.body;
      const { actor } = principalIn(request);
      const idempotency = keyOf(request, world.ids.sha256, { body: request.body });
      const result = await reviewDesk.bulk(
        {
          ...asked,
          actor,
          cases: cases.map(({ id, ver }) => (ver === undefined ? { id } : { id, ver })),
          ...(to === undefined ? {} : { to }),
          ...(until === undefined ? {} : { until }),
          ...(pastDue === undefined ? {} : { pastDue }),
        },
        { dryRun, idempotency },
      );
      return isRefusal(result)
        ? sendRefusal(request, reply, result)
        : reply.send(wireBulk(result, dryRun));
    },
  });
}

/** The case, when the reader's scope reaches it. */
async function caseFor(
  { world }: ServerDependencies,
  request: FastifyRequest,
  id: Id,
): Promise<ReviewCase | null> {
  const { reads } = world.store;
  const review = await reads.review(id);
  const found = review === null ? [] : [review];
  const [seen] = await reached(reads, principalIn(request).actor.scope, found);
  return seen ?? null;
}

function addNotes(api: Api, dependencies: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/review-cases/:id/notes",
    config: { access: forStaff },
    schema: {
      operationId: "listReviewNotes",
      summary: summary({ en: "Notes of a review case", zh: "复核件备注" }),
      tags,
      params: idParams,
      response: { 200: z.object({ data: z.array(reviewNoteWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const review = await caseFor(dependencies, request, request.params.id);
      if (review === null) return sendProblem(request, reply, "not-found");
      const notes = await dependencies.reviewDesk.notes(review);
      return reply.send({ data: notes.map((one) => ({ ...one })) });
    },
  });
}

const fileParams = z.object({ id: idInput, attachmentId: idInput });

function addFiles(api: Api, dependencies: ServerDependencies): void {
  const { attachments } = dependencies.world.store;
  api.route({
    method: "GET",
    url: "/v1/review-cases/:id/attachments",
    config: { access: forRoles(reviewQueues) },
    schema: {
      operationId: "listReviewAttachments",
      summary: summary({ en: "Files of a review case", zh: "复核件附件列表" }),
      tags,
      params: idParams,
      response: { 200: z.object({ data: z.array(attachmentWire) }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const review = await caseFor(dependencies, request, request.params.id);
      if (review === null) return sendProblem(request, reply, "not-found");
      return reply.send({ data: (await attachments.list(review.id)).map(wireAttachment) });
    },
  });
  api.route({
    method: "GET",
    url: "/v1/review-cases/:id/attachments/:attachmentId",
    config: { access: forRoles(reviewQueues) },
    schema: {
      operationId: "openReviewAttachment",
      summary: summary({
        en: "One file of a review case; that it was opened is written down first",
        zh: "查看复核件附件；查看前先记录",
      }),
      tags,
      params: fileParams,
      response: {
        200: {
          description: bilingual("The file", "附件内容"),
          content: Object.fromEntries(
            attachmentTypes.map((type) => [type, { schema: z.string() }]),
          ),
        },
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => sendFile(dependencies, request, reply, request.params),
  });
}

async function sendFile(
  dependencies: ServerDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, attachmentId }: z.output<typeof fileParams>,
): Promise<FastifyReply> {
  const review = await caseFor(dependencies, request, id);
  if (review === null) return sendProblem(request, reply, "not-found");
  const { actor } = principalIn(request);
  const file = await dependencies.reviewDesk.open({ reviewId: review.id, attachmentId, actor });
  if (isRefusal(file)) return sendRefusal(request, reply, file);
  // Never shown in the page: what somebody laid beside a case must not run in the console's origin.
  return reply
    .type(file.type)
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
    .header("cache-control", "no-store")
    .send(Buffer.from(file.bytes));
}

function addUpload(api: Api, dependencies: ServerDependencies): void {
  const { world, reviewDesk } = dependencies;
  api.route({
    method: "POST",
    url: "/v1/review-cases/:id/attachments",
    // Base64 takes a third more, and the name a little.
    bodyLimit: Math.ceil(attachmentBounds.bytes * 1.4),
    config: { access: forRoles(reviewQueues) },
    schema: {
      operationId: "attachToReview",
      summary: summary({
        en: "Lay a file beside a review case: PDF, JPEG, PNG or plain text, at most 5 MiB",
        zh: "为复核件添加附件：PDF、JPEG、PNG 或纯文本，最大 5 MiB",
      }),
      tags,
      params: idParams,
      headers: z.object(changeHeaders),
      body: z.strictObject({
        name: textInput(attachmentBounds.nameCharacters),
        content: z.base64().describe(bilingual("The file in Base64", "Base64 编码的文件")),
      }),
      response: { 200: z.object({ attachmentId: idWire }), ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { id: reviewId } = request.params;
      const review = await caseFor(dependencies, request, reviewId);
      if (review === null) return sendProblem(request, reply, "not-found");
      const bytes = new Uint8Array(Buffer.from(request.body.content, "base64"));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const { name } = request.body;
      const { actor } = principalIn(request);
      const idempotency = keyOf(request, world.ids.sha256, { reviewId, name, sha256 });
      const added = await reviewDesk.attach(
        { reviewId, name, bytes, sha256, actor },
        { idempotency },
      );
      return isRefusal(added) ? sendRefusal(request, reply, added) : reply.send(added);
    },
  });
}

const usualDays = 90;

function addStatistics(api: Api, { world, reviewDesk }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/review-statistics",
    config: { access: forRoles(statisticsRoles) },
    schema: {
      operationId: "readReviewStatistics",
      summary: summary({
        en: "Agreement, time and overrides, by reviewer and month of resolution",
        zh: "按复核人和月份统计一致率、用时与改判率",
      }),
      tags,
      querystring: z.object({
        from: dateInput
          .optional()
          .describe(bilingual("Resolved on or after; 90 days ago", "办结日期起，缺省为 90 天前")),
        to: dateInput
          .optional()
          .describe(bilingual("Resolved on or before; today", "办结日期止，缺省为今天")),
      }),
      response: { 200: reviewStatisticsWire, ...problemAnswers },
    },
    handler: async (request) => {
      const today = world.clock.dateOf(await world.clock.now());
      const { to = today } = request.query;
      const { from = addDays(to, -usualDays) } = request.query;
      const { scope } = principalIn(request).actor;
      const period = { from, before: addDays(to, 1) };
      return wireStatistics(await reviewDesk.statistics(rowScopeOf(scope), period));
    },
  });
}
