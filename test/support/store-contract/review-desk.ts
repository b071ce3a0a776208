// The review desk's half of the store contract: whose queues a case stands in, and files that are sealed and come back.

import { describe, expect, test } from "vitest";
import type { NewAttachment } from "../../../src/domain/attachment.ts";
import type { DeskRights } from "../../../src/domain/desk-rights.ts";
import type { Role } from "../../../src/domain/actor.ts";
import type { Appeal } from "../../../src/domain/review-case.ts";
import { addDecision, at, idOf, register, reviewCase, write, type OpenStore } from "./rows.ts";

const bucket = 5;
const page = { after: null, limit: 100 } as const;
const appeal: Appeal = {
  ground: "can-repay",
  by: "bo",
  channel: "phone",
  how: "recorded call",
  decidedBy: ["rita"],
};

export function reviewDeskContract(open: OpenStore): void {
  describe("the review desk", () => {
    test("a case stands in the queues of who may decide it and has it in his hands or nobody has", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      await addDecision(store, bucket, "a");
      await write(store, bucket, ["a"], (state) => {
        const free = {
          assignedTo: null,
          snooze: null,
          override: null,
          approvals: [],
          touchedBy: [],
        };
        const review = reviewCase(bucket, "a", { ...free, impactMinor: 500 });
        state.reviews.set(review.id, review);
      });
      const found = async (
        id: string,
        roles: readonly Role[],
        desk?: DeskRights,
      ): Promise<number> => {
        const workableBy = { id, roles, ...(desk === undefined ? {} : { desk }) };
        return (await store.reads.reviews(page, { workableBy })).rows.length;
      };
      const skills = ["closures", "x"];
      const limit = (amountMinor: number, currency: "CNY" | "USD"): DeskRights => ({
        skills,
        authority: [{ amountMinor, currency }],
      });
      expect(await found("zoe", ["reviewer"], { skills, authority: null })).toBe(1);
      expect(await found("zoe", ["approver"], limit(500, "CNY"))).toBe(1);
      expect(await found("zoe", ["reviewer"], limit(499, "CNY"))).toBe(0);
      expect(await found("zoe", ["reviewer"], limit(900, "USD"))).toBe(0);
      expect(await found("zoe", ["reviewer"], { skills: [], authority: null })).toBe(0);
      expect(await found("zoe", ["reviewer"])).toBe(0);
      expect(await found("zoe", ["legal"], { skills, authority: null })).toBe(0);
    });

    test("lists narrow by hands, question, skill, priority, time of resolution and appeals", async () => {
      const store = await open();
      await register(store, bucket, ["a"]);
      await addDecision(store, bucket, "a");
      await write(store, bucket, ["a"], (state) => {
        const review = reviewCase(bucket, "a");
        state.reviews.set(review.id, review);
        const resolvedAt = at("2026-04-02", "10:00:00.000");
        const done = reviewCase(bucket, "b", {
          ...{ decisionId: review.decisionId, lineId: review.lineId },
          ...{ customerId: review.customerId, priority: "normal", skills: [], opinions: [] },
          ...{ assignedTo: null, state: "resolved", resolution: "upheld", resolvedAt, appeal },
        });
        state.reviews.set(done.id, done);
      });
      expect((await store.reads.review(idOf(bucket, "review b")))?.appeal).toEqual(appeal);
      const found = async (
        filter: Parameters<typeof store.reads.reviews>[1],
      ): Promise<readonly string[]> =>
        (await store.reads.reviews(page, filter)).rows.map(({ id }) => id);
      const first = [idOf(bucket, "review a")];
      const second = [idOf(bucket, "review b")];
      expect(await found({ assignedTo: "zoe" })).toEqual(first);
      expect(await found({ assignedTo: "bo" })).toEqual([]);
      expect(await found({ askedOf: "bo" })).toEqual(first);
      expect(await found({ askedOf: "zoe" })).toEqual([]);
      expect(await found({ skill: "closures" })).toEqual(first);
      expect(await found({ skill: "clos" })).toEqual([]);
      expect(await found({ priority: "normal" })).toEqual(second);
      const from = at("2026-04-02", "10:00:00.000");
      expect(await found({ resolvedFrom: from })).toEqual(second);
      expect(await found({ resolvedBefore: from })).toEqual([]);
      expect(await found({ appeals: true })).toEqual(second);
      expect(await found({ appeals: false })).toEqual(first);
    });

    test("a file comes back as it was, and a list does not carry its contents", async () => {
      const store = await open();
      const file: NewAttachment = {
        ...{ bucket, id: idOf(bucket, "file"), reviewId: idOf(bucket, "review a") },
        ...{ customerId: idOf(bucket, "customer a"), type: "image/png", sizeBytes: 4 },
        ...{ sha256: "ab", addedBy: "zoe", addedAt: at("2026-04-01", "10:00:00.000") },
        ...{ name: "收入.png", bytes: new Uint8Array([0, 255, 128, 10]) },
      };
      await register(store, bucket, ["a"]);
      await addDecision(store, bucket, "a");
      await write(
        store,
        bucket,
        ["a"],
        (state) => {
          state.attachments.push(file);
        },
        { lines: [idOf(bucket, "line a")] },
      );
      const { bytes: _bytes, ...listed } = file;
      expect(await store.attachments.list(file.reviewId)).toEqual([listed]);
      expect(await store.attachments.list(idOf(bucket, "review b"))).toEqual([]);
      expect(await store.attachments.open(file.id)).toEqual(file);
      expect(await store.attachments.open(idOf(bucket, "other"))).toBeNull();
      expect(await store.attachments.open("no id")).toBeNull();
    });
  });
}
