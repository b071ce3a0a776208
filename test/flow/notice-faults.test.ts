// Notices through a provider that fails, repeats itself and answers out of order: exactly one logical notice each, and
// a person in time where it reached nobody.

import { expect, test } from "vitest";
import { noticeOutcome } from "../support/notice-promises.ts";
import { noticeTrial } from "../support/notice-trial.ts";
import { memoryWorld } from "../support/world.ts";

const notices = Number(process.env["TIDEMARK_NOTICES"] ?? 600);
const seed = Number(process.env["TIDEMARK_SEED"] ?? Date.now() % 1_000_000);

test(`${notices} notices arrive once or go to a person in time`, async () => {
  console.log(
    `replay: TIDEMARK_SEED=${seed} TIDEMARK_NOTICES=${notices} npm run test -- notice-faults`,
  );
  const trial = await noticeTrial(memoryWorld(), notices, seed);
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
});
