// Loading in bulk goes through the one write path: every command once, in the order of its bucket, and an interrupted
// load is finished by loading again.

import { expect, test } from "vitest";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import { bucketOfCustomer, type Bucket } from "../../src/domain/id.ts";
import type { Registration } from "../../src/flow/registration.ts";
import type { Command } from "../../src/flow/step.ts";
import { bulkLoad, byBucket, type BucketLoad } from "../../src/portfolio/bulk-load.ts";
import { importDay, importWorld, operator } from "../support/import-world.ts";

const references = Array.from({ length: 60 }, (_, index) => `C${index}`);

function given() {
  const store = memoryStore();
  const world = importWorld(store);
  const register = (bucket: Bucket, customer: string, line = customer): Command => {
    const subject = world.ids.derive(bucket, "line", "cards", line);
    const body: Registration = {
      customerId: world.ids.derive(bucket, "customer", customer),
      ...{ customerReference: customer, lineReference: `L-${line}`, portfolio: "cards" },
      ...{ product: "card", jurisdiction: "cn", currency: "CNY", language: "zh" },
      ...{ limitMinor: 2_000_000, drawnMinor: 0, pendingMinor: 0, status: "active" },
      ...{ openedOn: null, asOf: importDay, facts: { score: 700 }, identity: {} },
    };
    const id = world.ids.derive(bucket, "load", subject);
    return { id, kind: "RegisterLine", subject, actor: operator, cause: id, body };
  };
  const balance = (line: Command, number: number): Command => ({
    ...line,
    id: world.ids.derive(0, line.id, String(number)),
    kind: "RecordSignal",
    body: {
      ...{ source: "ledger", id: `${line.id} ${number}`, type: "drawdown", asOf: importDay },
      amount: { amountMinor: 100 * number, currency: "CNY" },
    },
  });
  const loads = (): readonly BucketLoad[] =>
    byBucket(references, (reference) => reference).map(([bucket, customers]) => ({
      bucket,
      commands: customers.flatMap((customer) => {
        const line = register(bucket, customer);
        return [line, balance(line, 1), balance(line, 2)];
      }),
    }));
  return { store, world, loads, register };
}

test("every command is stored once, in batches, and loading again changes nothing", async () => {
  const { store, world, loads } = given();
  const seen: number[] = [];
  const first = await bulkLoad(world, loads(), {
    batch: 2,
    onProgress: ({ commands }) => seen.push(commands),
  });
  expect(first).toEqual({ commands: 180, stored: 180, unchanged: 0, refused: 0, events: 180 });
  expect(seen.at(-1)).toBe(180);
  expect(seen.length).toBeGreaterThanOrEqual(90);
  const { rows } = await store.reads.lines({ after: null, limit: 100 }, {});
  expect(rows).toHaveLength(60);
  expect(new Set(rows.map(({ drawnMinor }) => drawnMinor))).toEqual(new Set([300]));
  const again = await bulkLoad(world, loads());
  expect(again).toEqual({ commands: 180, stored: 0, unchanged: 180, refused: 0, events: 0 });
});

test("a load that was stopped is finished by the next one", async () => {
  const { world, loads } = given();
  let left = 5;
  const part = await bulkLoad(world, loads(), { batch: 1, parallel: 1, stop: () => --left < 0 });
  expect(part.commands).toBeGreaterThan(0);
  expect(part.commands).toBeLessThan(180);
  const rest = await bulkLoad(world, loads());
  expect(rest).toMatchObject({ stored: 180 - part.stored, unchanged: part.stored });
});

test("the first refusal ends the load, unless somebody takes refusals", async () => {
  const { world, register } = given();
  const bucket = bucketOfCustomer("C1");
  const line = register(bucket, "C1");
  const late = { ...line, body: { ...line.body, asOf: "2099-01-01" } };
  const load = [{ bucket, commands: [late, line] }];
  await expect(bulkLoad(world, load)).rejects.toThrow(/Cannot load: RegisterLine/);
  const refused: string[] = [];
  const found = await bulkLoad(world, load, {
    onRefusal: (_command, refusal) => refused.push(refusal.refused),
  });
  expect(refused).toEqual(["future-date"]);
  expect(found).toMatchObject({ stored: 0, unchanged: 1, refused: 1 });
});

test("a reference that belongs to another line ends the load and names its holder", async () => {
  const { world, register } = given();
  const [one, other] = [bucketOfCustomer("C1"), bucketOfCustomer("C2")];
  await bulkLoad(world, [{ bucket: one, commands: [register(one, "C1", "same")] }]);
  const rival = [{ bucket: other, commands: [register(other, "C2", "same")] }];
  await expect(bulkLoad(world, rival)).rejects.toThrow(
    "Cannot load line L-same: customer C1 in portfolio cards has it",
  );
});
