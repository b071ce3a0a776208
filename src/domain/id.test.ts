// Ids carry their bucket, and buckets spread customers evenly for ever in the same way.

import fc from "fast-check";
import { expect, test } from "vitest";
import { bucketCount, bucketOfCustomer, bucketOfId, idFromDigest, isId } from "./id.ts";

test("an id made from a digest is a UUIDv8 that gives its bucket back", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 0, max: bucketCount - 1 }),
      (digest, bucket) => {
        const id = idFromDigest(digest, bucket);
        return isId(id) && id[14] === "8" && bucketOfId(id) === bucket;
      },
    ),
  );
});

test("the bucket of a customer never changes", () => {
  expect(["1", "2", "30000", "客户-007", ""].map(bucketOfCustomer)).toMatchInlineSnapshot(`
    [
      399,
      351,
      844,
      419,
      11,
    ]
  `);
});

test("references in sequence spread evenly over the buckets", () => {
  const sizes = Array.from({ length: bucketCount }, () => 0);
  for (let customer = 1; customer <= 102_400; customer += 1) {
    sizes[bucketOfCustomer(String(customer))]! += 1;
  }
  expect(Math.min(...sizes)).toBeGreaterThan(60);
  expect(Math.max(...sizes)).toBeLessThan(150);
});
