// What a check says decides whether a version can come into force: a refuted law never, an undecided one only under the
// name of the approver, which is kept.

import { describe, expect, test } from "vitest";
import type { World } from "../../src/flow/ports.ts";
import { addStrategy, approveStrategy } from "../../src/flow/strategy-life.ts";
import { actor } from "../support/given.ts";
import { changed, strategyDocument } from "../support/strategy-document.ts";
import { memoryWorld } from "../support/world.ts";

const author = actor("ann", "analyst");
const approver = actor("app", "approver");
const undecided = "never-milder:drawn";

/** The small strategy with a direction on one of its facts. */
function directed(fact: number): ReturnType<typeof strategyDocument> {
  return changed(`/facts/${fact}/harsherWhen`, "higher");
}

async function worldWith(document: ReturnType<typeof strategyDocument>): Promise<World> {
  const { world } = memoryWorld();
  const added = await addStrategy(world, document, author);
  expect(added).toMatchObject({ was: "added", strategy: { signedOff: [] } });
  return world;
}

describe("bringing a strategy into force", () => {
  test("is refused at submission when a law is refuted, with the line that shows it", async () => {
    const { world } = memoryWorld();
    const added = await addStrategy(world, directed(5), author);
    expect(added).toMatchObject({
      refused: "invalid",
      detail: { en: expect.stringMatching(/Never milder when "Days late" grows: .* yet /) },
    });
    expect(await world.store.strategies.list()).toEqual([]);
  });

  test("is refused at approval too, for drafts that came in another way", async () => {
    const world = await worldWith(strategyDocument());
    const [stored] = await world.store.strategies.list();
    const other = { ...stored!, version: 4, hash: "other" };
    const document = JSON.stringify({ ...directed(5), version: 4 });
    await world.store.strategies.add({ ...other, document });
    expect(await approveStrategy(world, "small", 4, approver, null)).toMatchObject({
      refused: "invalid",
    });
    expect((await world.store.strategies.find("small", 4))?.state).toBe("draft");
  });

  test("needs the approver's name under every law that is undecided, and keeps it", async () => {
    const world = await worldWith(directed(1));
    expect(await approveStrategy(world, "small", 3, approver, null)).toMatchObject({
      refused: "wrong-state",
      detail: { en: expect.stringContaining(undecided) },
    });
    const approved = await approveStrategy(world, "small", 3, approver, null, {
      signOff: [undecided],
    });
    expect(approved).toMatchObject({ state: "active", approvedBy: "app", signedOff: [undecided] });
    expect(await world.store.strategies.active("small")).toEqual(approved);
  });

  test("takes no sign-off for a law that is not undecided", async () => {
    const world = await worldWith(directed(1));
    const signOff = [undecided, "never-raises"];
    expect(await approveStrategy(world, "small", 3, approver, null, { signOff })).toMatchObject({
      refused: "invalid",
      detail: { en: expect.stringContaining("never-raises") },
    });
  });
});
