// The simulator lives exactly as long as somebody uses it. Every user keeps one connection open; the kernel closes
// it however the user's process ends, kill -9 included, and after the last one the simulator stops.

import type { ServerResponse } from "node:http";

/** Open uses of the simulator, each under a number that its user learns in the header `tidemark-hold`. */
export type Holders = Readonly<{
  hold: (response: ServerResponse) => void;
  /** ends one use; the number of the others */
  leave: (number: number) => number;
  count: () => number;
  /** ends the wait for a first user */
  stop: () => void;
}>;

/** `unused` is called when the last user is gone, or when nobody came within `firstWithinMs`; null waits for ever. */
export function createHolders(firstWithinMs: number | null, unused: () => void): Holders {
  const open = new Map<number, ServerResponse>();
  const timer = firstWithinMs === null ? undefined : setTimeout(unused, firstWithinMs);
  let last = 0;
  const forget = (number: number): void => {
    if (open.delete(number) && open.size === 0 && firstWithinMs !== null) unused();
  };
  return {
    hold: (response) => {
      clearTimeout(timer);
      last += 1;
      const number = last;
      open.set(number, response);
      response.once("close", () => forget(number));
      response.writeHead(200, { "content-type": "text/plain", "tidemark-hold": String(number) });
      response.flushHeaders();
    },
    leave: (number) => {
      open.get(number)?.destroy();
      forget(number);
      return open.size;
    },
    count: () => open.size,
    stop: () => clearTimeout(timer),
  };
}
