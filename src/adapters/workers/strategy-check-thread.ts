// The thread that checks strategies: one after the other, until it is told to go.

import { parentPort } from "node:worker_threads";
import { checkStrategy } from "../../policy/check/check-strategy.ts";
import { compileStrategy } from "../../policy/compile.ts";
import type { Answered, Asked } from "./crew.ts";
import type { CheckOrder } from "./strategy-checks.ts";

const port = parentPort!;

function answer({ call, input }: Asked): Answered {
  try {
    const { strategy, hash } = input as CheckOrder;
    return { call, result: checkStrategy(compileStrategy(strategy, () => hash)) };
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { call, fault, retryable: false };
  }
}

port.on("message", (asked: Asked | null) => {
  if (asked === null) port.close();
  else port.postMessage(answer(asked));
});
