// CloudEvents in HTTP requests (HTTP Protocol Binding 1.0.2, §3): one event as JSON, one in headers with its data as the
// body, or a list of events. What comes out is the events as they were sent; whether they are right is decided later.

import type { IncomingHttpHeaders } from "node:http";
import type { Text } from "../../domain/text.ts";

export const eventMediaType = "application/cloudevents+json";
export const batchMediaType = "application/cloudevents-batch+json";

/** More events in one request are refused. */
export const mostEvents = 1_000;

/** The events of a request and whether they came as a batch, or what is wrong with the request. */
export type SentEvents =
  | Readonly<{ events: readonly unknown[]; isBatch: boolean }>
  | Readonly<{ wrong: Text }>;

/** Reads a parsed body and its headers. */
export function sentEvents(headers: IncomingHttpHeaders, body: unknown): SentEvents {
  const media = (headers["content-type"] ?? "").split(";", 1)[0]!.trim().toLowerCase();
  if (media === batchMediaType) return batchOf(body);
  if (media === eventMediaType) return { events: [body], isBatch: false };
  return binaryOf(headers, body);
}

function batchOf(body: unknown): SentEvents {
  if (!Array.isArray(body)) {
    return { wrong: { en: "body: expected a list of events", zh: "请求体：应为事件列表" } };
  }
  return body.length <= mostEvents
    ? { events: body, isBatch: true }
    : {
        wrong: {
          en: `body: found ${body.length} events, expected at most ${mostEvents}`,
          zh: `请求体：共 ${body.length} 个事件，最多 ${mostEvents} 个`,
        },
      };
}

function binaryOf(headers: IncomingHttpHeaders, data: unknown): SentEvents {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith("ce-"));
  if (attributes.length === 0) {
    return {
      wrong: {
        en: `content-type: expected ${eventMediaType}, ${batchMediaType}, or ce- headers`,
        zh: `content-type：应为 ${eventMediaType}、${batchMediaType}，或使用 ce- 请求头`,
      },
    };
  }
  const event: Record<string, unknown> = {};
  for (const [name, value] of attributes) {
    const text = typeof value === "string" ? decoded(value) : null;
    if (text === null) {
      return {
        wrong: {
          en: `${name}: found a percent-encoding that cannot be decoded, expected UTF-8`,
          zh: `${name}：百分号编码无法解码，应为 UTF-8`,
        },
      };
    }
    event[name.slice("ce-".length)] = text;
  }
  return { events: [{ ...event, datacontenttype: "application/json", data }], isBatch: false };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
