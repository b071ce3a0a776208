// The form of a strategy document, and the JSON Schema published from it. What a schema cannot say (types of
// cells, overlaps, direction) is checked when the document is lowered.

import { actions, routes } from "../domain/assessment.ts";
import { causes } from "../domain/decision.ts";
import {
  type Actionable,
  directions,
  type FactDeclaration,
  type Follows,
  sensitivityClasses,
} from "../domain/facts.ts";
import { type Currency, currencyExponents, type Rounding } from "../domain/money.ts";
import { noticeTemplates } from "../domain/notice.ts";
import { type ReasonCode, reasonCodes } from "../domain/reason-code.ts";
import { severities } from "../domain/severity.ts";
import { languages, type Text } from "../domain/text.ts";
import { deskShape } from "./desk-shape.ts";
import {
  bilingual,
  integer,
  type JsonSchema,
  keyed,
  list,
  nullable,
  object,
  oneOf,
  optional,
  record,
  recursive,
  type Shape,
  string,
  tagged,
} from "./shape.ts";
import { neededSourceShape } from "./needed-source-shape.ts";
import { offerShape } from "./offer-shape.ts";
import { longestExpression } from "./feel/token.ts";
import * as document from "./strategy.ts";

/** Bounds on size; what exceeds them is refused before anything else is looked at. */
export const limits = {
  cellCharacters: longestExpression,
  facts: 1_000,
  nodes: 200,
  rows: 10_000,
  columns: 64,
  tables: 200,
  entries: 1_000,
  treeDepth: 12,
} as const;

const reasonCode = oneOf(Object.keys(reasonCodes) as ReasonCode[]);
const rounding = oneOf<Rounding>(["down", "up", "half-even"]);
const basisPoints = integer(0, 10_000);
const label = bilingual();

const id = string({
  pattern: /^[A-Za-z][A-Za-z0-9-]{0,63}$/,
  maximum: 64,
  en: 'an id such as "cut-30": a letter, then letters, digits and hyphens, at most 64',
  zh: "标识符，如 “cut-30”：以字母开头，后接字母、数字或连字符，最多 64 个字符",
});

const factName = string({
  pattern: /^[a-z][A-Za-z0-9]{0,63}$/,
  maximum: 64,
  en: 'a camelCase name such as "daysPastDue"',
  zh: "驼峰式名称，如 “daysPastDue”",
});

const operandName = string({
  pattern: /^[A-Za-z][A-Za-z0-9.-]{0,199}$/,
  maximum: 200,
  en: 'an operand such as "utilisation", "grade", "score.ID" or "table.ID.output"',
  zh: "操作数，如 “utilisation”、“grade”、“score.ID” 或 “table.ID.output”",
});

const cell = string({
  pattern: /^[\s\S]+$/,
  maximum: limits.cellCharacters,
  en: `a cell as text in quotes, such as ">= 31", "true" or "-", at most ${limits.cellCharacters} characters`,
  zh: `带引号的单元格文本，如 ">= 31"、"true" 或 "-"，最多 ${limits.cellCharacters} 个字符`,
});

const decimal = string({
  pattern: /^[+-]?\d{1,16}(\.\d{1,20})?$/,
  maximum: 40,
  en: 'a decimal number as text, such as "1000.00"',
  zh: "十进制数文本，如 “1000.00”",
});

const date = string({
  pattern: /^\d{4}-\d{2}-\d{2}$/,
  maximum: 10,
  en: 'a date such as "2026-01-31"',
  zh: "日期，如 “2026-01-31”",
});

const words = string({
  pattern: /\S/,
  maximum: 200,
  en: "a text of 1 to 200 characters",
  zh: "1 至 200 个字符的文本",
});

const condition = record(cell, /^[A-Za-z][A-Za-z0-9.-]{0,199}$/, limits.columns);

const rule = object<document.Rule>({ id, label, when: condition });

const enumValues = list(
  object<{ readonly value: string; readonly label: Text }>({
    value: words,
    label,
  }),
  {
    minimum: 1,
    maximum: limits.entries,
  },
);

const valueTypes = ["number", "money", "boolean", "enum", "date"] as const;

