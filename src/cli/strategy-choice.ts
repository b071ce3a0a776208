// How a strategy version is named on the command line: its id for the active version, or ID@VERSION.

import { refuse, type Refusal } from "../domain/refusal.ts";
import type { StrategyChoice } from "../portfolio/experiment-ports.ts";

/** Reads `ID` or `ID@VERSION`. Refused: invalid. */
export function strategyChoice(text: string, option: string): StrategyChoice | Refusal {
  const [, id, version] =
    /^([A-Za-z0-9][A-Za-z0-9._-]{0,99})(?:@([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (id !== undefined) return { id, version: version === undefined ? null : Number(version) };
  return refuse("invalid", {
    en: `${option}: found "${text}", expected a strategy as ID or ID@VERSION`,
    zh: `${option}：为“${text}”，应为策略编号，或 编号@版本`,
  });
}

/** Reads several; the first that cannot be read is refused. */
export function strategyChoices(
  given: unknown,
  option: string,
): readonly StrategyChoice[] | Refusal {
  const choices: StrategyChoice[] = [];
  for (const text of Array.isArray(given) ? given : []) {
    const choice = strategyChoice(String(text), option);
    if ("refused" in choice) return choice;
    choices.push(choice);
  }
  return choices;
}
