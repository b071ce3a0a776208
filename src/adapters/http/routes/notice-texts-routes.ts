// The words of notices: read, written, looked at on a real decision, and approved by somebody else.

import { z } from "zod";
import { canonicalJson } from "../../../domain/canonical-json.ts";
import { isRefusal } from "../../../domain/refusal.ts";
import { forRoles, forStaff, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { answerOnce, changeHeaders, keyOf } from "../idempotency.ts";
import { entityTag, preconditionOf } from "../precondition.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { idInput } from "../text-input.ts";
import {
  noticeTextsSummaryWire,
  noticeTextsWire,
  textsDocument,
  wireNoticeTextsSummary,
  wireShippedTexts,
  wireTextsDocument,
} from "../wire/notice-texts.ts";
import { textWire } from "../wire/text.ts";
import { dryRunQuery } from "./strategy-routes.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["notices"];

const versionParams = z.object({
  version: z
    .string()
    .regex(/^(0|[1-9]\d{0,8})$/)
    .transform(Number),
});

/** Adds GET and POST /v1/notice-texts, GET one version, its preview, and POST its approval. */
export function addNoticeTextsRoutes(api: Api, dependencies: ServerDependencies): void {
  addReads(api, dependencies);
  addDraft(api, dependencies);
  addPreview(api, dependencies);
  addApproval(api, dependencies);
}

function addReads(api: Api, { world }: ServerDependencies): void {
  const { noticeTexts } = world.store;
  const { shipped } = world.wordings;
  const shippedHash = world.ids.sha256(canonicalJson(shipped));
  api.route({
    method: "GET",
    url: "/v1/notice-texts",
    config: { access: forStaff },
    schema: {
      operationId: "listNoticeTexts",
      summary: summary({ en: "List versions of the words of notices", zh: "通知文本版本列表" }),
      tags,
      response: { 200: z.object({ data: z.array(noticeTextsSummaryWire) }), ...problemAnswers },
    },
    handler: async (_request, reply) => {
      const [all, inForce] = await Promise.all([noticeTexts.list(), noticeTexts.inForce()]);
      const stored = all.map((one) => wireNoticeTextsSummary(one, inForce));
      return reply.send({ data: [wireShippedTexts(shippedHash, inForce), ...stored] });
    },
  });
  api.route({
    method: "GET",
    url: "/v1/notice-texts/:version",
    config: { access: forStaff },
    schema: {
      operationId: "readNoticeTexts",
      summary: summary({ en: "Read one version, 0: as shipped", zh: "查看一个版本，0 为随附文本" }),
      tags,
      params: versionParams,
      response: { 200: noticeTextsWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { version } = request.params;
      const inForce = await noticeTexts.inForce();
      if (version === 0) {
        const texts = wireTextsDocument(shipped);
        return reply
          .header("etag", entityTag(shippedHash))
          .send({ ...wireShippedTexts(shippedHash, inForce), texts });
      }
      const found = await noticeTexts.find(version);
      if (found === null) return sendProblem(request, reply, "not-found");
      return reply.header("etag", entityTag(found.hash)).send({
        ...wireNoticeTextsSummary(found, inForce),
        texts: wireTextsDocument(found.texts),
      });
    },
  });
}

function addDraft(api: Api, { world, notices, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/notice-texts",
    config: { access: forRoles(notices.authorRoles) },
    schema: {
      operationId: "addNoticeTexts",
      summary: summary({
        en: "Check texts and store them as a draft; the same texts are the same version",
        zh: "检查文本并存为草稿；相同文本即同一版本",
      }),
      tags,
      headers: z.object(changeHeaders),
      querystring: dryRunQuery,
      body: z.strictObject({ texts: textsDocument }),
      response: { 200: noticeTextsSummaryWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { texts } = request.body;
      const dryRun = request.query.dryRun === "true";
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { texts, dryRun });
      return answerOnce(replies, key, request, reply, async () => {
        const added = await notices.addTexts(texts, actor, { dryRun });
        if (isRefusal(added)) return added;
        const inForce = await world.store.noticeTexts.inForce();
        return { status: 200, reply: wireNoticeTextsSummary(added, inForce) };
      });
    },
  });
}

function addPreview(api: Api, { notices }: ServerDependencies): void {
  api.route({
    method: "GET",
    url: "/v1/notice-texts/:version/preview",
    config: { access: forStaff },
    schema: {
      operationId: "previewNotice",
      summary: summary({
        en: "The notice of a real decision in these words, with nothing stored or sent",
        zh: "以该版本文本预览真实决定的通知，不保存、不发送",
      }),
      tags,
      params: versionParams,
      querystring: z.object({
        decisionId: idInput.describe(bilingual("The decision to tell of", "所预览的决定")),
      }),
      response: {
        200: z.object({ subject: textWire, short: textWire, body: textWire }),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const { actor } = principalIn(request);
      const { decisionId } = request.query;
      const made = await notices.preview(decisionId, request.params.version, actor);
      if (isRefusal(made)) return sendRefusal(request, reply, made);
      const { subject, short, body } = made;
      return reply.send({ subject: { ...subject }, short: { ...short }, body: { ...body } });
    },
  });
}

function addApproval(api: Api, { world, notices, replies }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: "/v1/notice-texts/:version/approve",
    config: { access: forRoles(notices.approverRoles) },
    schema: {
      operationId: "approveNoticeTexts",
      summary: summary({
        en: "Approve a draft; who wrote it may not. Notices are written with it from now on",
        zh: "批准草稿（编写人不得批准），此后的通知使用该版本",
      }),
      tags,
      params: versionParams,
      headers: z.object({
        ...changeHeaders,
        "if-match": z
          .string()
          .max(200)
          .optional()
          .describe(bilingual("Hash of the texts looked at", "所查看文本的哈希")),
      }),
      querystring: dryRunQuery,
      body: z.strictObject({}),
      response: { 200: noticeTextsSummaryWire, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { version } = request.params;
      const dryRun = request.query.dryRun === "true";
      const precondition = preconditionOf(request.headers["if-match"]);
      if (precondition.kind === "unreadable") return sendProblem(request, reply, "malformed");
      const hash = precondition.kind === "tag" ? precondition.tag : null;
      const { actor } = principalIn(request);
      const key = keyOf(request, world.ids.sha256, { version, hash, dryRun });
      return answerOnce(replies, key, request, reply, async () => {
        const done = await notices.approveTexts(version, actor, hash, { dryRun });
        if (isRefusal(done)) {
          const stale = hash !== null && done.refused === "stale-approval";
          return stale ? { problem: "version-changed", parts: { detail: done.detail } } : done;
        }
        return { status: 200, reply: wireNoticeTextsSummary(done, dryRun ? 0 : version) };
      });
    },
  });
}
