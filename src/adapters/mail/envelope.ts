// A message in the words of the mail library. Id and date are the message's own, so that a server that has seen it
// before can tell.

import type { SendMailOptions } from "nodemailer";
import type { MailMessage } from "../../portfolio/report-delivery.ts";

/** Answers and out-of-office notes to it are of no use to anybody. */
const headers = { "auto-submitted": "auto-generated" };

/** @param from the sender's address, whose domain the message's id bears */
export function envelopeOf(message: MailMessage, from: string): SendMailOptions {
  const domain = /@([^\s>]+)>?\s*$/.exec(from)?.[1] ?? "localhost";
  const { id, to, subject, text, html, attachments, at } = message;
  return {
    ...{ from, to, subject, text, html, headers },
    messageId: `<${id}@${domain}>`,
    date: new Date(at),
    attachments: attachments.map(({ content, ...rest }) => ({
      ...rest,
      content: Buffer.from(content),
    })),
  };
}
