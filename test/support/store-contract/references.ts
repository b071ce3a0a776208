// The directory of references: one reference is one line in the whole installation, whoever asks at the same time.

import { describe, expect, test } from "vitest";
import type { LineReference } from "../../../src/flow/ports.ts";
import { idOf, type OpenStore } from "./rows.ts";

/** A reference claimed for the line of a customer; each owner is a line of its own, in a bucket of its own. */
function claimed(reference: string, owner = 1, change: Partial<LineReference> = {}): LineReference {
  return {
    reference,
    lineId: idOf(owner, `line ${reference} of ${owner}`),
    portfolio: "cards",
    customerReference: `C-${owner}`,
    ...change,
  };
}

const byReference = (rows: readonly LineReference[]): readonly LineReference[] =>
  rows.toSorted((one, other) => (one.reference < other.reference ? -1 : 1));

export function referencesContract(open: OpenStore): void {
  describe("references", () => {
    test("belong to the line that claimed them first, and claiming again changes nothing", async () => {
      const { references } = await open();
      const own = [claimed("L-2"), claimed("L-1")];
      expect(await references.claim(own)).toEqual([]);
      expect(await references.claim(own)).toEqual([]);
      expect(byReference(await references.holders(["L-1", "L-2"]))).toEqual(byReference(own));
    });

    test("of another line come back with their holder; the others of the same call are claimed", async () => {
      const { references } = await open();
      await references.claim([claimed("L-1"), claimed("L-2")]);
      const elsewhere = [claimed("L-3", 2), claimed("L-2", 2), claimed("L-1")];
      expect(await references.claim(elsewhere)).toEqual([claimed("L-2")]);
      expect(await references.holders(["L-3"])).toEqual([claimed("L-3", 2)]);
      expect(await references.holders(["L-2"])).toEqual([claimed("L-2")]);
    });

    test("stay with the line however its portfolio and customer are written later", async () => {
      const { references } = await open();
      await references.claim([claimed("L-1")]);
      const renamed = claimed("L-1", 1, { portfolio: "loans", customerReference: "C-9" });
      expect(await references.claim([renamed])).toEqual([]);
      expect(await references.holders(["L-1"])).toEqual([claimed("L-1")]);
    });

    test("claimed for two lines in one call go to the first", async () => {
      const { references } = await open();
      expect(await references.claim([claimed("L-1", 2), claimed("L-1", 1)])).toEqual([
        claimed("L-1", 2),
      ]);
    });

    test("that nobody holds are left out, and nothing asked is nothing answered", async () => {
      const { references } = await open();
      await references.claim([claimed("L-1")]);
      expect(await references.holders(["L-0", "L-1", "L-1", "l-1"])).toEqual([claimed("L-1")]);
      expect(await references.holders([])).toEqual([]);
      expect(await references.claim([])).toEqual([]);
    });

    test("are told apart byte by byte, whatever they are written with", async () => {
      const { references } = await open();
      const names = ["额度-1", '"L\\1"', "{L,1}", "NULL", " L-1", "L-1", "l-1", "Ｌ-1"];
      const own = names.map((name) =>
        claimed(name, 1, { portfolio: '"p\\', customerReference: name }),
      );
      expect(await references.claim(own)).toEqual([]);
      expect(byReference(await references.holders(names))).toEqual(byReference(own));
    });

    test("claimed by many at once for lines of their own go to exactly one", async () => {
      const { references } = await open();
      const names = Array.from({ length: 40 }, (_, at) => `L-${at}`);
      const owners = [1, 2, 3, 4, 5, 6];
      // Rivals go through the same references from different ends.
      const answers = await Promise.all(
        owners.map((owner) => {
          const lines = names.map((name) => claimed(name, owner));
          return references.claim(owner % 2 === 0 ? lines : lines.toReversed());
        }),
      );
      const held = await references.holders(names);
      expect(held).toHaveLength(names.length);
      for (const holder of held) {
        const told = answers.filter((answer) =>
          answer.some(({ reference }) => reference === holder.reference),
        );
        expect(told).toHaveLength(owners.length - 1);
        for (const answer of told) expect(answer).toContainEqual(holder);
      }
    });

    test("claimed by many at once for the same line are everybody's", async () => {
      const { references } = await open();
      const own = Array.from({ length: 40 }, (_, at) => claimed(`L-${at}`));
      const answers = await Promise.all(Array.from({ length: 6 }, () => references.claim(own)));
      expect(answers.flat()).toEqual([]);
    });
  });
}
