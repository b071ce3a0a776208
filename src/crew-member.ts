// The program of one thread of a crew: it composes Tidemark on the database it was told, answers one job after the other
// and goes when it is told to.

import { parentPort, workerData } from "node:worker_threads";
import type { Answered, Asked, MemberData } from "./adapters/workers/crew.ts";
import { compose, type Tidemark } from "./compose.ts";
import type { Job, MemberSettings } from "./crew.ts";
import { mayPass } from "./flow/in-parallel.ts";
import type { Event } from "./flow/state.ts";

type Input = Readonly<{ module: string; input: unknown; member: number }>;

const port = parentPort!;
const { data, stop } = workerData as MemberData<MemberSettings>;
const stopped = (): boolean => Atomics.load(stop, 0) !== 0;

let composed: Promise<Tidemark> | null = null;

async function answer({ call, input }: Asked): Promise<Answered> {
  try {
    const { module, input: given, member } = input as Input;
    const { run } = (await import(module)) as Readonly<{ run: Job<unknown, unknown> }>;
    const tidemark = await (composed ??= compose(data.config, { migrations: "require" }).then(
      told,
    ));
    return { call, result: await run(tidemark, given, { member, size: data.size, stopped }) };
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { call, fault, retryable: mayPass(error) };
  }
}

/** Whoever opened the crew counts what happens here. */
function told(tidemark: Tidemark): Tidemark {
  const observe = (events: readonly Event[]): void => {
    const counts: Record<string, number> = {};
    for (const { kind } of events) counts[kind] = (counts[kind] ?? 0) + 1;
    port.postMessage({ events: counts } satisfies Answered);
  };
  return { ...tidemark, world: { ...tidemark.world, observe } };
}

async function leave(): Promise<void> {
  await composed?.then(({ close }) => close()).catch(() => undefined);
  port.close();
}

port.on("message", (asked: Asked | null) => {
  if (asked === null) void leave();
  else void answer(asked).then((answered) => port.postMessage(answered));
});
