// A cut without a turn waits for the next window by a timer, ranked, and never acts on a line that changed.

import { expect, test } from "vitest";
import {
  command,
  decideCommand,
  decideOn,
  decisionId,
  line,
  lineId,
  withLine,
} from "../support/given.ts";

test("without a turn in the budget a decision waits, ranked by expected loss avoided", () => {
  const state = withLine();
  expect(decideOn(state, decideCommand({ granted: false }))).toEqual([
    "DecisionMade",
    "DecisionPaced",
  ]);
  expect(state.decisions.get(decisionId)!.state).toBe("paced");
  expect([...state.timers.values()]).toMatchObject([
    { kind: "pace", priority: 1234, due: "2026-03-03T00:00:00.000Z", state: "waiting" },
  ]);
  expect(decideOn(state, command("Reserve", decisionId, { granted: false }))).toEqual([
    "DecisionPaced",
  ]);
  expect(decideOn(state, command("Reserve", decisionId, { granted: true }))).toEqual([
    "ReviewOpened",
  ]);
  expect(decideOn(state, command("Reserve", decisionId, { granted: true }))).toBe("wrong-state");
});

test("a waiting decision whose line changed is withdrawn when its turn comes", () => {
  const state = withLine();
  decideOn(state, decideCommand({ granted: false }));
  state.lines.set(lineId, line({ ver: 4 }));
  expect(decideOn(state, command("Reserve", decisionId, { granted: true }))).toEqual([
    "DecisionWithdrawn",
  ]);
});