/** One entry of a fact dictionary; import mappings use the same form. */
export const fact = object<FactDeclaration>({
  name: factName,
  label,
  type: oneOf(valueTypes),
  scale: optional(integer(0, 9)),
  unit: optional(words),
  minimum: optional(decimal),
  maximum: optional(decimal),
  values: optional(enumValues),
  source: words,
  window: optional(words),
  missing: oneOf(["refuse", "unknown"] as const),
  missingMeans: optional(label),
  neutral: optional(words),
  actionable: optional(
    object<Actionable>({
      how: label,
      direction: oneOf(directions),
      step: optional(decimal),
      until: optional(decimal),
      cost: integer(1, 1_000_000),
      days: integer(0, 3_650),
    }),
  ),
  follows: optional(object<Follows>({ of: factName, by: factName })),
  harsherWhen: optional(oneOf(["higher", "lower"] as const)),
  readBy: optional(oneOf(["triggers"] as const)),
  sensitivity: oneOf(sensitivityClasses),
});

const trigger = object<document.Trigger>({
  id,
  label,
  when: condition,
  was: optional(condition),
  cause: oneOf(causes),
  severity: optional(oneOf(severities)),
  coolDownDays: integer(0, 3_650),
});

const segment: Shape<document.SegmentNode> & { readonly definition: () => JsonSchema } = recursive(
  "segment",
  () =>
    object<document.SegmentNode>({
      id,
      label,
      when: condition,
      children: optional(list(segment, { minimum: 1, maximum: limits.entries })),
    }),
);

const model = object<document.ModelReference>({
  id,
  label,
  model: words,
  modelVersion: words,
  inputs: list(operandName, { minimum: 1, maximum: limits.entries }),
  scale: optional(integer(0, 9)),
  unit: optional(words),
  minimum: decimal,
  maximum: decimal,
  neutral: optional(decimal),
  harsherWhen: optional(oneOf(["higher", "lower"] as const)),
});

const expression = object<document.ExpressionNode>({
  id,
  label,
  type: oneOf(valueTypes),
  scale: optional(integer(0, 9)),
  values: optional(enumValues),
  feel: cell,
});

const points = integer(-1_000_000, 1_000_000);

const scorecard = object<document.Scorecard>({
  id,
  label,
  origin: optional(bilingual()),
  initialScore: points,
  reasonCodeAlgorithm: oneOf(["pointsBelow", "pointsAbove"] as const),
  baseline: baselineShape(),
  characteristics: list(
    object<document.Characteristic>({
      id,
      label,
      fact: operandName,
      reason: reasonCode,
      baseline: optional(points),
      attributes: list(
        object<document.ScorecardAttribute>({
          when: cell,
          points,
          pointsFrom: optional(operandName),
          reason: optional(reasonCode),
          label: optional(label),
        }),
        { minimum: 1, maximum: limits.entries },
      ),
    }),
    { minimum: 1, maximum: limits.entries },
  ),
});

function baselineShape(): Shape<number | "best"> {
  const best = oneOf(["best"] as const);
  return {
    schema: { anyOf: [points.schema, best.schema] },
    read: (value, path, problems) => {
      if (typeof value === "string") best.read(value, path, problems);
      else points.read(value, path, problems);
    },
  };
}

const grades = object<document.Grades>({
  input: operandName,
  bands: list(
    object<document.Grades["bands"][number]>({ grade: id, label, when: cell, pdBp: basisPoints }),
    { minimum: 1, maximum: limits.entries },
  ),
});

const row = object<document.TableRow>({
  id,
  note: label,
  when: list(cell, { maximum: limits.columns }),
  then: list(cell, { maximum: limits.columns }),
  reasons: optional(
    list(
      object<document.RowReason>({
        code: reasonCode,
        facts: list(factName, { minimum: 1, maximum: limits.columns }),
      }),
      { maximum: 20 },
    ),
  ),
  reasonsFrom: optional(list(id, { maximum: 20 })),
  effectiveFrom: optional(date),
  effectiveTo: optional(date),
});

