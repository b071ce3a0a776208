// What holds for the whole lender (a strategy, the test clock, a stop switch, everybody's data) is not for somebody who
// answers for some portfolios only, whatever their roles.

import { expect, test } from "vitest";
import type { Actor } from "../../src/domain/actor.ts";
import { clockRefusal } from "../../src/flow/advance.ts";
import { setHalt } from "../../src/flow/stop-switch.ts";
import { addStrategy, approveStrategy } from "../../src/flow/strategy-life.ts";
import { wholeLenderRefusal } from "../../src/flow/whole-lender.ts";
import { memoryWorld } from "../support/world.ts";
import { strategyDocument } from "../support/strategy-document.ts";

const everyRole = ["analyst", "approver", "operator", "administrator", "compliance"] as const;
const narrow: Actor = {
  id: "narrow",
  roles: everyRole,
  scope: { kind: "portfolios", portfolios: ["cards"] },
};
const wide: Actor = { ...narrow, id: "wide", scope: { kind: "all" } };

const { world } = memoryWorld();

test("strategies are added and approved for every portfolio or not at all", async () => {
  const document = strategyDocument();
  const refused = { refused: "forbidden", detail: { en: expect.stringContaining("scope all") } };
  expect(await addStrategy(world, document, narrow)).toMatchObject(refused);
  const added = await addStrategy(world, document, { ...wide, id: "author" });
  expect(added).toMatchObject({ was: "added" });
  const { id, version } = document as { id: string; version: number };
  expect(await approveStrategy(world, id, version, narrow, null)).toMatchObject(refused);
  expect(await approveStrategy(world, id, version, wide, null)).toMatchObject({ state: "active" });
});

test("the clock and the stop switch are everybody's", async () => {
  expect(clockRefusal(narrow)).toMatchObject({ refused: "forbidden" });
  expect(clockRefusal(wide)).toBeNull();
  const at = await world.clock.now();
  const request = { area: "sweep", reason: "test", expiresAt: at, actor: narrow };
  expect(await setHalt(world, request)).toMatchObject({ refused: "forbidden" });
});

test("the refusal names roles and scope as found and as expected, in both languages", () => {
  const what = { en: "Backup", zh: "备份" };
  expect(wholeLenderRefusal(wide, ["auditor", "administrator"], what)).toBeNull();
  expect(wholeLenderRefusal({ ...narrow, roles: ["auditor"] }, ["auditor"], what)).toEqual({
    refused: "forbidden",
    detail: {
      en: "Backup: found roles auditor with scope portfolios, expected auditor with scope all",
      zh: "备份：当前角色为 auditor、范围为 portfolios，需要 auditor 且范围为 all",
    },
  });
  expect(wholeLenderRefusal({ ...wide, roles: [] }, ["analyst", "auditor"], what)).toMatchObject({
    detail: {
      en: "Backup: found roles none with scope all, expected analyst or auditor with scope all",
    },
  });
});
