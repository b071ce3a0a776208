// Does the core system have the limits that we think it has? Every account is compared; a difference that an
// operation on its way explains is told apart from one that nobody can explain.

import type { CreditLine } from "../domain/credit-line.ts";
import type { CoreAccount } from "../flow/core-ports.ts";
import { pagesOf } from "../flow/page.ts";
import type { World } from "../flow/ports.ts";

export type Difference = Readonly<{
  lineReference: string;
  field: "limit" | "status" | "missing-at-core" | "missing-here";
  here: string | null;
  core: string | null;
  /** true when an unconfirmed operation of ours is on its way */
  pending: boolean;
}>;

export type Reconciliation = Readonly<{
  compared: number;
  differences: readonly Difference[];
}>;

const pageSize = 500;

/** Compares all lines of one portfolio (null: all) with the core system's accounts. Reads only. */
export async function reconcile(
  world: World,
  portfolio: string | null,
  onProgress: (compared: number) => void = () => {},
): Promise<Reconciliation> {
  const accounts = await allAccounts(world);
  const differences: Difference[] = [];
  let compared = 0;
  const filter = portfolio === null ? {} : { portfolio };
  for await (const lines of pagesOf((page) => world.store.reads.lines(page, filter), pageSize)) {
    for (const line of lines) {
      const found = compare(line, accounts.get(line.reference));
      if (found.length > 0) differences.push(...(await markPending(world, line, found)));
      accounts.delete(line.reference);
      compared += 1;
    }
    onProgress(compared);
  }
  if (portfolio === null) {
    for (const reference of accounts.keys()) {
      differences.push(difference(reference, "missing-here", null, reference));
    }
  }
  return { compared, differences };
}

async function allAccounts(world: World): Promise<Map<string, CoreAccount>> {
  const accounts = new Map<string, CoreAccount>();
  let after: string | null = null;
  for (;;) {
    const page: readonly CoreAccount[] = await world.core.accounts(after, pageSize);
    for (const account of page) accounts.set(account.lineReference, account);
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return accounts;
    after = last.lineReference;
  }
}

function compare(line: CreditLine, account: CoreAccount | undefined): readonly Difference[] {
  if (account === undefined) {
    return [difference(line.reference, "missing-at-core", line.reference, null)];
  }
  const found: Difference[] = [];
  if (line.limitMinor !== account.limitMinor) {
    found.push(
      difference(line.reference, "limit", String(line.limitMinor), String(account.limitMinor)),
    );
  }
  const status = line.status === "closed" ? "closing" : line.status;
  const coreStatus = account.status === "closed" ? "closing" : account.status;
  if (status !== coreStatus) {
    found.push(difference(line.reference, "status", line.status, account.status));
  }
  return found;
}

function difference(
  lineReference: string,
  field: Difference["field"],
  here: string | null,
  core: string | null,
): Difference {
  return { lineReference, field, here, core, pending: false };
}

async function markPending(
  world: World,
  line: CreditLine,
  found: readonly Difference[],
): Promise<readonly Difference[]> {
  const decisions = await world.store.reads.decisions(
    { after: null, limit: 50 },
    { lineId: line.id, state: "noticed" },
  );
  const pending = decisions.rows.some((decision) => decision.operationId !== null);
  return found.map((one) => ({ ...one, pending }));
}