const table = object<document.DecisionTable>({
  id,
  label,
  hitPolicy: oneOf(document.hitPolicies),
  inputs: list(operandName, { minimum: 1, maximum: limits.columns }),
  outputs: list(
    object<document.TableOutput>({
      name: factName,
      label,
      type: oneOf(valueTypes),
      scale: optional(integer(0, 9)),
      unit: optional(words),
      minimum: optional(decimal),
      maximum: optional(decimal),
      values: optional(enumValues),
    }),
    { minimum: 1, maximum: limits.columns },
  ),
  rows: list(row, { minimum: 1, maximum: limits.rows }),
  default: optional(list(cell, { maximum: limits.columns })),
});

const operandSource = object<{ readonly operand: string }>({ operand: operandName });
const rate = keyed<document.RateSource>({
  bp: object<{ readonly bp: number }>({ bp: integer(-10_000, 10_000) }),
  operand: operandSource,
});
const amount = keyed<document.AmountSource>({
  amount: object<{ readonly amount: string }>({ amount: decimal }),
  operand: operandSource,
});

type TargetOf<Method> = Extract<document.Target, { method: Method }>;

const target = tagged<document.Target>("method", {
  "cut-by-rate": object<TargetOf<"cut-by-rate">>({
    method: oneOf(["cut-by-rate"] as const),
    rate,
    rounding,
  }),
  "cut-by-amount": object<TargetOf<"cut-by-amount">>({
    method: oneOf(["cut-by-amount"] as const),
    amount,
  }),
  "cut-to-balance": object<TargetOf<"cut-to-balance">>({
    method: oneOf(["cut-to-balance"] as const),
    bufferBp: basisPoints,
    rounding,
  }),
  "set-to": object<TargetOf<"set-to">>({ method: oneOf(["set-to"] as const), amount }),
});

type TreatmentOf<Kind> = Extract<document.Treatment, { action: Kind }>;

function plainTreatment(action: "none" | "freeze" | "close"): Shape<unknown> {
  return object<{
    readonly id: string;
    readonly label: Text;
    readonly action: string;
  }>({
    id,
    label,
    action: oneOf<string>([action]),
  });
}

const treatment = tagged<document.Treatment>("action", {
  none: plainTreatment("none"),
  decrease: object<TreatmentOf<"decrease">>({
    id,
    label,
    action: oneOf(["decrease"] as const),
    target,
  }),
  freeze: plainTreatment("freeze"),
  close: plainTreatment("close"),
});

type FloorOf<Key extends string> = Extract<document.Floor, Record<Key, unknown>>;
type CapOf<Key extends string> = Extract<document.Cap, Record<Key, unknown>>;

const limitRule = object<document.LimitRule>({
  select: operandName,
  treatments: list(treatment, { minimum: 1, maximum: limits.entries }),
  floors: list(
    keyed<document.Floor>({
      amount: object<FloorOf<"amount">>({ id, label, amount: decimal }),
      rateBp: object<FloorOf<"rateBp">>({ id, label, rateBp: integer(0, 100_000) }),
    }),
    { maximum: 20 },
  ),
  rounding: object<document.LimitRule["rounding"]>({
    step: decimal,
    mode: oneOf(["down", "up"] as const),
  }),
  caps: list(
    keyed<document.Cap>({
      amount: object<CapOf<"amount">>({ id, label, amount: decimal }),
      of: object<CapOf<"of">>({ id, label, of: oneOf(["present-limit"] as const) }),
    }),
    { maximum: 20 },
  ),
  belowDrawn: oneOf(["never", "allowed"] as const),
});

type GuardOf<Kind> = Extract<document.Guard, { kind: Kind }>;

