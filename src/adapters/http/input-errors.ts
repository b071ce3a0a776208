// What is wrong with a request, said so that its sender can mend it: where, what was found, what was
// expected. Secrets are pointed at, never repeated.

import type { z } from "zod";
import type { Language, Text } from "../../domain/text.ts";
import { shown } from "../../policy/problem.ts";
import type { ProblemError } from "./problem.ts";

/** The part of the request that was checked. */
export type RequestPart = ProblemError["in"];

/** Input that breaks its schema. Carries the findings of zod, with inputs. */
export class InvalidInput extends Error {
  readonly part: RequestPart;
  readonly issues: readonly z.core.$ZodIssue[];

  constructor(part: RequestPart, issues: readonly z.core.$ZodIssue[]) {
    super(`Cannot accept ${part}: ${issues.length} fields break their schema`);
    this.name = "InvalidInput";
    this.part = part;
    this.issues = issues;
  }
}

const mostErrors = 50;
const secret = /password|token|secret|api-?key|authorization|cookie/i;

/** The findings as problem errors, in one language; at most fifty. */
export function problemErrors(invalid: InvalidInput, language: Language): readonly ProblemError[] {
  return invalid.issues
    .flatMap(withKeys)
    .slice(0, mostErrors)
    .map(({ path, issue }) => {
      const pointer = path.map((step) => `/${escaped(step)}`).join("");
      const found = foundText(path, issue)[language];
      const expected = expectedText(issue)[language];
      return {
        in: invalid.part,
        pointer,
        detail: sentence(pointer, found, expected)[language],
        found,
        expected,
      };
    });
}

type Found = Readonly<{ path: readonly PropertyKey[]; issue: z.core.$ZodIssue }>;

/** Each unknown field is an error of its own, at its own place. */
function withKeys(issue: z.core.$ZodIssue): readonly Found[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, issue }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], issue }));
}

function escaped(step: PropertyKey): string {
  return String(step).slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1");
}

function sentence(pointer: string, found: string, expected: string): Text {
  return {
    en: `${pointer}: found ${found}, expected ${expected}`,
    zh: `${pointer}：当前为${found}，应为${expected}`,
  };
}

function foundText(path: readonly PropertyKey[], issue: z.core.$ZodIssue): Text {
  if (issue.code === "unrecognized_keys") return { en: "an unknown field", zh: "未知字段" };
  if (path.some((step) => secret.test(String(step)))) {
    return { en: "a value that is not shown", zh: "（不予显示）" };
  }
  if (issue.input === undefined) return { en: "nothing", zh: "空" };
  if (Array.isArray(issue.input)) {
    const count = issue.input.length;
    return { en: `a list of ${count}`, zh: `${count} 项的列表` };
  }
  if (typeof issue.input === "object" && issue.input !== null) {
    return { en: "an object", zh: "对象" };
  }
  const text = shown(issue.input);
  return { en: text, zh: text };
}

function expectedText(issue: z.core.$ZodIssue): Text {
  switch (issue.code) {
    case "invalid_type":
      return typeText(issue.expected);
    case "unrecognized_keys":
      return { en: "only documented fields", zh: "仅限文档所列字段" };
    case "invalid_value":
      return listText(issue.values.map(String));
    case "too_small":
      return boundText(issue.origin, String(issue.minimum), "least");
    case "too_big":
      return boundText(issue.origin, String(issue.maximum), "most");
    case "invalid_format":
      return formatText(issue);
    case "custom":
      return (issue.params?.["expected"] as Text | undefined) ?? anotherValue;
    case "invalid_union":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
      return anotherValue;
  }
}

const anotherValue: Text = { en: "another value", zh: "其他值" };

const typeNames: Readonly<Record<string, Text>> = {
  string: { en: "text", zh: "文本" },
  number: { en: "a number", zh: "数值" },
  int: { en: "a whole number", zh: "整数" },
  boolean: { en: "true or false", zh: "true 或 false" },
  object: { en: "an object", zh: "对象" },
  array: { en: "a list", zh: "列表" },
  record: { en: "an object", zh: "对象" },
};

function typeText(expected: string): Text {
  return typeNames[expected] ?? { en: expected, zh: expected };
}

function listText(values: readonly string[]): Text {
  return { en: values.join(", "), zh: values.join("、") };
}

function boundText(origin: string, bound: string, which: "least" | "most"): Text {
  const en = `at ${which} ${bound}`;
  const zh = `${which === "least" ? "不少于" : "不超过"} ${bound}`;
  if (origin === "string") return { en: `${en} characters`, zh: `${zh} 个字符` };
  if (origin === "array") return { en: `${en} entries`, zh: `${zh} 项` };
  return which === "least" ? { en, zh: `不小于 ${bound}` } : { en, zh: `不大于 ${bound}` };
}

function formatText(issue: z.core.$ZodIssueInvalidStringFormat): Text {
  if (issue.format === "uuid") return { en: "a UUID in lower case", zh: "小写 UUID" };
  const { pattern } = issue;
  return pattern === undefined
    ? { en: issue.format, zh: issue.format }
    : { en: `text of the form ${pattern}`, zh: `符合 ${pattern} 的文本` };
}
