// Differences between strategies: nothing is left out, rows are told by id, and the sentences are those of a person.

import { describe, expect, test } from "vitest";
import { arbitraryStrategy } from "../../../test/support/arbitrary-strategy.ts";
import { randomFrom } from "../../../test/support/random.ts";
import { changed, strategyDocument } from "../../../test/support/strategy-document.ts";
import { canonicalJson } from "../../domain/canonical-json.ts";
import type { Strategy } from "../strategy.ts";
import type { Change } from "./change.ts";
import { diffStrategies } from "./diff-strategies.ts";

const small = strategyDocument() as unknown as Strategy;

function since(after: unknown): readonly Change[] {
  return diffStrategies(small, after as Strategy);
}

type Editable = { -readonly [Part in keyof Strategy]: Strategy[Part] };

/** The small strategy with one table's rows rewritten. */
function withRows(
  table: number,
  rewrite: (rows: Strategy["tables"][number]["rows"]) => Strategy["tables"][number]["rows"],
): Strategy {
  const copy = structuredClone(small) as Editable;
  const tables = copy.tables.map((one, at) =>
    at === table ? { ...one, rows: rewrite(one.rows) } : one,
  );
  return { ...copy, tables };
}

describe("the difference between two strategies", () => {
  test("is nothing for the same document, whatever the order of its keys", () => {
    expect(since(JSON.parse(canonicalJson(small)))).toEqual([]);
  });

  test("tells a changed cell by row and column", () => {
    const [table] = small.tables;
    const place = small.tables.findIndex(({ rows }) => rows.length > 1);
    const { id, inputs, rows } = small.tables[place]!;
    const after = withRows(place, ([first, ...rest]) => [
      { ...first!, when: ["> 60", ...first!.when.slice(1)] },
      ...rest,
    ]);
    expect(table).toBeDefined();
    expect(since(after)).toEqual([
      {
        path: `tables/${id}/rows/${rows[0]!.id}/when/${inputs[0]!}`,
        kind: "changed",
        before: rows[0]!.when[0],
        after: "> 60",
        text: {
          en: expect.stringMatching(new RegExp(`row ${rows[0]!.id}, .*: .+ → > 60$`)),
          zh: expect.stringMatching(new RegExp(`行 ${rows[0]!.id}，.*：.+ → > 60$`)),
        },
      },
    ]);
  });

  test("tells a cut in percent and an enumerated outcome by its label", () => {
    const place = small.tables.findIndex(({ id }) => id === "rate");
    const after = withRows(place, ([first, ...rest]) => [{ ...first!, then: ["0.4"] }, ...rest]);
    expect(since(after)[0]?.text.en).toMatch(/: [\d.]+ % → 40 %$/);
    const { id, outputs } = small.tables.find((table) => table.outputs[0]!.type === "enum")!;
    const [old, now] = outputs[0]!.values!;
    const treated = small.tables.findIndex((table) => table.id === id);
    const chosen = (value: string): Strategy =>
      withRows(treated, ([first, ...rest]) => [{ ...first!, then: [`"${value}"`] }, ...rest]);
    const [change] = diffStrategies(chosen(old!.value), chosen(now!.value));
    expect(change?.text.en).toMatch(new RegExp(`: ${old!.label.en} → ${now!.label.en}$`));
    expect(change?.text.zh).toMatch(new RegExp(`：${old!.label.zh} → ${now!.label.zh}$`));
  });

  test("tells a row that was put in, taken out or moved as that row alone", () => {
    const place = small.tables.findIndex(({ rows }) => rows.length > 2);
    const { id, rows } = small.tables[place]!;
    const [one, two, ...more] = rows;
    const path = (row: string): string => `tables/${id}/rows/${row}`;
    const said = (after: Strategy): readonly unknown[] =>
      since(after).map((change) => [change.path, change.kind]);
    const fresh = { ...one!, id: "fresh" };
    expect(said(withRows(place, () => [one!, fresh, two!, ...more]))).toEqual([
      [path("fresh"), "added"],
    ]);
    expect(said(withRows(place, () => [one!, ...more]))).toEqual([[path(two!.id), "removed"]]);
    const moved = withRows(place, () => [two!, ...more, one!]);
    expect(since(moved)).toMatchObject([
      { path: path(one!.id), kind: "moved", before: 1, after: rows.length },
    ]);
  });

  test("tells a column that was put in by the cells that say something in it", () => {
    const place = small.tables.findIndex(({ rows }) => rows.length > 1);
    const { id, inputs, rows } = small.tables[place]!;
    const column = small.facts.map(({ name }) => name).find((name) => !inputs.includes(name))!;
    const copy = structuredClone(small) as Editable;
    const tables = copy.tables.map((table, at) =>
      at === place
        ? {
            ...table,
            inputs: [column, ...table.inputs],
            rows: table.rows.map((row, number) => ({
              ...row,
              when: [number === 0 ? "null" : "-", ...row.when],
            })),
          }
        : table,
    );
    expect(since({ ...copy, tables })).toMatchObject([
      { path: `tables/${id}/inputs`, kind: "changed" },
      {
        path: `tables/${id}/rows/${rows[0]!.id}/when/${column}`,
        ...{ kind: "changed", before: "-", after: "null" },
        text: {
          en: expect.stringMatching(/: any → null$/),
          zh: expect.stringMatching(/：任意 → null$/),
        },
      },
    ]);
  });

  test("pairs the bins of a scorecard whose ranges changed", () => {
    const { id, characteristics } = small.scores[0]!;
    const [first] = characteristics;
    const path = `/scores/0/characteristics/0/attributes`;
    const attributes = first!.attributes.map((bin, at) =>
      at === 0 ? { ...bin, when: "< 3" } : { ...bin, points: bin.points + 1 },
    );
    expect(
      since(changed(path, attributes as never)).map(({ kind, after }) => [kind, after]),
    ).toEqual([
      ["changed", "< 3"],
      ...attributes.slice(1).map(({ points }) => ["changed", points]),
    ]);
    expect(since(changed(path, attributes as never))[0]?.path).toBe(
      `scores/${id}/characteristics/${first!.id}/attributes/< 3/when`,
    );
  });

  test.each([
    ["/version", 4, "Version: 3 → 4", "版本：3 → 4"],
    [
      "/restoration/stepBp",
      1_250,
      /Restoration, step: .+ % → 12\.5 %$/,
      /恢复，每步比例：.+ % → 12\.5 %$/,
    ],
    ["/notice/languages", ["en"], /Notice, languages: .+ → en$/, /通知，语言：.+ → en$/],
    [
      "/routing/0/label",
      { en: "Other", zh: "其他" },
      /^Routing rule “Other”, label: “.+” → “Other”$/,
      /^审批路径规则“其他”，名称：“.+” → “其他”$/,
    ],
  ] as const)("says %s in both languages", (path, value, en, zh) => {
    const [change, ...more] = since(changed(path, value));
    expect(more).toEqual([]);
    expect(change?.text.en).toMatch(en);
    expect(change?.text.zh).toMatch(zh);
  });
});