const when = optional(condition);
const guard = tagged<document.Guard>("kind", {
  "cool-down": object<GuardOf<"cool-down">>({
    id,
    label,
    kind: oneOf(["cool-down"] as const),
    when,
    days: integer(1, 3_650),
    actions: list(oneOf(actions.filter((action) => action !== "none")), { minimum: 1, maximum: 3 }),
  }),
  "max-cut": object<GuardOf<"max-cut">>({
    id,
    label,
    kind: oneOf(["max-cut"] as const),
    when,
    rateBp: basisPoints,
  }),
  "max-cut-12-months": object<GuardOf<"max-cut-12-months">>({
    id,
    label,
    kind: oneOf(["max-cut-12-months"] as const),
    when,
    rateBp: basisPoints,
  }),
  "minimum-line": object<GuardOf<"minimum-line">>({
    id,
    label,
    kind: oneOf(["minimum-line"] as const),
    when,
    amount: decimal,
  }),
  "minimum-cut": object<GuardOf<"minimum-cut">>({
    id,
    label,
    kind: oneOf(["minimum-cut"] as const),
    when,
    amount: decimal,
    rateBp: basisPoints,
  }),
});

type ScopeOf<Kind> = Extract<document.PaceBudget["scope"], { kind: Kind }>;
type BudgetCap<Kind> = Extract<document.PaceBudget["cap"], { kind: Kind }>;

const budget = object<document.PaceBudget>({
  id,
  label,
  window: oneOf(["day", "week"] as const),
  scope: tagged<document.PaceBudget["scope"]>("kind", {
    all: object<ScopeOf<"all">>({ kind: oneOf(["all"] as const) }),
    portfolio: object<ScopeOf<"portfolio">>({
      kind: oneOf(["portfolio"] as const),
      portfolio: words,
    }),
    segment: object<ScopeOf<"segment">>({ kind: oneOf(["segment"] as const), segment: id }),
  }),
  cap: tagged<document.PaceBudget["cap"]>("kind", {
    exposure: object<BudgetCap<"exposure">>({
      kind: oneOf(["exposure"] as const),
      amount: decimal,
    }),
    count: object<BudgetCap<"count">>({
      kind: oneOf(["count"] as const),
      count: integer(0, 1_000_000_000),
    }),
  }),
});

/** The shape of a whole document. */
export const strategyShape: Shape<document.Strategy> = object<document.Strategy>({
  id,
  version: integer(1, 1_000_000),
  label,
  area: oneOf(["limit-decrease"] as const),
  direction: oneOf(["decrease"] as const),
  cause: oneOf(causes),
  product: words,
  jurisdiction: words,
  currency: oneOf(Object.keys(currencyExponents) as Currency[]),
  author: words,
  facts: list(fact, { minimum: 1, maximum: limits.facts }),
  models: optional(list(model, { maximum: limits.nodes })),
  expressions: optional(list(expression, { maximum: limits.nodes })),
  triggers: optional(list(trigger, { maximum: limits.entries })),
  sources: optional(list(neededSourceShape, { maximum: 20 })),
  eligibility: list(rule, { maximum: limits.entries }),
  exclusions: list(rule, { maximum: limits.entries }),
  segmentation: list(segment, { maximum: limits.entries }),
  scores: list(scorecard, { maximum: limits.tables }),
  grades: nullable(grades),
  tables: list(table, { minimum: 1, maximum: limits.tables }),
  limitRule,
  guards: list(guard, { maximum: limits.entries }),
  pace: object<document.Pace>({
    lgdBp: basisPoints,
    ccfBp: basisPoints,
    budgets: list(budget, { maximum: limits.entries }),
  }),
  routing: list(
    object<document.RoutingRule>({ id, label, when: condition, route: oneOf(routes) }),
    {
      minimum: 1,
      maximum: limits.entries,
    },
  ),
  desk: optional(deskShape({ id, label, words, decimal, entries: limits.entries })),
  notice: object<document.NoticePart>({
    template: oneOf<string>(noticeTemplates),
    maxReasons: integer(1, 20),
    languages: list(oneOf(languages), { minimum: 1, maximum: 2 }),
  }),
  offer: optional(offerShape),
  restoration: object<document.RestorationPart>({
    criteria: list(rule, { minimum: 1, maximum: limits.entries }),
    reEvaluateAfterDays: integer(1, 3_650),
    stepBp: integer(1, 10_000),
  }),
});

/** The published JSON Schema (draft 2020-12) of strategy documents. */
export const strategySchema: JsonSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:tidemark:schema:strategy:1",
  title: "Tidemark strategy",
  ...strategyShape.schema,
  $defs: { segment: segment.definition() },
};
