// Receipts of providers. Whoever sends one has no account: the signature over its exact bytes is what is believed, and
// nothing is read into a body before it was found right.

import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { forEverybody } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { isSigned } from "../../notices/signature.ts";
import { receiptBody, receiptCommand } from "../../notices/receipts.ts";
import { bucketOfId } from "../../../domain/id.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

/** Adds POST /v1/notice-receipts. */
export function addReceiptRoutes(api: Api, dependencies: ServerDependencies): void {
  api.register(async (inner) => addReceipts(inner as Api, dependencies));
}

function addReceipts(api: Api, { world, transact, notices, now }: ServerDependencies): void {
  const sent = new WeakMap<FastifyRequest, Buffer>();
  const parse = api.getDefaultJsonParser("error", "error");
  api.removeContentTypeParser("application/json");
  api.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
    sent.set(request, bytes as Buffer);
    void parse(request, bytes.toString("utf8"), done);
  });
  api.route({
    method: "POST",
    url: "/v1/notice-receipts",
    config: { access: forEverybody },
    preValidation: async (request, reply) => {
      const bytes = sent.get(request) ?? Buffer.alloc(0);
      const key = notices.receiptKey;
      const seconds = Math.floor(now().getTime() / 1000);
      if (key !== null && isSigned(key, request.headers, bytes, seconds)) return;
      return sendProblem(request, reply, "signature-refused");
    },
    schema: {
      operationId: "recordReceipt",
      summary: summary({
        en: "What became of a message, told by its provider and signed (Standard Webhooks)",
        zh: "服务商签名告知消息的送达结果（Standard Webhooks）",
      }),
      tags: ["notices"],
      headers: z.object({
        "webhook-id": z.string().max(200).optional(),
        "webhook-timestamp": z.string().max(20).optional(),
        "webhook-signature": z.string().max(2_000).optional(),
      }),
      body: receiptBody,
      response: {
        200: z.object({
          recorded: z
            .boolean()
            .describe(bilingual("false: it was known already", "false 表示此前已知")),
        }),
        ...problemAnswers,
      },
    },
    handler: async (request, reply) => {
      const reminder = await world.store.reads.reminder(request.body.noticeId);
      const kind = reminder === null ? "RecordDelivery" : "RecordReminder";
      const command = receiptCommand(world.ids, kind, request.body);
      const [result] = await transact(bucketOfId(command.subject), [command], {});
      if (result !== undefined && "refusal" in result) {
        return sendRefusal(request, reply, result.refusal);
      }
      return reply.send({ recorded: (result?.events.length ?? 0) > 0 });
    },
  });
}
