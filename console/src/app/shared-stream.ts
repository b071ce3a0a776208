// One stream of the server's events for all tabs of a browser, which has few connections to spare: one tab leads and
// listens, and passes on what it hears to the others; when it is closed another takes over. Where the browser has no
// locks (they need HTTPS or this machine) every tab listens for itself.

/** What was heard: a topic with what was told of it, and whether more happened than will be told, so that everything is to be asked anew. */
export type Heard = Readonly<{
  topic: string;
  missed: boolean;
  data: Readonly<Record<string, unknown>>;
}>;

/** The part of an EventSource that is used. */
export type Stream = Pick<EventSource, "addEventListener" | "close" | "readyState">;

export type StreamOptions = Readonly<{
  topics: readonly string[];
  open: () => Stream;
  /** after the server refused a stream (too many, no session) it is asked again so much later */
  againMs?: number;
  locks?: LockManager | undefined;
}>;

const name = "tidemark-events";
/** `EventSource.CLOSED`: it will not connect again by itself. */
const closed = 2;
const missedSome: Heard = { topic: "work", missed: true, data: {} };

/** Tells what is heard until the function that it returns is called. */
export function shareStream(options: StreamOptions, tell: (heard: Heard) => void): () => void {
  const { locks = globalThis.navigator?.locks } = options;
  const left = new AbortController();
  const others = new BroadcastChannel(name);
  others.addEventListener("message", ({ data }: MessageEvent<Heard>) => tell(data));
  const tellAll = (heard: Heard): void => {
    if (left.signal.aborted) return;
    tell(heard);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin to name
    others.postMessage(heard);
  };
  const lead = (): Promise<void> => listen(options, tellAll, left.signal);
  const takeTurns = async (): Promise<void> => {
    if (locks === undefined) return lead();
    const led = await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock !== null) await lead();
      return lock !== null;
    });
    if (led) return;
    await locks.request(name, { signal: left.signal }, () => {
      // Between the streams of two leaders nobody listened.
      tellAll(missedSome);
      return lead();
    });
  };
  takeTurns().catch((error: unknown) => {
    // Leaving while another tab leads ends the wait for the lock.
    if (!left.signal.aborted) throw error;
  });
  return () => {
    left.abort();
    others.close();
  };
}

/** Listens until the signal; a stream that was refused is opened again. */
function listen(
  { topics, open, againMs = 30_000 }: StreamOptions,
  tell: (heard: Heard) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    let stream: Stream | null = null;
    let again: ReturnType<typeof setTimeout> | undefined;
    const start = (): void => {
      const opened = open();
      stream = opened;
      for (const topic of topics) {
        opened.addEventListener(topic, (event) => tell(heardOf(topic, event)));
      }
      opened.addEventListener("error", () => {
        if (opened.readyState === closed) again = setTimeout(restart, againMs);
      });
    };
    const restart = (): void => {
      start();
      tell(missedSome);
    };
    signal.addEventListener("abort", () => {
      clearTimeout(again);
      stream?.close();
      resolve();
    });
    if (signal.aborted) return resolve();
    start();
  });
}

function heardOf(topic: string, event: Event): Heard {
  const { data: text } = event as MessageEvent<string>;
  const data = JSON.parse(text) as Heard["data"];
  return { topic, missed: data["missed"] === true, data };
}
