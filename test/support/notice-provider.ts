// A provider of SMS and push in a process of its own that behaves badly: `node notice-provider.ts SEED KEY RECEIPTS_URL`.
// Of what it is sent it fails 30 %, half of it after it took the message; it tells most receipts more than once, in any
// order, contradicts itself, and says nothing at all of some messages. It prints its address. Only the message's id
// makes a message: that is what a provider by Standard Webhooks promises.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { chanceBp } from "../../src/adapters/chance.ts";
import { isSigned, signed } from "../../src/adapters/notices/signature.ts";

type Taken = { readonly noticeId: string; readonly text: string; times: number };

/** What the provider tells of itself at GET /book. */
export type ProviderBook = Readonly<{
  messages: readonly Readonly<{ deliveryId: string } & Taken>[];
  posts: number;
  failures: number;
  receipts: number;
  /** receipts told of a message after its last word */
  contradictions: number;
  unsigned: number;
}>;

const [seed = "", secret = "", receiptsUrl = ""] = process.argv.slice(2);
const key = Buffer.from(secret, "base64");
const taken = new Map<string, Taken>();
const tries = new Map<string, number>();
const counts = { posts: 0, failures: 0, receipts: 0, contradictions: 0, unsigned: 0 };
let telling = 0;

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await bodyOf(request);
  if (!isSigned(key, request.headers, bytes, nowSeconds())) counts.unsigned += 1;
  const { deliveryId, noticeId, text } = JSON.parse(bytes.toString("utf8")) as {
    [name: string]: string;
  } & { deliveryId: string; noticeId: string; text: string };
  counts.posts += 1;
  const attempt = (tries.get(deliveryId) ?? 0) + 1;
  tries.set(deliveryId, attempt);
  const chance = chanceBp(seed, "fail", deliveryId, String(attempt));
  if (chance < 1_500) {
    counts.failures += 1;
    response.writeHead(503).end();
    return;
  }
  accept(deliveryId, noticeId, text);
  if (chance < 3_000) {
    counts.failures += 1;
    request.socket.destroy();
    return;
  }
  response.writeHead(202).end(JSON.stringify({ reference: `P-${deliveryId}` }));
}

function accept(deliveryId: string, noticeId: string, text: string): void {
  const known = taken.get(deliveryId);
  if (known !== undefined) {
    known.times += 1;
    return;
  }
  taken.set(deliveryId, { noticeId, text, times: 1 });
  const fate = chanceBp(seed, "fate", deliveryId);
  if (fate < 500) return;
  const word =
    fate < 7_500
      ? { state: "delivered" }
      : { state: "bounced", because: "unreachable", permanent: fate < 8_500 };
  const repeats = 1 + (fate % 3);
  for (let time = 0; time < repeats; time += 1) tell({ deliveryId, noticeId, ...word }, time);
  // The receipt that it was sent often comes last, and now and then a bounce is told of what arrived.
  tell({ deliveryId, noticeId, state: "sent" }, 7);
  if (fate % 10 === 0) {
    counts.contradictions += 1;
    tell({ deliveryId, noticeId, state: "bounced", because: "expired" }, 9);
  }
}

function tell(receipt: Readonly<Record<string, unknown>>, time: number): void {
  const body = JSON.stringify(receipt);
  const delayMs = chanceBp(seed, "delay", body, String(time)) / 100;
  telling += 1;
  setTimeout(() => void post(body), delayMs);
}

async function post(body: string): Promise<void> {
  for (;;) {
    try {
      const headers = signed(key, `r-${counts.receipts}`, nowSeconds(), body);
      const response = await fetch(receiptsUrl, { method: "POST", headers: { ...headers }, body });
      await response.arrayBuffer();
      if (response.status < 500) break;
    } catch {
      await new Promise((again) => setTimeout(again, 20));
    }
  }
  counts.receipts += 1;
  telling -= 1;
}

const server = createServer((request, response) => {
  if (request.method === "POST") return void take(request, response);
  const messages = [...taken].map(([deliveryId, message]) => ({ deliveryId, ...message }));
  const answer = request.url === "/book" ? { messages, ...counts } : { telling };
  response.end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as { port: number };
  process.stdout.write(`http://127.0.0.1:${port}/\n`);
});
// It ends with the test that started it, however that ends.
process.stdin.resume().on("end", () => process.exit(0));
