// The core simulator as a program of its own, so that it can be killed without Tidemark and Tidemark without it:
//   node src/adapters/core-simulator/main.ts --data DIR [--port N] [--faults SPEC] [--seed S] [--stop-when-unused]
// Prints one JSON line with its port when it is ready and stops cleanly on SIGTERM and SIGINT.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Fault } from "../fault.ts";
import { withLockFile } from "../postgres/lock-file.ts";
import { ownIdentity } from "../postgres/process-identity.ts";
import { parseFaultRates } from "./core-faults.ts";
import { createCoreServer } from "./core-server.ts";
import { openSimulatedCore } from "./core-system.ts";
import { identityText, removeEndpoint, writeEndpoint } from "./endpoint-file.ts";
import { createHolders } from "./holders.ts";

const firstUserWithinMs = 15_000;
const lockWaitMs = 10_000;

type Settings = Readonly<{
  data: string;
  port: number;
  faults: string;
  seed: string;
  stopWhenUnused: boolean;
}>;

function parseSettings(argv: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: "string" },
      port: { type: "string", default: "0" },
      faults: { type: "string", default: "none" },
      seed: { type: "string", default: "1" },
      "stop-when-unused": { type: "boolean", default: false },
    },
  });
  const port = Number(values.port);
  if (values.data === undefined)
    throw new Fault("Cannot start core simulator: expected --data DIR", { retryable: false });
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Fault(
      `Cannot start core simulator: found --port ${values.port}, expected 0 to 65535`,
      { retryable: false },
    );
  }
  const { data, faults, seed } = values;
  return { data, port, faults, seed, stopWhenUnused: values["stop-when-unused"] };
}

async function run({ data, port, faults, seed, stopWhenUnused }: Settings): Promise<void> {
  const rates = parseFaultRates(faults);
  const ended = Promise.withResolvers<void>();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => ended.resolve());
  const core = await openSimulatedCore(join(data, "journal.log"), ended.reject);
  const holders = createHolders(stopWhenUnused ? firstUserWithinMs : null, () => ended.resolve());
  const me = ownIdentity();
  const server = createCoreServer({
    core,
    faults: rates,
    seed,
    holders,
    identity: identityText(me),
  });
  try {
    await server.listen({ host: "127.0.0.1", port });
    const address = server.server.address();
    const bound = typeof address === "object" && address !== null ? address.port : port;
    writeEndpoint(data, { ...me, port: bound });
    process.stdout.write(`${JSON.stringify({ ready: true, port: bound, pid: process.pid })}\n`);
    await ended.promise;
  } finally {
    removeEndpoint(data);
    holders.stop();
    await server.close();
    await core.close();
  }
}

try {
  const settings = parseSettings(process.argv.slice(2));
  mkdirSync(settings.data, { recursive: true, mode: 0o700 });
  await withLockFile(join(settings.data, "run.lock"), lockWaitMs, () => run(settings));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
