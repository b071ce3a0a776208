// A pack is refused with the place, what was found and what was expected, in both languages; the same schema,
// read by a full JSON Schema validator, must refuse and accept the same documents.

import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseBusinessDate, type BusinessDate } from "../domain/calendar.ts";
import { noDuties, tellAlways } from "../../test/support/compliance-pack.ts";
import type { Cause } from "../domain/decision.ts";
import { packInForce } from "./pack-in-force.ts";
import { packSchema } from "./pack-schema.ts";
import type { CompliancePack } from "./pack.ts";
import { parsePack } from "./parse-pack.ts";
import { checkSchema, problemText } from "./schema-check.ts";
import { allowsStraightThrough } from "./straight-through.ts";
import { allowsBelowDrawn, givesHumanReview } from "./strict-reading.ts";

const term = { status: "contract", source: "Terms 1" };
const ten = { when: "before", days: 10, counting: "business" };
const delivery = {
  ...{ attempts: 3, retryHours: 24, receiptHours: 72, escalateHours: 120, personHours: 240 },
  quietHours: null,
};
const period = (change: object = {}): object => ({ ...ten, ...change });

function document(): Record<string, unknown> {
  return {
    id: "test-card",
    version: 1,
    jurisdiction: "test",
    label: { zh: "测试", en: "Test" },
    release: { zh: "首版", en: "First release" },
    productScope: ["credit-card"],
    effectiveFrom: "2020-01-01",
    effectiveTo: null,
    calendar: "test",
    notice: {
      decrease: { value: period(), ...term },
      freeze: { value: period({ when: "at", days: 0 }), ...term },
      close: { value: period(), ...term },
      exceptions: [{ value: { causes: ["fraud"], period: period({ when: "after" }) }, ...term }],
      channels: { value: ["in-app"], ...term },
      proofOfDelivery: { value: true, ...term },
      substitutes: [{ value: { channels: ["letter"], days: 5, counting: "business" }, ...term }],
      shortFormSuffices: { value: false, ...term },
      delivery: { value: structuredClone(delivery), ...term },
    },
    adverseAction: [structuredClone(tellAlways)],
    reasons: { maximum: { value: 4, ...term }, forbidden: { value: ["R15"], ...term } },
    humanReview: { right: { value: true, ...term }, mandatory: [] },
    belowDrawnAllowed: { value: false, ...term },
    duties: structuredClone(noDuties),
  };
}

/** The document with one value put in, or taken out when it is undefined. */
function changed(pointer: string, content: unknown): unknown {
  const copy = document();
  const path = pointer.split("/").slice(1);
  const last = path.pop() ?? "";
  let place: Record<string, unknown> = copy;
  for (const key of path) place = place[key] as Record<string, unknown>;
  if (content === undefined) delete place[last];
  else place[last] = content;
  return copy;
}

function packFrom(value: unknown): CompliancePack {
  const parsed = parsePack(value);
  if ("problems" in parsed)
    throw new Error(parsed.problems.map((problem) => problemText(problem).en).join("\n"));
  return parsed.pack;
}

const decrease = "/notice/decrease/value";

