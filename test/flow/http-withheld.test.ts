// Personal facts over every wire and for every role: a value that would give them away stands in no answer to those who
// may not read personal data, each answer says that it is withheld, and everybody else is told it.

import { beforeAll, expect, test } from "vitest";
import { personalDataRoles } from "../../src/adapters/http/personal-data.ts";
import { serviceActor, staffRoles } from "../../src/domain/actor.ts";
import { bucketOfId } from "../../src/domain/id.ts";
import { transact } from "../../src/flow/transact.ts";
import {
  businessDay,
  memoryParts,
  plant,
  testApi,
  type Planted,
  type TestApi,
} from "../support/api.ts";
import { call, problemCode } from "../support/api-client.ts";
import { strategyDocument } from "../support/strategy-document.ts";

/** Stands nowhere else, so that finding it is finding the fact. */
const secret = "lhasa";
const town = { value: secret, label: { zh: "拉萨", en: "Town" } };

let api: TestApi;
let planted: Planted;

beforeAll(async () => {
  api = await testApi(memoryParts());
  const { strategies } = api.dependencies;
  const document = strategyDocument();
  const facts = (document["facts"] as { name: string; values: unknown[] }[]).map((fact) =>
    fact.name === "region"
      ? { ...fact, values: [...fact.values, town], sensitivity: "personal" }
      : fact,
  );
  const added = await strategies.add({ ...document, facts }, actorOf("analyst"), {});
  if ("problems" in added) throw new Error(added.problems[0]?.message.en);
  const { id, version } = document as unknown as Readonly<{ id: string; version: number }>;
  await strategies.approve(id, version, actorOf("approver"), null, {});
  planted = await plant(api.world, "C-secret", "secret", { region: secret, late: 31 });
  const signal = { source: "core", id: "s-1", type: "facts", asOf: businessDay };
  const [result] = await transact(api.world, bucketOfId(planted.lineId), [
    {
      ...{ id: api.world.ids.fresh(), kind: "RecordSignal", subject: planted.lineId },
      ...{ actor: serviceActor("test"), cause: planted.lineId },
      body: { ...signal, facts: { region: secret, late: 31 } },
    },
  ]);
  if (result === undefined || "refusal" in result) throw new Error("No signal was recorded");
});

function actorOf(role: "analyst" | "approver") {
  return { id: `${role}-1`, roles: [role], scope: { kind: "all" } } as const;
}

const wires = () => ({
  facts: `/v1/lines/${planted.lineId}/facts`,
  signals: `/v1/lines/${planted.lineId}/signals`,
  timeline: `/v1/lines/${planted.lineId}/timeline`,
  customerTimeline: `/v1/customers/${planted.customerId}/timeline`,
  line: `/v1/lines/${planted.lineId}`,
  lines: "/v1/lines?portfolio=secret",
  linesTable: "/v1/lines?portfolio=secret&format=csv",
  customer: `/v1/customers/${planted.customerId}`,
  decision: `/v1/decisions/${planted.decisionId}`,
  decisions: `/v1/decisions?lineId=${planted.lineId}`,
  explanation: `/v1/decisions/${planted.decisionId}/explanation`,
  replay: `/v1/decisions/${planted.decisionId}/replay`,
});

test.each(staffRoles)("%s is told personal facts everywhere or nowhere", async (role) => {
  const told = personalDataRoles.includes(role);
  for (const [wire, url] of Object.entries(wires())) {
    const { statusCode, body } = await call(api.app, { url, key: api.keys[role] });
    const found = { holds: body.includes(secret), says: /[wW]ithheld/.test(withoutNone(body)) };
    expect([wire, statusCode, found]).toEqual([wire, 200, { holds: told, says: !told }]);
  }
});

/** Answers in which nothing is withheld say so too. */
function withoutNone(body: string): string {
  return body.replaceAll(/"withheld":(?:\[\]|false)/g, "");
}

test("a replay compares the full records, whoever asks", async () => {
  for (const key of [api.keys.auditor, api.keys.compliance]) {
    const replay = (await call(api.app, { url: wires().replay, key })).json();
    expect(replay).toMatchObject({ equal: true, at: null });
  }
});

test("no list is narrowed or ordered by what its reader is not told", async () => {
  const ask = (query: string, key: string) => call(api.app, { url: `/v1/lines?${query}`, key });
  const refused = await ask(`region=${secret}`, api.keys.analyst);
  expect([refused.statusCode, problemCode(refused)]).toEqual([403, "forbidden"]);
  expect((await ask("industry=retail&sort=-score", api.keys.analyst)).statusCode).toBe(200);
  const found = await ask(`region=${secret}`, api.keys.reviewer);
  expect(found.json<{ data: unknown[] }>().data).toHaveLength(1);
});
