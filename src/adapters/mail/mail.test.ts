// Mail by SMTP and to a folder: the same message bears the same id and date, and what a server refuses is a fault that
// names no address.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MailMessage } from "../../portfolio/report-delivery.ts";
import { Fault } from "../fault.ts";
import { folderMail, noMail } from "./folder-mail.ts";
import { smtpMail } from "./smtp-mail.ts";

const message: MailMessage = {
  id: "00000000-0000-8000-8000-000000000001",
  to: "risk@lender.example",
  subject: "2026-02-28 每日风险报告",
  text: "# text",
  html: "<p>page</p>",
  attachments: [
    { filename: "r.pdf", contentType: "application/pdf", content: Buffer.from("%PDF-1.7") },
  ],
  at: Date.parse("2026-03-01T02:00:00.000Z"),
};

const from = "Tidemark <tidemark@lender.example>";

type Post = Readonly<{ url: string; received: () => string; server: Server }>;

/** As much of RFC 5321 as one message needs. */
function postOffice(answerToRecipient: string): Promise<Post> {
  let received = "";
  const server = createServer((socket) => {
    let inData = false;
    socket.write("220 test\r\n");
    socket.on("data", (chunk) => {
      received += chunk.toString();
      if (inData) {
        if (!received.endsWith("\r\n.\r\n")) return;
        inData = false;
        return socket.write("250 taken\r\n");
      }
      const word = chunk.toString().slice(0, 4).toUpperCase();
      inData = word === "DATA";
      const answers: Readonly<Record<string, string>> = {
        DATA: "354 go on",
        RCPT: answerToRecipient,
        QUIT: "221 bye",
      };
      socket.write(`${answers[word] ?? "250 ok"}\r\n`);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      resolve({ url: `smtp://127.0.0.1:${port}`, received: () => received, server });
    });
  });
}

describe("mail by SMTP", () => {
  let post: Post;

  afterEach(() => post.server.close());

  test("reaches the server with the message's own id and date", async () => {
    post = await postOffice("250 ok");
    await smtpMail(post.url, from).send(message);
    const received = post.received();
    expect(received).toContain("RCPT TO:<risk@lender.example>");
    expect(received).toContain(`Message-ID: <${message.id}@lender.example>`);
    expect(received).toContain("Date: Sun, 01 Mar 2026 02:00:00 +0000");
    expect(received).toContain("filename=r.pdf");
  });

  test("that the server refuses is a fault to try again, without the address", async () => {
    post = await postOffice("550 no such user");
    const sent = smtpMail(post.url, from).send(message);
    await expect(sent).rejects.toThrow("Cannot send mail: the server answered SMTP 550");
    await expect(sent).rejects.toMatchObject({ retryable: true });
    await expect(sent).rejects.not.toThrow("risk@lender.example");
  });
});

describe("mail to a folder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tidemark-mail-"));
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("is one file however often it is sent", async () => {
    const mail = folderMail(join(folder, "mail"), from);
    await mail.send(message);
    await mail.send(message);
    expect(await readdir(join(folder, "mail"))).toEqual([`${message.id}.eml`]);
    const text = await readFile(join(folder, "mail", `${message.id}.eml`), "utf8");
    expect(text).toContain(`Message-ID: <${message.id}@lender.example>`);
    expect(text).toContain("multipart/alternative");
  });

  test("that cannot be written is a fault to try again", async () => {
    await writeFile(join(folder, "file"), "");
    const sent = folderMail(join(folder, "file"), from).send(message);
    await expect(sent).rejects.toBeInstanceOf(Fault);
    await expect(sent).rejects.toMatchObject({ retryable: true });
  });
});

test("a live installation without a server says what is missing", async () => {
  await expect(noMail.send(message)).rejects.toThrow("TIDEMARK_SMTP_URL is not set");
});
