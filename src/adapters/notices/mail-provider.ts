// Notices by e-mail: the whole notice as text, and as the letter to keep. That a server took it is no proof that it
// arrived; an address that the server refuses for good comes back at once.

import type { Mail } from "../../portfolio/report-delivery.ts";
import { Fault } from "../fault.ts";
import { cameBack, sha256, type Provider } from "./channels.ts";
import type { Contact } from "./contact.ts";
import { letterPdf } from "./letter.ts";

/** Notices through a mail port. */
export function mailProvider(mail: Mail, { lender }: Pick<Contact, "lender">): Provider {
  return async ({ notice, delivery, language, to, name }) => {
    const recipient = name === null ? [] : [name];
    const pdf = await letterPdf({ notice, language, lender: lender[language], recipient });
    const text = notice.body[language];
    try {
      await mail.send({
        id: delivery.id,
        to,
        subject: notice.subject[language],
        text,
        html: htmlOf(text),
        attachments: [
          { filename: `${notice.id}.pdf`, contentType: "application/pdf", content: pdf },
        ],
        at: Date.parse(notice.issuedAt),
      });
    } catch (error) {
      const code = refusedForGood(error);
      if (code === null) throw error;
      return cameBack(`SMTP ${code}`);
    }
    return { result: "sent", reference: delivery.id, contentHash: sha256(pdf) };
  };
}

/** The server's answer to an address that it will never take (RFC 5321 §4.2.1: 5yz), else null. */
function refusedForGood(error: unknown): number | null {
  if (!(error instanceof Fault)) return null;
  const { code, responseCode } = (error.cause ?? {}) as { code?: string; responseCode?: number };
  const refused = code === "EENVELOPE" && responseCode !== undefined && responseCode >= 500;
  return refused ? responseCode : null;
}

function htmlOf(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const paragraphs = escaped.split("\n\n").map((one) => `<p>${one.replaceAll("\n", "<br>")}</p>`);
  return `<!doctype html><meta charset="utf-8">${paragraphs.join("\n")}`;
}
