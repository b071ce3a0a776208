// Many notices through a provider that behaves badly, from the decision until nothing waits any more. What is promised of
// them is asked of the rows, of the events and of the provider's own book.

import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { receiptBody, receiptCommand } from "../../src/adapters/notices/receipts.ts";
import { createChannels } from "../../src/adapters/notices/channels.ts";
import { isSigned } from "../../src/adapters/notices/signature.ts";
import { webhookProvider } from "../../src/adapters/notices/webhook-provider.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import { bucketOfCustomer, bucketOfId } from "../../src/domain/id.ts";
import { drain, type Run } from "../../src/flow/advance.ts";
import type { World } from "../../src/flow/ports.ts";
import { fireDue } from "../../src/flow/scheduler.ts";
import type { Event } from "../../src/flow/state.ts";
import type { Command } from "../../src/flow/step.ts";
import { transact } from "../../src/flow/transact.ts";
import { assessment, cut } from "./given.ts";
import type { ProviderBook } from "./notice-provider.ts";
import { compiled } from "./strategy-document.ts";
import { worldBegins, type TestWorld } from "./world.ts";

const key = Buffer.from("a key of thirty-two bytes exactly");
const strategy = compiled();

/** What a trial leaves behind. */
export type NoticeTrial = Readonly<{
  world: World;
  events: readonly Event[];
  book: ProviderBook;
}>;

/** Sends `count` notices and lets time pass until nothing waits. */
export async function noticeTrial(
  test: TestWorld,
  count: number,
  seed: number,
): Promise<NoticeTrial> {
  const events: Event[] = [];
  const base: World = {
    ...test.world,
    loadStrategy: async () => strategy,
    observe: (happened) => void events.push(...happened),
  };
  const receipts = await receiptServer(base);
  const provider = await startProvider(seed, receipts.url);
  try {
    const webhook = webhookProvider(provider.url, key);
    const recipient = { language: "zh", identity: { phone: "13800000000" } } as const;
    const find = async (reference: string) => ({ reference, ...recipient });
    const channels = createChannels({ find }, { sms: webhook, push: webhook }, false);
    const world: World = { ...base, channels };
    await plantCuts(test, world, count);
    await passTime(test, world, provider);
    return { world, events, book: await provider.ask<ProviderBook>("book") };
  } finally {
    await provider.stop();
    await receipts.stop();
  }
}

/** So many receipts are written at once: all of them would leave no connection to whoever sends the messages. */
const receiptLanes = 4;

/** Takes receipts as the server's route does: believed when signed, recorded by the one write path. */
async function receiptServer(
  world: World,
): Promise<Readonly<{ url: string; stop: () => Promise<void> }>> {
  const lanes = Array.from({ length: receiptLanes }, () => Promise.resolve());
  let taken = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const now = Math.floor(Date.now() / 1000);
      if (!isSigned(key, request.headers, bytes, now)) {
        response.writeHead(401).end();
        return;
      }
      const command = receiptCommand(
        world.ids,
        "RecordDelivery",
        receiptBody.parse(JSON.parse(bytes.toString("utf8"))),
      );
      const lane = (taken += 1) % receiptLanes;
      lanes[lane] = lanes[lane]!.then(() =>
        transact(world, bucketOfId(command.subject), [command]),
      ).then(
        () => void response.end(),
        () => void response.writeHead(500).end(),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  const stop = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return { url: `http://127.0.0.1:${port}/`, stop };
}

type Provider = Readonly<{
  url: string;
  ask: <Answer>(path: string) => Promise<Answer>;
  stop: () => Promise<void>;
}>;

async function startProvider(seed: number, receiptsUrl: string): Promise<Provider> {
  const script = fileURLToPath(new URL("./notice-provider.ts", import.meta.url));
  const args = [script, String(seed), key.toString("base64"), receiptsUrl];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const url = await firstLine(child);
  return {
    url,
    ask: async (path) =>
      (await (
        await fetch(new URL(path, url), { headers: { connection: "close" } })
      ).json()) as never,
    stop: () =>
      new Promise((done) => {
        child.once("exit", () => done());
        child.stdin.end();
      }),
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("\n")) done(text.split("\n")[0]!);
    });
    child.once("exit", (code) => fail(new Error(`Provider ended: ${code}`)));
  });
}

/** Registers customers with one line each, and decides a cut of every line that goes straight through. */
async function plantCuts({ openAccounts }: TestWorld, world: World, count: number): Promise<void> {
  const byBucket = new Map<number, Command[]>();
  const accounts = [];
  for (let number = 1; number <= count; number += 1) {
    const reference = `C-${number}`;
    const bucket = bucketOfCustomer(reference);
    const commands = byBucket.get(bucket) ?? [];
    commands.push(...cutOf(world, bucket, reference));
    byBucket.set(bucket, commands);
    const limits = { limitMinor: 1_000_000, drawnMinor: 200_000, pendingMinor: 0 };
    const account = { status: "active", currency: "CNY", ...limits } as const;
    accounts.push({ lineReference: `L-${reference}`, ...account });
  }
  openAccounts(accounts);
  for (const [bucket, commands] of byBucket) {
    for (const result of await transact(world, bucket, commands)) {
      if ("refusal" in result) throw new Error(result.refusal.detail.en);
    }
  }
}

function cutOf(world: World, bucket: number, reference: string): readonly Command[] {
  const { ids } = world;
  const lineId = ids.derive(bucket, "line", reference);
  const customerId = ids.derive(bucket, "customer", reference);
  const causeId = ids.derive(bucket, "sweep", reference);
  const decisionId = ids.derive(bucket, "decision", reference);
  const command = { actor: serviceActor("trial"), cause: causeId, subject: lineId };
  const asOf = worldBegins.slice(0, 10);
  const registration = {
    ...{ customerId, customerReference: reference, lineReference: `L-${reference}` },
    ...{ portfolio: "trial", product: "consumer-line", jurisdiction: "cn", currency: "CNY" },
    ...{ language: "zh", limitMinor: 1_000_000, drawnMinor: 200_000, pendingMinor: 0 },
    ...{ status: "active", openedOn: "2024-01-01", asOf, facts: {}, identity: {} },
  };
  const decided = {
    assessment: { ...assessment(cut, "straight-through"), asOf },
    ...{ decisionId, area: "limit-decrease", cause: "behaviour", causeId, lineVer: 1 },
    ...{ knownAt: worldBegins, maker: "trial", turns: [], granted: true },
  };
  return [
    {
      ...command,
      id: ids.derive(bucket, "register", reference),
      kind: "RegisterLine",
      body: registration,
    },
    { ...command, id: ids.derive(bucket, "decide", reference), kind: "Decide", body: decided },
  ];
}

/** From one due instant to the next, each only after the provider has nothing more to tell. */
async function passTime(test: TestWorld, world: World, provider: Provider): Promise<void> {
  const stop = () => false;
  const run: Run = { owner: "trial", stop, pause: (ms) => pause(ms), onStep: () => undefined };
  for (;;) {
    await drain(world, run);
    while ((await provider.ask<{ telling: number }>("idle")).telling > 0) await pause(20);
    if ((await world.store.waiting.unsent()) > 0) continue;
    const next = await world.store.waiting.nextDue([]);
    if (next === null) return;
    if (next > (await world.clock.now())) await test.clock.set(next);
    await fireDue(world);
  }
}
