// Threads that do pieces of long work beside this one: spawned once, asked one thing at a time each, told to stop by a
// shared flag that costs them nothing to look at. Nothing is decided here; whoever asks must not depend on which member
// answers, or on any of them living on.

import { Worker } from "node:worker_threads";
import { Fault } from "../fault.ts";

/** What a thread gets when it starts: `data` of whoever opened the crew, and the flag that asks it to stop. */
export type MemberData<Data> = Readonly<{ data: Data; stop: Int32Array }>;

/** From the crew to a member, and back. */
export type Asked = Readonly<{ call: number; input: unknown }>;
export type Answered =
  | Readonly<{ call: number; result: unknown }>
  | Readonly<{ call: number; fault: string; retryable: boolean }>
  | Readonly<{ events: Readonly<Record<string, number>> }>;

/** A few threads. After `close`, or when a member has died, every use throws a Fault. */
export type Threads = Readonly<{
  size: number;
  /** asks one member; `member` counts from 0 and is busy until it answers */
  ask: (member: number, input: unknown) => Promise<unknown>;
  /** asks members to leave their work where it is; they answer soon */
  stop: () => void;
  /** stops and ends the threads. Idempotent */
  close: () => Promise<void>;
}>;

/** Events that a member caused, by kind: what it knows of them ends with its thread. */
export type OnEvents = (events: Readonly<Record<string, number>>) => void;

type Waiting = Readonly<{ resolve: (result: unknown) => void; reject: (error: Error) => void }>;

/** Starts threads on a program that answers each `Asked` with one `Answered`. */
export function startThreads(
  program: URL,
  size: number,
  data: unknown,
  onEvents: OnEvents,
): Threads {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const members = Array.from({ length: size }, () =>
    startMember(program, { data, stop }, onEvents),
  );
  return {
    size,
    ask: async (member, input) => members[member]!.ask(input),
    stop: () => void Atomics.store(stop, 0, 1),
    close: async () => {
      Atomics.store(stop, 0, 1);
      await Promise.all(members.map((member) => member.close()));
    },
  };
}

type Member = Readonly<{ ask: (input: unknown) => Promise<unknown>; close: () => Promise<void> }>;

// Far above what a member ever holds. Below two gigabytes V8 lets garbage pile up to twice what lives, above to four times.
const memberHeapMebibytes = 1_024;

function startMember(program: URL, workerData: MemberData<unknown>, onEvents: OnEvents): Member {
  const resourceLimits = { maxOldGenerationSizeMb: memberHeapMebibytes };
  const worker = new Worker(program, { workerData, resourceLimits, stdin: false });
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let dead: Error | null = null;
  const die = (error: Error): void => {
    dead ??= error;
    for (const one of waiting.values()) one.reject(dead);
    waiting.clear();
  };
  worker.on("message", (message: Answered) => {
    if ("events" in message) return onEvents(message.events);
    const asked = waiting.get(message.call);
    waiting.delete(message.call);
    if ("result" in message) asked?.resolve(message.result);
    else asked?.reject(new Fault(message.fault, { retryable: message.retryable }));
  });
  worker.on("error", (cause) =>
    die(new Fault(`Cannot go on in thread: ${String(cause)}`, { retryable: true, cause })),
  );
  worker.on("exit", () => die(new Fault("Cannot use thread: it has ended", { retryable: true })));
  // A thread that nobody asks anything keeps no process alive.
  worker.unref();
  return {
    ask: (input) =>
      new Promise((resolve, reject) => {
        if (dead !== null) return reject(dead);
        calls += 1;
        waiting.set(calls, { resolve, reject });
        worker.ref();
        worker.postMessage({ call: calls, input } satisfies Asked, []);
      }).finally(() => {
        if (waiting.size === 0) worker.unref();
      }),
    close: async () => {
      await new Promise<void>((resolve) => {
        if (dead !== null) return resolve();
        worker.ref();
        worker.once("exit", () => resolve());
        worker.postMessage(null, []);
      });
    },
  };
}
