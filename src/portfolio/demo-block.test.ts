// Who has several lines and who is tied to whom is known of any line on its own, and nobody among them exists.

import { expect, test } from "vitest";
import { demoBlock, demoOwner } from "./demo-block.ts";
import { demoBuckets } from "./demo-history.ts";
import { demoCustomer } from "./demo-customer.ts";

const seed = 7;

test("some customers have several lines, and the first one bears their number", () => {
  const lines = new Map<number, number[]>();
  for (let number = 0; number < 8_000; number += 1) {
    const owner = demoOwner(seed, number);
    lines.set(owner, [...(lines.get(owner) ?? []), number]);
  }
  for (const [owner, numbers] of lines) expect(numbers[0]).toBe(owner);
  const several = [...lines.values()].filter((numbers) => numbers.length > 1).length;
  expect(several / lines.size).toBeGreaterThan(0.08);
  expect(several / lines.size).toBeLessThan(0.2);
});

test("every tie has its other side", () => {
  for (let line = 0; line < 4_000; line += 8) {
    const { ties, owners } = demoBlock(seed, line);
    const back = { guarantor: "guarantees", guarantees: "guarantor" } as Record<string, string>;
    for (const { from, kind, to } of ties) {
      expect(owners).toContain(from);
      expect(ties).toContainEqual({ from: to, kind: back[kind] ?? kind, to: from });
    }
  }
});

test("lines lie in the bucket of their customer, each once", () => {
  const buckets = demoBuckets({ lines: 5_000, seed });
  const all = buckets.flat().toSorted((left, right) => left - right);
  expect(all).toEqual(Array.from({ length: 5_000 }, (_, number) => number));
});

test("nobody in it exists", () => {
  for (let number = 0; number < 500; number += 1) {
    const { name, phone, email, address, document } = demoCustomer(seed, number).identity;
    expect(name).toMatch(/^(?:演示|Demo )/);
    // No mobile network in China uses numbers that begin with 100.
    expect(phone).toMatch(/^\+86 100 \d{4} \d{4}$/);
    expect(email).toMatch(/@example\.invalid$/);
    expect(address).toMatch(/^演示市样例路|Sample Road, Demo City$/);
    expect(document).toMatch(/^DEMO\d{15}$/);
  }
});
