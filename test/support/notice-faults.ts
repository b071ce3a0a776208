// Notices through a provider that fails, repeats itself and answers out of order, over whatever store they are given: exactly
// one logical notice each, and a person in time where it reached nobody.

import { expect } from "vitest";
import { noticeOutcome } from "./notice-promises.ts";
import { noticeTrial } from "./notice-trial.ts";
import type { TestWorld } from "./world.ts";

const seed = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 1_000_000);

/** Sends `usual` notices, or as many as TIDEMARK_NOTICES says; `script` is how the same trial is run again. */
export async function expectOneNoticeEach(
  world: TestWorld,
  usual: number,
  script: string,
): Promise<void> {
  const notices = Number(process.env["TIDEMARK_NOTICES"] ?? usual);
  console.log(
    `replay: TIDEMARK_SEED=${seed} TIDEMARK_NOTICES=${notices} npm run ${script} -- notice-faults`,
  );
  const trial = await noticeTrial(world, notices, seed);
  const outcome = await noticeOutcome(trial, 120);
  const { messages, posts, failures, receipts, contradictions } = trial.book;
  console.log(JSON.stringify({ ...outcome, messages: messages.length, posts, failures, receipts }));
  expect(outcome.broken).toEqual({});
  expect(outcome.notices).toBe(notices);
  expect(outcome.delivered + outcome.givenUp).toBeGreaterThanOrEqual(notices);
  // The provider was as bad as it says.
  expect(failures / posts).toBeGreaterThan(0.2);
  expect(receipts).toBeGreaterThan(messages.length * 1.5);
  expect(contradictions).toBeGreaterThan(0);
  expect(messages.some(({ times }) => times > 1)).toBe(true);
}
