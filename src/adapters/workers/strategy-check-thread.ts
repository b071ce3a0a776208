// The thread that checks strategies: one after the other, until it is told to go.

import { parentPort } from "node:worker_threads";
import { checkDocument } from "../../policy/check/check-document.ts";
import type { Answered, Asked } from "./crew.ts";
import type { CheckOrder } from "./strategy-checks.ts";

const port = parentPort!;

function answer({ call, input }: Asked): Answered {
  try {
    const { document, declared, hash } = input as CheckOrder;
    return { call, result: checkDocument(document, declared, () => hash) };
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { call, fault, retryable: false };
  }
}

port.on("message", (asked: Asked | null) => {
  if (asked === null) port.close();
  else port.postMessage(answer(asked));
});
