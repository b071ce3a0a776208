// No database text holds U+0000, no UTF-8 holds half a surrogate pair, and nobody needs JSON a hundred levels
// deep. Such input is refused at the door, whole requests at a time, so that no route can forget it.

import type { Text } from "../../domain/text.ts";

export const deepestInput = 64;

/** Where input cannot be stored and why. */
export type Unstorable = Readonly<{ pointer: string; because: Text }>;

/** The first value of parsed input that no row could hold, or null. Works without recursion. */
export function unstorable(input: unknown): Unstorable | null {
  const open: { value: unknown; pointer: string; depth: number }[] = [
    { value: input, pointer: "", depth: 0 },
  ];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { value, pointer, depth } = at;
    if (typeof value === "string" && !isStorable(value)) return { pointer, because: badText };
    if (typeof value !== "object" || value === null) continue;
    if (depth >= deepestInput) return { pointer, because: tooDeep };
    for (const [key, item] of Object.entries(value)) {
      if (!isStorable(key)) return { pointer, because: badText };
      open.push({ value: item, pointer: `${pointer}/${key}`, depth: depth + 1 });
    }
  }
  return null;
}

function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

const badText: Text = {
  en: "found text with U+0000 or half a surrogate pair, expected well-formed Unicode text",
  zh: "文本含 U+0000 或不成对的代理字符，应为格式正确的 Unicode 文本",
};

const tooDeep: Text = {
  en: `found more than ${deepestInput} levels of nesting, expected fewer`,
  zh: `嵌套超过 ${deepestInput} 层`,
};
