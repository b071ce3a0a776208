// Mail by SMTP. The server's answer decides: whatever it does not take is a fault, and the outbox asks again later.

import type { Transporter } from "nodemailer";
import type { Mail } from "../../portfolio/report-delivery.ts";
import { faultIn } from "../fault.ts";
import { envelopeOf } from "./envelope.ts";

const connectTimeoutMs = 5_000;
const answerTimeoutMs = 8_000;

/** @param url smtp:// or smtps:// with user and password where the server wants them */
export function smtpMail(url: string, from: string): Mail {
  let transport: Promise<Transporter> | null = null;
  return {
    send: async (message) => {
      const server = await (transport ??= transportTo(url));
      try {
        await server.sendMail(envelopeOf(message, from));
      } catch (cause) {
        throw mailFault(cause);
      }
    },
  };
}

/** Few processes send mail: what speaks SMTP is loaded with the first message. */
async function transportTo(url: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    url,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: answerTimeoutMs,
  });
}

/** The message of a fault is stored and logged: it holds no address and no password. */
function mailFault(cause: unknown): Error {
  const { code, responseCode } = cause as { code?: string; responseCode?: number };
  const state = responseCode === undefined ? (code ?? "unknown") : `SMTP ${responseCode}`;
  const text = {
    en: `Cannot send mail: the server answered ${state}`,
    zh: `无法发送邮件：服务器返回 ${state}`,
  };
  return faultIn(text, { cause, retryable: true, ...(code === undefined ? {} : { code }) });
}