describe("parsePack", () => {
  test("reads a complete pack unchanged", () => {
    expect(packFrom(document())).toEqual(document());
  });

  test.each([
    ["/notice/decrease/value/days", "ten", "ten", "a whole number from 0 to 3650"],
    [`${decrease}/days`, 2.5, "2.5", "a whole number from 0 to 3650"],
    [`${decrease}/when`, "during", '"during"', "one of before, at, after"],
    [`${decrease}/days`, 0, "0", '1 or more, or "at"'],
    ["/notice/freeze/value/days", 3, "3", '0, because "at" counts no days'],
    ["/notice/close/status", "memory", '"memory"', "one of confirmed, unconfirmed, contract"],
    ["/notice/close/source", "", '""', "a text that is not empty"],
    ["/notice/close/source", undefined, "nothing", "a text that is not empty"],
    ["/notice/channels/value", [], "[]", "a list of at least 1"],
    ["/notice/exceptions/0/value/causes/0", "malice", '"malice"', "one of own-delinquency"],
    ["/notice/exceptions/0/value/causes", ["fraud", "fraud"], '"fraud"', "each value only once"],
    ["/reasons/maximum/value", 0, "0", "a whole number from 1 to 10"],
    ["/reasons/forbidden/value/0", "R99", '"R99"', "one of R01, R02"],
    ["/effectiveFrom", "2025-02-29", '"2025-02-29"', "a day written YYYY-MM-DD"],
    ["/effectiveTo", "2019-12-31", '"2019-12-31"', "not before 2020-01-01"],
    ["/humanReview/right/value", "yes", '"yes"', "true or false"],
    ["/version", 2 ** 53, "9007199254740992", "a whole number from 1 to 999999"],
    ["/penalty", 1, "1", "no field of this name (known: id, version"],
    ["/label/zh", undefined, "nothing", "a text that is not empty"],
  ])("refuses %s = %j", (pointer, content, found, expected) => {
    const parsed = parsePack(changed(pointer, content));
    const [problem] = "problems" in parsed ? parsed.problems : [];
    expect(problem?.pointer.startsWith(pointer)).toBe(true);
    expect(problem?.found.en).toContain(found);
    expect(problem?.expected.en).toContain(expected);
    expect(problem?.expected.zh).toMatch(/[\p{Script=Han}]|null/u);
  });

  test("refuses a cause that two exceptions name", () => {
    const [exception] = (document()["notice"] as { exceptions: unknown[] }).exceptions;
    const parsed = parsePack(changed("/notice/exceptions", [exception, exception]));
    const problems = "problems" in parsed ? parsed.problems : [];
    expect(problems.map(problemText)).toEqual([
      {
        en: 'found "fraud" at /notice/exceptions/1/value/causes/0, expected a cause that exception 0 does not already name',
        zh: '/notice/exceptions/1/value/causes/0 处为 "fraud"，应为 例外 0 尚未列出的原因',
      },
    ]);
  });

  const owed = { notice: "information", content: ["action-taken"] };
  test.each([
    ["an id twice", [{}, {}], "/adverseAction/1/value/id"],
    ["a notice without content", [{ id: "a", content: [] }, {}], "/adverseAction/0/value/content"],
    ["content without a notice", [{ id: "a", notice: null }, {}], "/adverseAction/0/value/content"],
    ["a last rule with conditions", [{ if: { classWide: true } }], "/adverseAction/0/value"],
    ["a last rule without notice", [{ notice: null, content: [] }], "/adverseAction/0/value"],
  ])("refuses rules on adverse action: %s", (_name, changes, pointer) => {
    const rules = changes.map((change) => ({
      ...tellAlways,
      value: { ...tellAlways.value, contentIfBureau: [], ...owed, ...change },
    }));
    const parsed = parsePack(changed("/adverseAction", rules));
    const pointers = "problems" in parsed ? parsed.problems.map((one) => one.pointer) : [];
    expect(pointers).toEqual([pointer]);
  });

  test("lets two exceptions name a cause for different changes, not for the same", () => {
    const [exception] = (document()["notice"] as { exceptions: { value: object }[] }).exceptions;
    const of = (actions: readonly string[]): object => ({
      ...exception,
      value: { ...exception!.value, actions },
    });
    const apart = parsePack(changed("/notice/exceptions", [of(["freeze"]), of(["close"])]));
    expect("pack" in apart).toBe(true);
    const same = parsePack(
      changed("/notice/exceptions", [of(["freeze"]), of(["close", "freeze"])]),
    );
    expect("problems" in same ? same.problems.map(({ pointer }) => pointer) : []).toEqual([
      "/notice/exceptions/1/value/causes/0",
    ]);
  });

  test.each([[null], ["pack"], [[]], [{}]])("refuses %j", (content) => {
    expect(parsePack(content)).toHaveProperty("problems");
  });

  test("names every problem and not only the first", () => {
    const parsed = parsePack({ ...(document() as object), id: 7, version: "1" });
    expect("problems" in parsed ? parsed.problems.map(({ pointer }) => pointer) : []).toEqual([
      "/id",
      "/version",
    ]);
  });
});

