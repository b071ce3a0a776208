// The simulator lives exactly as long as somebody uses it. Every user keeps one connection open; the kernel closes
// it however the user's process ends, kill -9 included, and after the last one the simulator stops.

import type { ServerResponse } from "node:http";

/** Open uses of the simulator. */
export type Holders = Readonly<{
  hold: (response: ServerResponse) => void;
  count: () => number;
  /** ends the wait for a first user */
  stop: () => void;
}>;

/** `unused` is called when the last user is gone, or when nobody came within `firstWithinMs`; null waits for ever. */
export function createHolders(firstWithinMs: number | null, unused: () => void): Holders {
  const open = new Set<ServerResponse>();
  const timer = firstWithinMs === null ? undefined : setTimeout(unused, firstWithinMs);
  return {
    hold: (response) => {
      clearTimeout(timer);
      open.add(response);
      response.once("close", () => {
        open.delete(response);
        if (open.size === 0 && firstWithinMs !== null) unused();
      });
      response.writeHead(200, { "content-type": "text/plain" });
      response.flushHeaders();
    },
    count: () => open.size,
    stop: () => clearTimeout(timer),
  };
}
