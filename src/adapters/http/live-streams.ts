// The open connections of live views: how many a session and an account may hold, that each ends with its session, and
// that a stop of the server ends them all. Looking on is no use of a session: a screen left alone still signs its person out.

import { Readable } from "node:stream";
import type { Principal } from "./access.ts";
import type { LiveEvents, LiveMessage } from "./live-events.ts";

const heartbeatMs = 15_000;
/** A browser speaks HTTP/1.1 over six connections, and streams must not take them: one, and one that takes over. */
const mostPerSession = 2;
const mostPerAccount = 6;
const mostUnreadBytes = 256 * 1024;
const retryMs = 3_000;

export type LiveStreams = Readonly<{
  /** a stream of text/event-stream, or null when the session or the account holds too many already */
  open: (
    principal: Principal,
    after: string | null,
    stillAllowed: () => Promise<boolean>,
  ) => Readable | null;
  /** ends the streams of a session that was closed */
  endSession: (token: string) => void;
  stop: () => void;
}>;

type Open = Readonly<{ accountId: string; token: string | null; end: () => void }>;

/** Streams over the live events. */
export function liveStreams(events: LiveEvents, beatMs: number = heartbeatMs): LiveStreams {
  const streams = new Set<Open>();
  return {
    open: (principal, after, stillAllowed) => {
      const accountId = principal.account.id;
      const token = principal.session?.token ?? null;
      const held = [...streams].filter((one) => one.accountId === accountId);
      const ofSession = held.filter((one) => token !== null && one.token === token);
      if (held.length >= mostPerAccount || ofSession.length >= mostPerSession) return null;
      const stream = new Readable({ read: () => undefined });
      stream.push(`retry: ${retryMs}\n\n: listening\n\n`);
      const unlisten = events.listen(principal.actor.scope, after, (message) => {
        // Who does not read is let go; he comes back with the id of the last message that he read.
        if (stream.readableLength > mostUnreadBytes) stream.destroy();
        else if (!stream.destroyed) stream.push(eventText(message));
      });
      const beat = setInterval(() => void heartbeat(stream, stillAllowed), beatMs).unref();
      const open: Open = { accountId, token, end: () => void stream.push(null) };
      streams.add(open);
      stream.once("close", () => {
        clearInterval(beat);
        unlisten();
        streams.delete(open);
      });
      return stream;
    },
    endSession: (token) => {
      for (const one of streams) if (one.token === token) one.end();
    },
    stop: () => {
      events.stop();
      for (const one of streams) one.end();
    },
  };
}

async function heartbeat(stream: Readable, stillAllowed: () => Promise<boolean>): Promise<void> {
  const allowed = await stillAllowed().catch(() => false);
  if (stream.destroyed || stream.readableEnded) return;
  stream.push(allowed ? ": still here\n\n" : null);
}

/** One message as the HTML standard §9.2 writes it. */
export function eventText({ id, topic, data }: LiveMessage): string {
  return `id: ${id}\nevent: ${topic}\ndata: ${JSON.stringify(data)}\n\n`;
}