describe("the schema", () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
  ajv.addFormat("date", (text: string) => parseBusinessDate(text) !== null);
  const valid = ajv.compile(packSchema as object);

  test("accepts what the full validator accepts and refuses what it refuses", () => {
    const pointers = leavesOf(document());
    const contents = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom(
        undefined,
        null,
        "",
        0,
        1,
        -1,
        1.5,
        "at",
        "R01",
        "2024-02-30",
        "2024-02-29",
        [],
        {},
        true,
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...pointers), contents, (pointer, content) => {
        const candidate = changed(pointer, content);
        const accepted = checkSchema(packSchema, candidate).length === 0;
        expect(accepted).toBe(valid(candidate));
      }),
      { numRuns: 500 },
    );
  });
});

function leavesOf(value: unknown, pointer = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [pointer];
  const inner = Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member, `${pointer}/${key}`),
  );
  return pointer === "" ? inner : [pointer, ...inner];
}

describe("packInForce", () => {
  const pack = (id: string, version: number, from: string, to: string | null): CompliancePack =>
    packFrom({ ...document(), id, version, effectiveFrom: from, effectiveTo: to });
  const old = pack("a", 1, "2020-01-01", "2024-12-31");
  const corrected = pack("a", 2, "2020-01-01", "2024-12-31");
  const next = pack("a", 3, "2025-01-01", null);

  test.each([
    ["2019-12-31", null],
    ["2020-01-01", 2],
    ["2024-12-31", 2],
    ["2025-01-01", 3],
  ])("on %s gives version %s, whatever the order of files", (date, version) => {
    for (const packs of [
      [old, corrected, next],
      [next, corrected, old],
    ]) {
      expect(packInForce(packs, "test", date as BusinessDate)?.version ?? null).toBe(version);
    }
  });

  test("tells packs of one jurisdiction apart by product where one is asked for", () => {
    const loans = packFrom({ ...document(), id: "loans", productScope: ["loan"] });
    const of = (product: string): string | undefined =>
      packInForce([old, loans], "test", "2020-06-01" as BusinessDate, product)?.id;
    expect([of("credit-card"), of("loan"), of("overdraft")]).toEqual(["a", "loans", undefined]);
  });

  test("knows nothing of other jurisdictions", () => {
    expect(packInForce([old, next], "elsewhere", "2025-01-01" as BusinessDate)).toBeNull();
  });
});

describe("an unconfirmed value", () => {
  const pack = packFrom(document());
  const unsure = { status: "unconfirmed", source: "Memory" } as const;

  test("gives no leave to go below what is drawn", () => {
    expect(allowsBelowDrawn({ ...pack, belowDrawnAllowed: { value: true, ...unsure } })).toBe(
      false,
    );
    expect(
      allowsBelowDrawn({
        ...pack,
        belowDrawnAllowed: { ...unsure, value: true, status: "contract" },
      }),
    ).toBe(true);
    expect(allowsBelowDrawn(pack)).toBe(false);
  });

  test("does not take a person's review away", () => {
    expect(
      givesHumanReview({
        ...pack,
        humanReview: { right: { value: false, ...unsure }, mandatory: [] },
      }),
    ).toBe(true);
    expect(
      givesHumanReview({
        ...pack,
        humanReview: { right: { ...unsure, value: false, status: "confirmed" }, mandatory: [] },
      }),
    ).toBe(false);
  });

  test("stops straight-through decisions whose clock it would set", () => {
    const unsurePeriod = { ...pack.notice.freeze, ...unsure };
    const unsureFreeze = { ...pack, notice: { ...pack.notice, freeze: unsurePeriod } };
    const allows = (law: CompliancePack, action: "freeze" | "decrease", cause: Cause): boolean =>
      allowsStraightThrough(law, { action, cause });
    expect(allows(pack, "freeze", "bureau")).toBe(true);
    expect(allows(unsureFreeze, "freeze", "bureau")).toBe(false);
    expect(allows(unsureFreeze, "freeze", "fraud")).toBe(true);
    expect(allows(unsureFreeze, "decrease", "bureau")).toBe(true);
  });
});
