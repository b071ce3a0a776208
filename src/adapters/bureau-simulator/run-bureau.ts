// The simulated bureau as a running server with its store: opened for one process, closed by it.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openJournal } from "../core-simulator/journal.ts";
import { withLockFile } from "../postgres/lock-file.ts";
import { applyRecord, emptyBureau, type BureauRecord } from "./bureau-book.ts";
import { createBureauServer, parseBureauFaults } from "./bureau-server.ts";

/** Where it keeps what happened, where it listens and what goes wrong. */
export type BureauSettings = Readonly<{
  folder: string;
  port: number;
  faults: string;
  seed: string;
}>;

const lockWaitMs = 10_000;

/**
 * Runs the bureau on the loopback address until `until` resolves. One process at a time keeps a folder. Throws a Fault for
 * faults that cannot be read and for a port that is taken.
 */
export async function runBureau(
  { folder, port, faults, seed }: BureauSettings,
  ready: (url: string) => void,
  until: Promise<void>,
): Promise<void> {
  const rates = parseBureauFaults(faults);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await withLockFile(join(folder, "run.lock"), lockWaitMs, async () => {
    const book = emptyBureau();
    const broken = Promise.withResolvers<void>();
    const journal = await openJournal(
      join(folder, "journal.log"),
      (record) => applyRecord(book, record as BureauRecord),
      broken.reject,
    );
    const server = createBureauServer({ book, journal, faults: rates, seed });
    try {
      ready(await server.listen({ host: "127.0.0.1", port }));
      await Promise.race([until, broken.promise]);
    } finally {
      await server.close();
      await journal.close();
    }
  });
}
