// An attempt goes to the provider of its channel at the customer's own address, and no fault says more than an id.

import { createServer, type Server } from "node:http";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Notice, NoticeChannel, NoticeDelivery } from "../../domain/notice.ts";
import { noticeOf } from "../../../test/support/notice.ts";
import { Fault } from "../fault.ts";
import { createChannels, sha256, type Message, type Recipient } from "./channels.ts";
import { sampleContact } from "./contact.ts";
import { letterFolder } from "./letter-provider.ts";
import { mailProvider } from "./mail-provider.ts";
import { isSigned, signingKey } from "./signature.ts";
import { webhookProvider } from "./webhook-provider.ts";

const known: Recipient = {
  reference: "C-1",
  language: "zh",
  identity: {
    name: "王小明",
    email: "wang@example.com",
    phone: "13800000000",
    address: "示例路 3 号",
  },
};

function attempt(channel: NoticeChannel): Readonly<{ notice: Notice; delivery: NoticeDelivery }> {
  const notice = noticeOf({ channel });
  return { notice, delivery: notice.deliveries[0]! };
}

const find = async (): Promise<Recipient> => known;

describe("createChannels", () => {
  test("delivers in the app at once, unless the lender has none", async () => {
    const { notice, delivery } = attempt("in-app");
    expect(await createChannels({ find }, {}).deliver(notice, delivery)).toMatchObject({
      result: "delivered",
      contentHash: sha256(`${notice.body.zh}\n${notice.body.en}`),
    });
    const without = createChannels({ find }, {}, false);
    expect(await without.deliver(notice, delivery)).toMatchObject({ because: "no-provider" });
  });

  test.each<[NoticeChannel, string]>([
    ["email", "wang@example.com"],
    ["sms", "13800000000"],
    ["push", "C-1"],
    ["letter", "示例路 3 号"],
  ])("writes by %s to the address that this channel needs", async (channel, to) => {
    const sent: Message[] = [];
    const provider = async (message: Message) => {
      sent.push(message);
      return { result: "sent" as const };
    };
    const channels = createChannels({ find }, { [channel]: provider });
    const { notice, delivery } = attempt(channel);
    expect(await channels.deliver(notice, delivery)).toEqual({ result: "sent" });
    expect(sent).toMatchObject([{ to, name: "王小明", language: "zh", delivery }]);
  });

  test("comes back for good without a provider, an address or a person", async () => {
    const { notice, delivery } = attempt("sms");
    const sms = async () => ({ result: "sent" as const });
    const answer = async (recipient: Recipient | null, providers = { sms } as object) =>
      createChannels({ find: async () => recipient }, providers).deliver(notice, delivery);
    const came = (because: string) => ({ result: "bounced", because, permanent: true });
    expect(await answer(known, {})).toEqual(came("no-provider"));
    expect(await answer({ ...known, identity: {} })).toEqual(came("no-address"));
    expect(await answer({ ...known, identity: null })).toEqual(came("no-address"));
    expect(await answer(null)).toEqual(came("no-address"));
  });
});

describe("letters and mail", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-letters-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("a letter is a file under the message's id, the same bytes on a retry, and its hash is the proof", async () => {
    const channels = createChannels({ find }, { letter: letterFolder(folder, sampleContact) });
    const { notice, delivery } = attempt("letter");
    const first = await channels.deliver(notice, delivery);
    const bytes = readFileSync(join(folder, `${delivery.id}.pdf`));
    expect(first).toEqual({
      result: "sent",
      reference: `${delivery.id}.pdf`,
      contentHash: sha256(bytes),
    });
    expect(await channels.deliver(notice, delivery)).toEqual(first);
    expect(readdirSync(folder)).toEqual([`${delivery.id}.pdf`]);
  });

  test("a mail holds the notice and its letter, and an address refused for good comes back", async () => {
    const { notice, delivery } = attempt("email");
    const sent: unknown[] = [];
    const mail = { send: async (message: unknown) => void sent.push(message) };
    const channels = createChannels({ find }, { email: mailProvider(mail, sampleContact) });
    expect(await channels.deliver(notice, delivery)).toMatchObject({ result: "sent" });
    expect(sent).toMatchObject([
      { id: delivery.id, to: "wang@example.com", subject: notice.subject.zh, text: notice.body.zh },
    ]);
    const cause = Object.assign(new Error("no such user"), {
      code: "EENVELOPE",
      responseCode: 550,
    });
    const refusing = (error: Error) => {
      const send = async (): Promise<void> => {
        throw error;
      };
      const email = mailProvider({ send }, sampleContact);
      return createChannels({ find }, { email }).deliver(notice, delivery);
    };
    expect(await refusing(new Fault("refused", { retryable: true, cause }))).toEqual({
      ...{ result: "bounced", because: "SMTP 550", permanent: true },
    });
    const busy = new Fault("busy", {
      retryable: true,
      cause: { code: "EENVELOPE", responseCode: 450 },
    });
    await expect(refusing(busy)).rejects.toBe(busy);
  });
});

