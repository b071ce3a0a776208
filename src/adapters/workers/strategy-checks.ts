// Checks of strategies in a thread of their own: a check may look at millions of cells, and whoever serves requests or
// turns must go on meanwhile. One thread does one check after the other; it starts when it is first asked and keeps no
// process alive.

import type { DeclaredFacts } from "../../domain/declared-fact.ts";
import type { StrategyCheck } from "../../flow/ports.ts";
import type { CheckedDocument } from "../../policy/check/check-document.ts";
import { startThreads, type Threads } from "./crew.ts";

/** What the thread is asked: a document, the facts that are made of signals, and the hash of the document. */
export type CheckOrder = Readonly<{ document: unknown; declared: DeclaredFacts; hash: string }>;

export type StrategyChecks = Readonly<{
  check: StrategyCheck;
  /** ends the thread; what it was asked then fails. Idempotent */
  close: () => Promise<void>;
}>;

/** Opens the thread on first use, and again after one that died. */
export function strategyChecks(): StrategyChecks {
  let threads: Threads | null = null;
  return {
    check: async (document, declared, hash) => {
      const asked = (threads ??= startThreads(program, 1, null, () => undefined));
      try {
        return (await asked.ask(0, {
          document,
          declared,
          hash,
        } satisfies CheckOrder)) as CheckedDocument;
      } catch (error) {
        if (threads === asked) threads = null;
        throw error;
      }
    },
    close: async () => {
      const open = threads;
      threads = null;
      await open?.close();
    },
  };
}

// From source it is a .ts file, from dist a .js file, like this one.
const ending = import.meta.url.endsWith(".ts") ? "ts" : "js";
const program = new URL(`./strategy-check-thread.${ending}`, import.meta.url);
