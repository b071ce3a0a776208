// Mail of the sandbox: every message is a file that a mail program opens, and nothing leaves the machine. The name is
// the message's id, so that a retry writes the same file and no address stands in a file name.

import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Mail } from "../../portfolio/report-delivery.ts";
import { faultIn } from "../fault.ts";
import { envelopeOf } from "./envelope.ts";

/** @param folder made when the first message is written */
export function folderMail(folder: string, from: string): Mail {
  return {
    send: async (message) => {
      const { default: MailComposer } = await import("nodemailer/lib/mail-composer/index.js");
      const bytes = await new MailComposer(envelopeOf(message, from)).compile().build();
      const path = join(folder, `${message.id}.eml`);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFile(`${path}.part`, bytes, { mode: 0o600 });
        await rename(`${path}.part`, path);
      } catch (cause) {
        const state = cause instanceof Error ? cause.message : String(cause);
        const text = {
          en: `Cannot write mail to ${folder}: ${state}`,
          zh: `无法将邮件写入 ${folder}：${state}`,
        };
        throw faultIn(text, { cause, retryable: true });
      }
    },
  };
}

/** A live installation without a server for mail: messages wait and say what is missing. */
export const noMail: Mail = {
  send: () => {
    const text = {
      en: "Cannot send mail: TIDEMARK_SMTP_URL is not set",
      zh: "无法发送邮件：未设置 TIDEMARK_SMTP_URL",
    };
    return Promise.reject(faultIn(text, { retryable: true }));
  },
};
