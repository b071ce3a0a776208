// The core system as the program holds it: reached only when it is first needed, because most commands never
// speak to it and reaching the sandbox's core means starting a process.

import type { CoreSystem } from "../flow/core-ports.ts";
import { createHttpCoreSystem } from "./core/http-core-system.ts";
import { createSimulatorClient, type SimulatorClient } from "./core/simulator-client.ts";
import { useSimulator, type SimulatorOptions } from "./core/simulator-process.ts";

/** A core system that was reached. `simulator` is null where the core system is the lender's own. */
export type OpenCore = Readonly<{
  system: CoreSystem;
  simulator: SimulatorClient | null;
  close: () => Promise<void>;
}>;

export type CoreSeat = Readonly<{
  /** reaches the core system on first use */
  system: CoreSystem;
  /** what was reached; reaches it now if nobody did */
  reach: () => Promise<OpenCore>;
  /** lets go of what was reached; idempotent */
  close: () => Promise<void>;
}>;

/** Calls `open` at most once; after a failure the next use tries again. */
export function lazyCore(open: () => Promise<OpenCore>): CoreSeat {
  let reached: Promise<OpenCore> | null = null;
  let closed = false;
  const reach = (): Promise<OpenCore> => {
    if (closed) return Promise.reject(new Error("Core system used after it was closed"));
    reached ??= open().catch((error: unknown) => {
      reached = null;
      throw error;
    });
    return reached;
  };
  return {
    reach,
    system: {
      find: async (operationId) => (await reach()).system.find(operationId),
      apply: async (operation) => (await reach()).system.apply(operation),
      accounts: async (after, limit) => (await reach()).system.accounts(after, limit),
    },
    close: async () => {
      if (closed) return;
      closed = true;
      const open = await reached?.catch(() => null);
      await open?.close();
    },
  };
}

/** The lender's own core system at a URL. */
export async function openCoreAt(url: string): Promise<OpenCore> {
  const system = createHttpCoreSystem({ url: async () => url });
  return { system, simulator: null, close: async () => undefined };
}

/** The simulator of a data folder, started when nobody uses it. */
export async function openSimulator(options: SimulatorOptions): Promise<OpenCore> {
  const { url, close } = await useSimulator(options);
  return { system: createHttpCoreSystem({ url }), simulator: createSimulatorClient(url), close };
}
