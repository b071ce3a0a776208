// Built-in functions over contexts (DMN 1.5 table 82). Contexts are maps: a member named `constructor` is a member like
// any other.

import { type BuiltIn, builtIn, type Work } from "./built-in.ts";
import { nothing, spendItems } from "./run.ts";
import { type FeelContext, type FeelValue, isContext, isList } from "./value.ts";

const none: FeelContext = new Map();
const contextIn = (value: FeelValue | undefined): FeelContext =>
  value !== undefined && isContext(value) ? value : none;
const listIn = (value: FeelValue | undefined): readonly FeelValue[] =>
  value !== undefined && isList(value) ? value : [];

const textIn = (value: FeelValue | undefined): string => (typeof value === "string" ? value : "");

const getValue: Work = (_, [context, key]) => contextIn(context).get(textIn(key)) ?? null;

const getEntries: Work = (run, [context]) => {
  spendItems(run, contextIn(context).size);
  return [...contextIn(context)].map(
    ([key, value]) =>
      new Map<string, FeelValue>([
        ["key", key],
        ["value", value],
      ]),
  );
};

const fromEntries: Work = (run, [entries]) => {
  spendItems(run, listIn(entries).length);
  const made = new Map<string, FeelValue>();
  for (const entry of listIn(entries)) {
    const key = contextIn(entry).get("key");
    if (typeof key !== "string" || made.has(key)) {
      return nothing(
        run,
        "Cannot make context: expected entries with different keys",
        "无法构成上下文：条目的键须存在且互不相同",
      );
    }
    made.set(key, contextIn(entry).get("value") ?? null);
  }
  return made;
};

const put: Work = (run, [context, key, value = null]) => {
  spendItems(run, contextIn(context).size + 1);
  return new Map([...contextIn(context), [textIn(key), value]]);
};

const merge: Work = (run, [contexts]) => {
  const all = listIn(contexts);
  spendItems(
    run,
    all.reduce<number>((sum, one) => sum + contextIn(one).size, 0),
  );
  if (!all.every(isContext))
    return nothing(run, "Cannot merge: expected contexts", "无法合并：应为上下文");
  return new Map(all.flatMap((one) => [...one]));
};

export const contextFunctions: readonly BuiltIn[] = [
  builtIn("get value", "any", ["m: context, key: string", getValue]),
  builtIn("get entries", "list", ["m: context", getEntries]),
  builtIn("context", "context", ["entries: list", fromEntries]),
  builtIn("context put", "context", ["context: context, key: string, value: any", put]),
  builtIn("context merge", "context", ["contexts: list", merge]),
];