describe("a provider by webhook", () => {
  const key = signingKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAA")!;
  let server: Server;
  let url = "";
  let answer = { status: 200, body: "" };
  const got: Readonly<{ headers: Record<string, unknown>; body: Buffer }>[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        got.push({ headers: { ...request.headers }, body: Buffer.concat(chunks) });
        response.writeHead(answer.status, { location: "http://127.0.0.1:1/" }).end(answer.body);
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as { port: number };
    url = `http://127.0.0.1:${port}/`;
  });
  afterAll(() => server.close());

  async function asked(status: number, body = "") {
    answer = { status, body };
    const { notice, delivery } = attempt("sms");
    const channels = createChannels({ find }, { sms: webhookProvider(url, key) });
    return channels.deliver(notice, delivery).catch((error: unknown) => error);
  }

  test("posts the short form of the notice, signed, under the message's id", async () => {
    const reply = await asked(200, JSON.stringify({ reference: "P-7" }));
    const { headers, body } = got.at(-1)!;
    expect(reply).toEqual({ result: "sent", reference: "P-7", contentHash: sha256(body) });
    const { notice, delivery } = attempt("sms");
    expect(JSON.parse(body.toString())).toEqual({
      ...{ deliveryId: delivery.id, noticeId: notice.id, channel: "sms", language: "zh" },
      ...{ to: "13800000000", subject: notice.subject.zh, text: notice.short.zh },
    });
    const now = Math.floor(Date.now() / 1000);
    expect(isSigned(key, headers, body, now)).toBe(true);
    expect(isSigned(key, headers, Buffer.concat([body, Buffer.from(" ")]), now)).toBe(false);
    expect(isSigned(key, headers, body, now + 301)).toBe(false);
  });

  test("takes a provider at its word that a message arrived, and reads nothing into other answers", async () => {
    expect(await asked(201, '{"state":"delivered"}')).toMatchObject({ result: "delivered" });
    expect(await asked(204)).toMatchObject({ result: "sent" });
    expect(await asked(200, "thank you")).toMatchObject({ result: "sent" });
  });

  test("comes back for good when refused, follows no redirect, and asks again where nothing is known", async () => {
    expect(await asked(422)).toMatchObject({ result: "bounced", because: "HTTP 422" });
    const before = got.length;
    expect(await asked(307)).toMatchObject({ result: "bounced", because: "HTTP 307" });
    expect(got).toHaveLength(before + 1);
    for (const status of [408, 429, 500, 503]) {
      const fault = await asked(status);
      expect(fault).toBeInstanceOf(Fault);
      expect(fault).toMatchObject({ retryable: true, code: `HTTP${status}` });
      expect(`${(fault as Fault).message}${(fault as Fault).stack ?? ""}`).not.toMatch(/机密|138/);
    }
  });
});

test("a signature is that of Standard Webhooks", async () => {
  const { signed } = await import("./signature.ts");
  const key = signingKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
  const body = '{"test": 2432232314}';
  expect(signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
  expect(signingKey("whsec_short")).toBeNull();
  expect(signingKey("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).toBeNull();
});
