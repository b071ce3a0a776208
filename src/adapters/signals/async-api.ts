// The AsyncAPI 3.0 document of what Tidemark takes in: the types of the catalogue as messages, and the two addresses at
// which they are received. It is made from the catalogue, so it cannot say something else than the checks do.

import { signalCatalogue, signalTypes } from "../../domain/signal-catalogue.ts";
import { version } from "../version.ts";
import { eventSchema, exampleEvent } from "./signal-schema.ts";

type Json = Readonly<Record<string, unknown>>;

/** Where signals are received; the routes have the same addresses. */
export const signalsPath = "/v1/signals";
export const signalWebhookPath = "/v1/signals/webhook";

/** AsyncAPI 3.0.0, https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncApi(): Json {
  const messages = (): Json =>
    Object.fromEntries(
      signalTypes.map((type) => [type, { $ref: `#/components/messages/${type}` }]),
    );
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tidemark signals · 潮位信号",
      version,
      description:
        "What the outside world tells about lines, customers and the environment, as CloudEvents 1.0 · 以 CloudEvents 1.0 接收的授信、客户与环境信号",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/cloudevents+json",
    channels: {
      signals: {
        address: signalsPath,
        description:
          "HTTP POST with an API key: one event (structured or binary) or a batch · 带 API 密钥的 HTTP POST：单个事件（结构化或二进制）或批量",
        messages: messages(),
        bindings: { http: {} },
      },
      webhook: {
        address: signalWebhookPath,
        description:
          "HTTP POST signed by Standard Webhooks · 按 Standard Webhooks 签名的 HTTP POST",
        messages: messages(),
        bindings: { http: {} },
      },
    },
    operations: Object.fromEntries(
      ["signals", "webhook"].map((channel) => [
        channel === "signals" ? "receiveSignals" : "receiveSignedSignals",
        {
          action: "receive",
          channel: { $ref: `#/channels/${channel}` },
          bindings: { http: { method: "POST" } },
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        signalTypes.map((type) => {
          const { en, zh } = signalCatalogue[type].label;
          return [
            type,
            {
              name: type,
              title: `${en} · ${zh}`,
              contentType: "application/cloudevents+json",
              payload: { $ref: `#/components/schemas/${type}` },
              examples: [{ payload: exampleEvent(type) }],
            },
          ];
        }),
      ),
      schemas: Object.fromEntries(signalTypes.map((type) => [type, eventSchema(type)])),
    },
  };
}
