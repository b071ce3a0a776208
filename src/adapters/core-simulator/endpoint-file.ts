// Where the simulator of a data folder listens, and which very process it is, so that the command line and the
// server find the same one and never talk to a stranger that got its port.

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "../postgres/process-identity.ts";

export type Endpoint = ProcessIdentity & Readonly<{ port: number }>;

/** Names a process for the protocol: it is compared, never parsed. */
export function identityText({ pid, birth }: ProcessIdentity): string {
  return `${pid}.${birth}`;
}

/** Writes the file whole: it is never seen half-written. */
export function writeEndpoint(folder: string, endpoint: Endpoint): void {
  const draft = join(folder, `endpoint.${endpoint.pid}.draft`);
  writeFileSync(draft, JSON.stringify(endpoint), { mode: 0o600 });
  renameSync(draft, endpointPath(folder));
}

/** The endpoint last written, whether or not its process still runs. */
export function readEndpoint(folder: string): Endpoint | null {
  try {
    const found = JSON.parse(
      readFileSync(endpointPath(folder), "utf8"),
    ) as Partial<Endpoint> | null;
    const { pid, birth, port } = found ?? {};
    if (typeof pid !== "number" || typeof birth !== "string" || typeof port !== "number")
      return null;
    return { pid, birth, port };
  } catch {
    return null;
  }
}

export function removeEndpoint(folder: string): void {
  rmSync(endpointPath(folder), { force: true });
}

function endpointPath(folder: string): string {
  return join(folder, "endpoint.json");
}