describe("another method, action or kind is told field by field", () => {
  const says = (path: string, value: unknown): readonly string[] =>
    since(changed(path, value)).map(({ text }) => `${text.en} | ${text.zh}`);
  const cut = "处置“Cut（中文）”";

  test("of a treatment", () => {
    expect(
      says("/limitRule/treatments/1/target", {
        method: "cut-to-balance",
        bufferBp: 500,
        rounding: "up",
      }),
    ).toEqual([
      `Limit rule, treatment “Cut”, target, method: cut by a rate → cut to the balance | 额度规则，${cut}，目标额度，方法：按比例降额 → 降至余额`,
      `Limit rule, treatment “Cut”, target, buffer: added (5 %) | 额度规则，${cut}，目标额度，缓冲：新增（5 %）`,
      `Limit rule, treatment “Cut”, target, rounding: down → up | 额度规则，${cut}，目标额度，取整：向下 → 向上`,
      `Limit rule, treatment “Cut”, target, rate: removed (read from Rate) | 额度规则，${cut}，目标额度，比例：删除（取自 Rate（中文））`,
    ]);
    const frozen = { id: "cut", label: { zh: "Cut（中文）", en: "Cut" }, action: "freeze" };
    expect(says("/limitRule/treatments/1", frozen)).toEqual([
      `Limit rule, treatment “Cut”, action: limit decrease → freeze | 额度规则，${cut}，处置：降额 → 冻结`,
      `Limit rule, treatment “Cut”, target: removed (method cut by a rate, rate (read from Rate), rounding down) | 额度规则，${cut}，目标额度：删除（方法 按比例降额，比例（取自 Rate（中文）），取整 向下）`,
    ]);
  });

  test("of a guard", () => {
    const label = { zh: "At most half（中文）", en: "At most half" };
    expect(
      says("/guards/1", { id: "most", label, kind: "minimum-line", amount: "700.00" }),
    ).toEqual([
      "Guard “At most half”, kind: largest cut → smallest line | 护栏“At most half（中文）”，种类：单次最大降幅 → 最低额度",
      "Guard “At most half”, amount: added (CNY 700.00) | 护栏“At most half（中文）”，金额：新增（CNY 700.00）",
      "Guard “At most half”, rate: removed (50 %) | 护栏“At most half（中文）”，比例：删除（50 %）",
    ]);
  });

  test("the first expression is told as one that was added", () => {
    const node = { id: "x", label: { zh: "闲置", en: "Idle" }, type: "number", feel: "late + 1" };
    expect(says("/expressions", [node])).toEqual([
      "Expression “Idle”: added (type number, formula late + 1) | 计算“闲置”：新增（类型 number，公式 late + 1）",
    ]);
  });
});

