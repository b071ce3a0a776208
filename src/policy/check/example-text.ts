// The facts of an example as people and golden cases write them, so that it can be tried, kept and sent on.

import type { FactValue, FactValues } from "../../domain/facts.ts";
import { writeFactText } from "../fact-text.ts";
import { givenFacts } from "../lower-nodes.ts";
import type { Strategy } from "../strategy.ts";

/** Text by the name of the fact; as evaluation takes them where the document is refused and declares nothing. */
export function exampleTexts(
  strategy: Strategy | null,
  facts: FactValues,
): Readonly<Record<string, FactValue>> {
  const declared = new Map(
    (strategy === null ? [] : givenFacts(strategy)).map((fact) => [fact.name, fact]),
  );
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const declaration = declared.get(name);
      return declaration === undefined || strategy === null
        ? [name, value]
        : [name, writeFactText(declaration, strategy.currency, value)];
    }),
  );
}
