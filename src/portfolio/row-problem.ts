// What is wrong with one row of an import file, in the words of the person who must mend it: line, column,
// what was found, what was expected and why, in both languages. The list of reasons is closed.

import type { Text } from "../domain/text.ts";

/** In the order in which a row is looked at. */
export const rowReasons = {
  "missing-column": { en: "The file lacks a column", zh: "文件缺少列" },
  "duplicate-column": { en: "A column stands twice in the file", zh: "文件中列名重复" },
  "unlisted-column": {
    en: "The mapping neither uses nor ignores this column",
    zh: "映射既未使用也未声明忽略此列",
  },
  "cell-count": {
    en: "The row has another number of cells than the header",
    zh: "该行列数与表头不符",
  },
  encoding: { en: "The text is not in the stated encoding", zh: "文字编码与映射声明不符" },
  "missing-value": { en: "A value is missing", zh: "缺少取值" },
  "broken-text": { en: "The text cannot be used", zh: "文本无效" },
  "broken-number": { en: "The number cannot be read", zh: "数字无法识别" },
  "out-of-range": { en: "The value is out of range", zh: "取值超出范围" },
  "unknown-code": { en: "The code is not in the list", zh: "代码不在取值表中" },
  "unknown-jurisdiction": {
    en: "The jurisdiction has no compliance pack",
    zh: "该法域没有合规规则包",
  },
  "broken-date": { en: "The date cannot be read", zh: "日期无法识别" },
  "future-date": { en: "The date lies in the future", zh: "日期晚于当前业务日期" },
  "currency-mismatch": { en: "Currencies differ", zh: "币种不一致" },
  "duplicate-line": { en: "The line stands twice in the file", zh: "文件中授信重复" },
  "customer-conflict": {
    en: "The line or the customer contradicts an earlier row",
    zh: "授信或客户信息与前面的行矛盾",
  },
  "line-elsewhere": {
    en: "The reference belongs to another line",
    zh: "该编号已属于另一条授信",
  },
  refused: { en: "Refused when it was to be stored", zh: "入库时被拒绝" },
} as const satisfies Readonly<Record<string, Text>>;

export type RowReason = keyof typeof rowReasons;

/**
 * One reason why a row was not taken. `column` is the header's name, or the fact's for a derived value, or ""
 * for the whole row; `found` never shows personal data; `line` is that of the file, 1 for the first.
 */
export type RowProblem = Readonly<{
  line: number;
  column: string;
  reason: RowReason;
  found: string;
  expected: Text;
  /** the reason in words; of a refusal, its detail */
  why: Text;
}>;

const longestFound = 80;

/** Makes a problem; what was found is cut to 80 characters and freed of control characters. */
export function rowProblem(
  line: number,
  column: string,
  reason: RowReason,
  found: string,
  expected: Text,
  why: Text = rowReasons[reason],
): RowProblem {
  return { line, column, reason, found: printable(found), expected, why };
}

/** One problem as a sentence: `Cannot read lines.csv:17 LIMIT: the number cannot be read, found …, expected …`. */
export function rowProblemText(file: string, problem: RowProblem): Text {
  const { line, column, found, expected, why } = problem;
  const place = column === "" ? `${file}:${line}` : `${file}:${line} ${column}`;
  const small = why.en.charAt(0).toLowerCase() + why.en.slice(1);
  return {
    en: `Cannot read ${place}: ${small}, found ${quoted(found)}, expected ${expected.en}`,
    zh: `无法读取 ${place}：${why.zh}，发现 ${quoted(found)}，应为${expected.zh}`,
  };
}

function quoted(found: string): string {
  return found === "" ? "nothing" : JSON.stringify(found);
}

function printable(found: string): string {
  const plain = found.replaceAll(/\p{Cc}/gu, "�");
  return plain.length > longestFound ? `${plain.slice(0, longestFound - 1)}…` : plain;
}
