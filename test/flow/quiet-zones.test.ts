// Quiet hours through the whole write path: where the pack names the zone of a customer's region, the message of a notice
// waits by the customer's clock; elsewhere by the lender's. A zone that nobody knows is refused when the pack is read.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readPackFiles } from "../../src/adapters/files/pack-files.ts";
import { memoryStore } from "../../src/adapters/memory/store.ts";
import type { CompliancePack } from "../../src/compliance/pack.ts";
import { bucketOfCustomer } from "../../src/domain/id.ts";
import type { World } from "../../src/flow/ports.ts";
import { transact } from "../../src/flow/transact.ts";
import { plant } from "../support/api.ts";
import { testDelivery } from "../support/compliance-pack.ts";
import { repositoryRoot } from "../support/documents.ts";
import { pack } from "../support/given.ts";
import { offerWorld } from "../support/offers.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-zones-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = pack();
const law: CompliancePack = {
  ...plain,
  notice: {
    ...plain.notice,
    channels: { ...plain.notice.channels, value: ["sms"] },
    delivery: {
      ...plain.notice.delivery,
      value: {
        ...testDelivery,
        quietHours: {
          ...{ channels: ["sms"], from: "21:00", to: "08:00" },
          zones: [{ regions: ["west"], zone: "Australia/Perth" }],
        },
      },
    },
  },
};

test("a message leaves by the clock of the region that the newest facts name", async () => {
  const { world: base, reviewer } = await offerWorld(memoryStore(), { consent: {} });
  const world: World = { ...base, packs: () => law };
  const leavesAt = async (reference: string, facts: Parameters<typeof plant>[3]) => {
    const { decisionId, reviewId } = await plant(world, reference, "cards", facts);
    const id = world.ids.fresh();
    const approve = {
      id,
      kind: "Approve",
      subject: reviewId,
      actor: reviewer,
      cause: id,
      body: {},
    };
    await transact(world, bucketOfCustomer(reference), [approve]);
    const { noticeId } = (await world.store.reads.decision(decisionId))!;
    return (await world.store.reads.notice(noticeId!))!.deliveries[0]!.notBefore;
  };
  // 02:00 by the lender's clock is 10:00 in Perth.
  expect(await leavesAt("C-west", { region: "west" })).toBe("2026-03-02T02:00:00.000Z");
  expect(await leavesAt("C-east", { region: "east" })).toBe("2026-03-02T08:00:00.000Z");
  expect(await leavesAt("C-nowhere", {})).toBe("2026-03-02T08:00:00.000Z");
});

test("a zone that does not exist is refused with its file", () => {
  cpSync(join(repositoryRoot, "compliance-packs"), folder, { recursive: true });
  const path = join(folder, "au", "pack.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace("Australia/Perth", "Australia/Nowhere"));
  expect(() => readPackFiles(folder)).toThrow(
    /au.pack\.yaml: found time zone Australia\/Nowhere, expected an IANA name/,
  );
});
