// The words of notices: one version per text, one number per version, approved once.

import { describe, expect, test } from "vitest";
import { at, noon, type OpenStore } from "./rows.ts";

const draft = {
  hash: "hash-1",
  author: "wang.wei",
  addedAt: noon,
  texts: '{"en":{},"zh":{"x":"词"}}',
};

/** Tests of the port `noticeTexts`. */
export function noticeTextsContract(open: OpenStore): void {
  describe("notice texts", () => {
    test("are numbered from one, and the same texts are the same version", async () => {
      const { noticeTexts } = await open();
      expect(await noticeTexts.inForce()).toBe(0);
      const first = await noticeTexts.add(draft);
      expect(first).toEqual({
        ...{ ...draft, version: 1, state: "draft", approvedBy: null, approvedAt: null },
      });
      const second = await noticeTexts.add({ ...draft, hash: "hash-2" });
      expect(second.version).toBe(2);
      expect(await noticeTexts.add({ ...draft, author: "sun.li" })).toEqual(first);
      expect(await noticeTexts.find(2)).toEqual(second);
      expect(await noticeTexts.find(3)).toBeNull();
      expect(await noticeTexts.list()).toEqual([first, second]);
    });

    test("added at the same time get numbers of their own", async () => {
      const { noticeTexts } = await open();
      const names = ["a", "b", "c", "d"];
      const added = await Promise.all(names.map((hash) => noticeTexts.add({ ...draft, hash })));
      expect(new Set(added.map(({ version }) => version))).toEqual(new Set([1, 2, 3, 4]));
    });

    test("are in force from the latest approval on, and approved once", async () => {
      const { noticeTexts } = await open();
      for (const hash of ["a", "b"]) await noticeTexts.add({ ...draft, hash });
      expect(await noticeTexts.approve(2, "zhao.min", noon)).toBe(true);
      expect(await noticeTexts.approve(2, "sun.li", noon)).toBe(false);
      expect(await noticeTexts.approve(9, "sun.li", noon)).toBe(false);
      expect(await noticeTexts.inForce()).toBe(2);
      expect(await noticeTexts.find(2)).toMatchObject({
        ...{ state: "approved", approvedBy: "zhao.min", approvedAt: noon },
      });
      await noticeTexts.approve(1, "sun.li", at("2026-04-01"));
      expect(await noticeTexts.inForce()).toBe(1);
    });
  });
}
