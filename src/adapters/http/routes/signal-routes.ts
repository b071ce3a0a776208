// Signals over HTTP: CloudEvents in all three forms for senders with a key, the same under a signature for senders who
// cannot have one, and what is published about the types. A signal carries its own identity, so no idempotency key is
// asked for: the same (source, id) counts once however often it is sent.

import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { serviceActor, type Actor } from "../../../domain/actor.ts";
import { refusals, refuse, type Refusal } from "../../../domain/refusal.ts";
import type { IncomingSignal, TakenSignal } from "../../../domain/signal.ts";
import type { Language } from "../../../domain/text.ts";
import { isSigned, signingKey } from "../../notices/signature.ts";
import { asyncApi, signalsPath, signalWebhookPath } from "../../signals/async-api.ts";
import { catalogueSchema } from "../../signals/signal-schema.ts";
import { forEverybody, forRoles, principalIn } from "../access.ts";
import { bilingual } from "../bilingual.ts";
import { batchMediaType, eventMediaType, sentEvents } from "../cloud-events-request.ts";
import type { ServerDependencies } from "../dependencies.ts";
import { preparingText } from "../preparation.ts";
import { sendProblem, sendRefusal } from "../problem.ts";
import { unstorable } from "../storable.ts";
import { idWire } from "../wire/text.ts";
import { problemAnswers, summary, type Api } from "./route-shape.ts";

const tags = ["signals"];

const outcomeWire = z
  .object({
    outcome: z
      .enum(["recorded", "duplicate", "rejected"])
      .describe(
        bilingual(
          "recorded: it counts from now on; duplicate: it did already; rejected: it is kept as a dead letter",
          "recorded：已计入；duplicate：此前已计入；rejected：已存为死信",
        ),
      ),
    lineIds: z.array(idWire).optional(),
    code: z.string().optional(),
    title: z.string().optional(),
    detail: z.string().optional(),
    pointer: z.string().optional(),
    deadLetter: idWire.optional(),
  })
  .meta({ id: "SignalOutcome" });

const signalsAnswer = z
  .object({
    dryRun: z.boolean(),
    recorded: z.int(),
    duplicates: z.int(),
    rejected: z.int(),
    results: z
      .array(outcomeWire)
      .describe(bilingual("One for each event, in their order", "按事件顺序逐一给出")),
  })
  .meta({ id: "SignalsAnswer" });

/** Adds POST /v1/signals and /v1/signals/webhook, GET /asyncapi.json and the schema. */
export function addSignalRoutes(api: Api, dependencies: ServerDependencies): void {
  addDocuments(api);
  api.register(async (scope: Api) => {
    const parse = scope.getDefaultJsonParser("error", "error");
    scope.addContentTypeParser([eventMediaType, batchMediaType], { parseAs: "string" }, parse);
    addSend(scope, dependencies);
  });
  api.register(async (scope: Api) => {
    scope.removeAllContentTypeParsers();
    // The signature is over the bytes, so they are read before anything else looks at them.
    scope.addContentTypeParser(
      ["application/json", eventMediaType, batchMediaType],
      { parseAs: "string" },
      (_request, body, done) => done(null, body),
    );
    addWebhook(scope, dependencies);
  });
}

const sendQuery = z.object({
  dryRun: z
    .enum(["true", "false"])
    .default("false")
    .describe(bilingual("Decide and roll back", "只判定并回滚")),
});

const consumes = [eventMediaType, batchMediaType, "application/json"];

const eventBody = z
  .unknown()
  .describe(
    bilingual(
      "A CloudEvent, a list of them, or with ce- headers the data of one; see /schemas/signals.json",
      "一个 CloudEvent、事件列表，或配合 ce- 请求头的 data；见 /schemas/signals.json",
    ),
  );

