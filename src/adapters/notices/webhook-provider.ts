// SMS and push leave through a provider's HTTP endpoint, signed. The message's id is the same for every retry, so that a
// provider that keeps to Standard Webhooks sends it once; what became of it the provider tells later (receipts.ts).

import { z } from "zod";
import type { HandOver } from "../../flow/notice-ports.ts";
import { Fault } from "../fault.ts";
import { cameBack, sha256, type Provider } from "./channels.ts";
import { signed } from "./signature.ts";

const answerTimeoutMs = 8_000;
const longestAnswer = 10_000;

/** What a provider may answer; nothing at all says that it took the message. */
const providerAnswer = z.object({
  state: z.enum(["sent", "delivered"]).default("sent"),
  reference: z.string().max(200).optional(),
});

/**
 * Posts `{deliveryId, noticeId, channel, language, to, subject, text}`; the text is the short form of the notice. 2xx: taken. 408, 409, 425, 429, 5xx, or no answer: a
 * retryable Fault, nothing is known. Any other answer: it came back, for good.
 */
export function webhookProvider(url: string, key: Buffer): Provider {
  return async ({ notice, delivery, language, to }) => {
    const body = JSON.stringify({
      ...{ deliveryId: delivery.id, noticeId: notice.id, channel: delivery.channel, language, to },
      ...{ subject: notice.subject[language], text: notice.short[language] },
    });
    const headers = signed(key, delivery.id, Math.floor(Date.now() / 1000), body);
    const { status, text } = await post(url, headers, body, delivery.id);
    if (status >= 500 || [408, 409, 425, 429].includes(status)) {
      throw unanswered(delivery.id, `HTTP${status}`);
    }
    if (status < 200 || status > 299) return cameBack(`HTTP ${status}`);
    return taken(text, sha256(body));
  };
}

async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  id: string,
): Promise<Readonly<{ status: number; text: string }>> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
      // A redirect would send personal data, signed, to somebody nobody chose.
      redirect: "manual",
      signal: AbortSignal.timeout(answerTimeoutMs),
    });
    return { status: response.status, text: await response.text() };
  } catch (cause) {
    const code = cause instanceof Error && cause.name === "TimeoutError" ? "ETIMEDOUT" : "EIO";
    throw unanswered(id, code, cause);
  }
}

function taken(text: string, contentHash: string): HandOver {
  const answer = providerAnswer.safeParse(text.length > longestAnswer ? null : jsonOf(text));
  if (!answer.success) return { result: "sent", contentHash };
  const { state, reference } = answer.data;
  return { result: state, contentHash, ...(reference === undefined ? {} : { reference }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unanswered(id: string, code: string, cause?: unknown): Fault {
  return new Fault(`Cannot hand over message ${id}: ${code}`, { retryable: true, code, cause });
}
