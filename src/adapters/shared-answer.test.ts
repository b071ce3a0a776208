// Costly reads are shared while they run and for a few times as long after, failures never.

import { expect, test } from "vitest";
import { sharedAnswer } from "./shared-answer.ts";

function setUp() {
  let at = 0;
  let reads = 0;
  const open: ((failure?: Error) => void)[] = [];
  const shared = sharedAnswer(
    (key: string) =>
      new Promise<string>((resolve, reject) => {
        const answer = `${key}${++reads}`;
        open.push((failure) => (failure === undefined ? resolve(answer) : reject(failure)));
      }),
    (key) => key,
    () => at,
  );
  const pass = (ms: number): void => void (at += ms);
  return { shared, open, pass };
}

test("who asks meanwhile gets the same answer, who asks for something else another", async () => {
  const { shared, open } = setUp();
  const asked = [shared("a"), shared("a"), shared("b")];
  for (const end of open) end();
  expect(await Promise.all(asked)).toEqual(["a1", "a1", "b2"]);
});

test("an answer is given again for four times as long as it took", async () => {
  const { shared, open, pass } = setUp();
  const first = shared("a");
  pass(100);
  open[0]!();
  expect(await first).toBe("a1");
  pass(400);
  expect(await shared("a")).toBe("a1");
  pass(1);
  const again = shared("a");
  open[1]!();
  expect(await again).toBe("a2");
});

test("a failure is told to those who asked and then forgotten", async () => {
  const { shared, open } = setUp();
  const asked = [shared("a"), shared("a")];
  open[0]!(new Error("gone"));
  const told = await Promise.allSettled(asked);
  expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const again = shared("a");
  open[1]!();
  expect(await again).toBe("a2");
});