function addSend(api: Api, { signals, settings }: ServerDependencies): void {
  api.route({
    method: "POST",
    url: signalsPath,
    bodyLimit: settings.documentLimitBytes,
    config: { access: forRoles(signals.roles) },
    schema: {
      operationId: "sendSignals",
      summary: summary({ en: "Send signals as CloudEvents", zh: "以 CloudEvents 发送信号" }),
      tags,
      consumes,
      querystring: sendQuery,
      body: eventBody,
      response: { 200: signalsAnswer, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const sent = sentEvents(request.headers, request.body);
      if ("wrong" in sent) return sendProblem(request, reply, "malformed", { detail: sent.wrong });
      const dryRun = request.query.dryRun === "true";
      const incoming = sent.events.map((event): IncomingSignal => ({ event }));
      const taken = await signals.take(principalIn(request).actor, incoming, { dryRun });
      return answer(request, reply, taken, { dryRun, isBatch: sent.isBatch });
    },
  });
}

/** Who signs, and no more is known of him. */
const signer: Actor = serviceActor("webhook");

const notSigned: Refusal = refuse("not-signed-in", {
  en: "webhook-signature: found none by the secret of this address, or a message more than five minutes off",
  zh: "webhook-signature：签名与本地址密钥不符，或时间相差超过五分钟",
});

function addWebhook(api: Api, dependencies: ServerDependencies): void {
  const { signals, settings, now, preparing } = dependencies;
  const key = settings.signalSecret === null ? null : signingKey(settings.signalSecret);
  api.route({
    method: "POST",
    url: signalWebhookPath,
    bodyLimit: settings.documentLimitBytes,
    config: { access: forEverybody },
    schema: {
      operationId: "receiveSignedSignals",
      summary: summary({
        en: "Receive signals signed by Standard Webhooks",
        zh: "接收按 Standard Webhooks 签名的信号",
      }),
      tags,
      consumes,
      body: eventBody,
      response: { 200: signalsAnswer, ...problemAnswers },
    },
    handler: async (request, reply) => {
      const { headers, body } = request;
      if (key === null) return sendProblem(request, reply, "no-such-route");
      const nowSeconds = now().getTime() / 1_000;
      if (typeof body !== "string" || !isSigned(key, headers, Buffer.from(body), nowSeconds)) {
        return sendRefusal(request, reply, notSigned);
      }
      const progress = preparing();
      if (progress !== null) {
        return sendProblem(request, reply, "unavailable", { detail: preparingText(progress) });
      }
      const one = signals.incomingOf(body);
      if ("unreadable" in one || unstorable(one.event) !== null) {
        return sendProblem(request, reply, "malformed");
      }
      const isBatch = Array.isArray(one.event);
      const media = isBatch ? batchMediaType : eventMediaType;
      const sent = sentEvents({ "content-type": media }, one.event);
      if ("wrong" in sent) return sendProblem(request, reply, "malformed", { detail: sent.wrong });
      const incoming = sent.events.map((event): IncomingSignal => ({ event }));
      const taken = await signals.take(signer, incoming, {});
      return answer(request, reply, taken, { dryRun: false, isBatch });
    },
  });
}

type Sent = Readonly<{ dryRun: boolean; isBatch: boolean }>;

/** A batch is answered event by event; one event that is rejected is a problem of its own. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  taken: readonly TakenSignal[],
  { dryRun, isBatch }: Sent,
): FastifyReply {
  const refused = taken.find((one) => one.outcome === "refused");
  if (refused !== undefined) return sendRefusal(request, reply, refused.refusal);
  const [first] = taken;
  if (!isBatch && first?.outcome === "rejected") {
    const kept = dryRun ? {} : { deadLetter: first.deadLetterId };
    return sendRefusal(request, reply, first.refusal, kept);
  }
  const count = (outcome: TakenSignal["outcome"]): number =>
    taken.filter((one) => one.outcome === outcome).length;
  return reply.send({
    dryRun,
    recorded: count("recorded"),
    duplicates: count("duplicate"),
    rejected: count("rejected"),
    results: taken.map((one) => wireTaken(one, request.language, dryRun)),
  });
}

/** What became of one event, in words. */
export function wireTaken(
  taken: TakenSignal,
  language: Language,
  dryRun: boolean,
): z.output<typeof outcomeWire> {
  if ("lineIds" in taken) {
    return { outcome: taken.outcome, lineIds: [...taken.lineIds] };
  }
  const { refused, detail, pointer } = taken.refusal;
  return {
    outcome: "rejected",
    code: refused,
    title: refusals[refused][language],
    detail: detail[language],
    ...(pointer === undefined ? {} : { pointer }),
    ...(taken.outcome === "rejected" && !dryRun ? { deadLetter: taken.deadLetterId } : {}),
  };
}

const anyDocument = z.record(z.string(), z.unknown());

function addDocuments(api: Api): void {
  const documents = [
    {
      url: "/asyncapi.json",
      operationId: "readAsyncApi",
      text: { en: "Signals as an AsyncAPI 3.0 document", zh: "信号的 AsyncAPI 3.0 文档" },
      make: asyncApi,
    },
    {
      url: "/schemas/signals.json",
      operationId: "readSignalSchema",
      text: { en: "Signals as JSON Schema", zh: "信号的 JSON Schema" },
      make: catalogueSchema,
    },
  ];
  for (const { url, operationId, text, make } of documents) {
    const document = make();
    api.route({
      method: "GET",
      url,
      config: { access: forEverybody },
      schema: {
        operationId,
        summary: summary(text),
        tags,
        response: { 200: anyDocument, ...problemAnswers },
      },
      handler: async () => document,
    });
  }
}
