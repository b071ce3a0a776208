// What the sandbox asks of its core simulator beyond what Tidemark asks of any core system: to open accounts, to
// draw as a customer would, and to fail in a chosen way.

import { z } from "zod";
import type { CoreAccount, CoreResult } from "../../flow/core-ports.ts";
import { resultForm } from "./core-protocol.ts";
import { sendCoreRequest, type CoreReply } from "./core-request.ts";
import { readReply } from "./http-core-system.ts";

const loadedForm = z.object({ added: z.number(), kept: z.number() });
const accountsAtOnce = 1_000;
const timeoutMs = 30_000;

export type SimulatorClient = Readonly<{
  /** Opens accounts that are not there; those that are stay as they are. In batches, so that any number fits. */
  load: (
    accounts: Iterable<CoreAccount> | AsyncIterable<CoreAccount>,
  ) => Promise<Readonly<{ added: number; kept: number }>>;
  /** One drawdown by its id; the same id again is the same drawdown. */
  draw: (lineReference: string, drawdownId: string, amountMinor: number) => Promise<CoreResult>;
  /** The faults that operations meet whose id or line reference is `match`; none are none. */
  script: (match: string, faults: readonly string[]) => Promise<void>;
}>;

/** Speaks to the simulator at `url`, which is asked before each request. Throws Faults. */
export function createSimulatorClient(url: () => Promise<string>): SimulatorClient {
  const post = async (path: string, body: unknown): Promise<CoreReply> =>
    sendCoreRequest(await url(), { method: "POST", path, body, timeoutMs });
  const loadBatch = async (
    accounts: readonly CoreAccount[],
  ): Promise<z.infer<typeof loadedForm>> => {
    const path = "/accounts";
    return readReply(loadedForm, { method: "POST", path }, await post(path, { accounts }));
  };
  return {
    load: async (accounts) => {
      const sum = { added: 0, kept: 0 };
      let batch: CoreAccount[] = [];
      const flush = async (): Promise<void> => {
        const { added, kept } = await loadBatch(batch);
        sum.added += added;
        sum.kept += kept;
        batch = [];
      };
      for await (const account of accounts) {
        batch.push(account);
        if (batch.length === accountsAtOnce) await flush();
      }
      if (batch.length > 0) await flush();
      return sum;
    },
    draw: async (lineReference, drawdownId, amountMinor) => {
      const path = `/accounts/${encodeURIComponent(lineReference)}/drawdown`;
      return readReply(
        resultForm,
        { method: "POST", path },
        await post(path, { drawdownId, amountMinor }),
      );
    },
    script: async (match, faults) => {
      const reply = await post("/faults", { match, faults });
      if (reply.status !== 204) readReply(z.never(), { method: "POST", path: "/faults" }, reply);
    },
  };
}
