// A strategy is compiled once per hash, and a hash that nobody stored is an error.

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Instant } from "../domain/calendar.ts";
import type { StoredStrategy } from "../flow/ports.ts";
import type { CompiledStrategy } from "../policy/compile.ts";
import { strategyCache } from "./strategy-cache.ts";

function stored(id: string): StoredStrategy {
  const document = JSON.stringify({ id });
  const hash = createHash("sha256").update(document).digest("hex");
  const at = "2026-03-02T02:00:00.000Z" as Instant;
  return {
    id,
    version: 1,
    hash,
    document,
    state: "active",
    author: "ann",
    editedBy: [],
    approvedBy: "ben",
    signedOff: [],
    effectiveOn: null,
    restores: null,
    addedAt: at,
  };
}

type Counted = {
  reads: number;
  compiles: number;
  load: (hash: string) => Promise<CompiledStrategy>;
};

function counting(strategies: readonly StoredStrategy[], limit: number): Counted {
  const counted: Counted = {
    reads: 0,
    compiles: 0,
    load: () => Promise.reject(new Error("not ready")),
  };
  const byHash = async (hash: string): Promise<StoredStrategy | null> => {
    counted.reads += 1;
    return strategies.find((one) => one.hash === hash) ?? null;
  };
  const compile = ({ id, version, hash }: StoredStrategy): CompiledStrategy => {
    counted.compiles += 1;
    return { ref: { id, version, hash } } as CompiledStrategy;
  };
  counted.load = strategyCache({ byHash }, compile, limit);
  return counted;
}

test("a strategy is read and compiled once, also for callers at the same time", async () => {
  const one = stored("one");
  const counted = counting([one], 4);
  await Promise.all([counted.load(one.hash), counted.load(one.hash)]);
  expect((await counted.load(one.hash)).ref.id).toBe("one");
  expect(counted).toMatchObject({ reads: 1, compiles: 1 });
});

test("the least recently used makes room", async () => {
  const [one, two, three] = [stored("one"), stored("two"), stored("three")];
  const counted = counting([one, two, three], 2);
  for (const { hash } of [one, two, one, three, one]) await counted.load(hash);
  expect(counted.compiles).toBe(3);
  await counted.load(two.hash);
  expect(counted.compiles).toBe(4);
});

test("an unknown hash is refused and asked for again later", async () => {
  const counted = counting([], 2);
  await expect(counted.load("00")).rejects.toThrow("Cannot load strategy: nobody stored hash 00");
  await expect(counted.load("00")).rejects.toThrow("nobody stored");
  expect(counted.reads).toBe(2);
});

test("stored bytes that are not those that were hashed are never run", async () => {
  const one = stored("one");
  const counted = counting([{ ...one, document: `${one.document} ` }], 2);
  await expect(counted.load(one.hash)).rejects.toThrow("its stored bytes hash to");
  expect(counted.compiles).toBe(0);
});