describe("over random strategies", () => {
  const seeds = Array.from({ length: 60 }, (_item, at) => at + 1);

  test("every edit of one value is found, and undone by the way back", () => {
    for (const seed of seeds) {
      const before = arbitraryStrategy(seed) as unknown as Strategy;
      const after = edited(before, seed);
      const found = diffStrategies(before, after);
      const same = canonicalJson(before) === canonicalJson(after);
      expect(found.length === 0, `seed ${seed}`).toBe(same);
      const back = diffStrategies(after, before);
      expect(sides(back).toSorted(), `seed ${seed}`).toEqual(sides(swapped(found)).toSorted());
    }
  });

  test("any two are told apart without a word that only a programme knows", () => {
    for (const seed of seeds) {
      const before = arbitraryStrategy(seed) as unknown as Strategy;
      const after = arbitraryStrategy(seed + 1_000) as unknown as Strategy;
      const found = diffStrategies(before, after);
      expect(found.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const { text, path } of found) {
        expect(text.en, path).not.toMatch(/undefined|\[object/);
        expect(text.zh, path).not.toMatch(/undefined|\[object/);
        expect(text.zh, path).toMatch(/\p{Script=Han}/u);
      }
    }
  });
});

/** One list turned round, one member taken out, or one number changed, as the seed says. */
function edited(strategy: Strategy, seed: number): Strategy {
  const random = randomFrom(seed);
  const copy = structuredClone(strategy) as unknown as Record<string, unknown>;
  const lists: unknown[][] = [];
  const numbers: (() => void)[] = [];
  // A row without one of its cells would be no strategy.
  const visit = (part: unknown, called = ""): void => {
    if (Array.isArray(part) && !["when", "then", "default"].includes(called)) lists.push(part);
    if (typeof part !== "object" || part === null) return;
    const members = part as Record<string, unknown>;
    for (const [name, value] of Object.entries(members)) {
      if (typeof value === "number") numbers.push(() => (members[name] = value + 1));
      visit(value, name);
    }
  };
  visit(copy);
  const list = lists[random.integer(0, lists.length - 1)]!;
  switch (seed % 3) {
    case 0:
      list.reverse();
      break;
    case 1:
      list.splice(random.integer(0, Math.max(0, list.length - 1)), 1);
      break;
    default:
      numbers[random.integer(0, numbers.length - 1)]!();
  }
  return copy as unknown as Strategy;
}

const opposite = {
  added: "removed",
  removed: "added",
  moved: "moved",
  changed: "changed",
} as const;

function swapped(changes: readonly Change[]): readonly Change[] {
  return changes.map((one) => ({
    ...one,
    kind: opposite[one.kind],
    before: one.after,
    after: one.before,
  }));
}

/** What was said but where: the path of a moved or renamed part is that of the later document. */
function sides(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ kind }) => kind !== "moved")
    .map(
      ({ kind, before, after }) =>
        `${kind} ${canonicalJson(before ?? null)} ${canonicalJson(after ?? null)}`,
    );
}
