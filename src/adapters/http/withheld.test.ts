// What is withheld is withheld wherever it stands and said to be withheld; everything else is told unchanged.

import { expect, test } from "vitest";
import type { Role } from "../../domain/actor.ts";
import type { Id } from "../../domain/id.ts";
import type { StoredStrategy } from "../../flow/ports.ts";
import { explain } from "../../policy/explain.ts";
import { consumerStrategy } from "../../../test/support/small-report.ts";
import { consumerFacts } from "../../../test/support/reported-lines.ts";
import { personalDataRoles } from "./personal-data.ts";
import { toldJson, toldReplay, withheldFacts, withheldFields } from "./withheld.ts";

const roles: readonly Role[] = ["analyst", "auditor", ...personalDataRoles];

/** A strategy in which facts are declared with these sensitivities. */
function stored(
  id: string,
  state: "active" | "retired",
  facts: Readonly<Record<string, string>>,
): StoredStrategy {
  const declared = Object.entries(facts).map(([name, sensitivity]) => ({ name, sensitivity }));
  const document = JSON.stringify({ facts: declared });
  return { id, state, document, hash: `${id} ${state} ${document}` } as unknown as StoredStrategy;
}

const listed = (...all: readonly StoredStrategy[]) => ({ list: async () => all });

test("only those who may read personal data are told personal and protected facts", async () => {
  const strategies = listed(
    stored("a", "active", { age: "protected", hardship: "personal", income: "financial" }),
  );
  for (const role of roles) {
    const withheld = await withheldFacts({ roles: [role] }, strategies);
    const expected = personalDataRoles.includes(role) ? [] : ["age", "hardship"];
    expect([role, [...withheld]]).toEqual([role, expected]);
  }
});

test("the strictest strategy in force counts, and others only where none in force declares the fact", async () => {
  const strategies = listed(
    stored("a", "active", { area: "ordinary" }),
    stored("b", "active", { area: "personal", town: "ordinary" }),
    stored("c", "retired", { town: "personal", street: "personal" }),
  );
  const withheld = await withheldFacts({ roles: ["analyst"] }, strategies);
  expect([...withheld]).toEqual(["area", "street"]);
});

test("values by name are named and left out, and nothing else changes", () => {
  const body = { type: "facts", facts: { late: 31, area: "east" }, deep: [{ facts: ["area"] }] };
  expect(toldJson(body, new Set(["area"]))).toEqual({
    ...{ type: "facts", facts: { late: 31 }, withheld: ["area"], deep: [{ facts: ["area"] }] },
  });
  expect(toldJson(body, new Set(["other"]))).toEqual(body);
  expect(toldJson(body, new Set())).toBe(body);
});

test("an explanation says that a value is withheld, and holds it nowhere", async () => {
  const line = { limit: 1_000_000, drawn: 0, pending: 0, lineStatus: "active" };
  const facts = {
    ...consumerFacts({ region: "northwest", hardship: true }),
    ...{ ...line, decreasedLast12Months: 0 },
  };
  const found = explain(await consumerStrategy(), facts, "2026-03-02" as never);
  if ("missing" in found) throw new Error(found.missing.join());
  expect(JSON.stringify(found)).toMatch(/northwest.*西北/);
  const told = toldJson(found, new Set(["region", "hardship"]));
  expect(JSON.stringify(told)).not.toMatch(/northwest|西北/i);
  const value = { zh: "不予显示", en: "Withheld" };
  expect(told.facts).toContainEqual({
    ...{ name: "region", label: { zh: "所在地区", en: "Region" }, value, withheld: true },
  });
  expect(told.assessment).toMatchObject({ withheld: ["region", "hardship"] });
  const tests = told.rules.flatMap((rule) => rule.tests);
  expect(tests.filter(({ name }) => name === "hardship")).toMatchObject([{ value, cell: "–" }]);
  expect(told.facts.length).toBe(found.facts.length);
});

test("a replay keeps what comparing the full records gave", () => {
  const record = (area: string, late: number) =>
    JSON.stringify({ assessment: { facts: { area, late } } });
  const replay = (stored: string, replayed: string) => ({
    ...{ decisionId: "d" as Id, equal: stored === replayed, at: 1, stored, replayed },
  });
  const withheld = new Set(["area"]);
  const hidden = toldReplay(replay(record("east", 1), record("west", 1)), withheld);
  const text = '{"assessment":{"facts":{"area":"withheld","late":1}}}';
  expect(hidden).toMatchObject({ equal: false, at: null, stored: text, replayed: text });
  const seen = toldReplay(replay(record("east", 1), record("east", 2)), withheld);
  expect([seen.equal, seen.at]).toEqual([false, text.indexOf("1")]);
  const spaced = record("east", 1).replace('"late":', '"late": ');
  const bytes = toldReplay(replay(spaced, record("east", 1)), withheld);
  expect([bytes.stored, bytes.at]).toEqual([
    ...[text.replace('"late":', '"late": '), text.indexOf("1")],
  ]);
});

test.each(['"a\\"b"', "-1.5e-7", "true", "null", '""'])(
  "%s is put out of a record's text",
  (value) => {
    const stored = `{"facts":{"area" : ${value},"late":1},"reasons":[{"facts":["area"]}]}`;
    const told = toldReplay({ at: null, stored, replayed: stored }, new Set(["area"]));
    expect(told.stored).toBe(stored.replace(value, '"withheld"'));
  },
);

test("the profile hides the bucket of days past due with them", () => {
  expect([...withheldFields(new Set(["daysPastDue", "customerTier"]))]).toEqual([
    ...["tier", "daysPastDue", "delinquency"],
  ]);
});
