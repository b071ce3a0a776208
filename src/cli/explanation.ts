// An explanation as a person reads it on the command line, and as plain data for programs.

import { localised } from "../adapters/localised.ts";
import { toldJson, type Withheld } from "../adapters/http/withheld.ts";
import type { Decision } from "../domain/decision.ts";
import { isRefusal } from "../domain/refusal.ts";
import type { Language } from "../domain/text.ts";
import { explainRecord } from "../flow/explain-decision.ts";
import { explanationText } from "../policy/explanation-text.ts";
import type { Tidemark } from "../compose.ts";

/** The explanation of a decision, as text and as plain data in the language, told without what is withheld. */
export async function explainDecision(
  { world }: Pick<Tidemark, "world">,
  decision: Decision,
  language: Language,
  withheld: Withheld,
): Promise<Readonly<{ text: string; wire: unknown }>> {
  const { record } = decision;
  const strategy = await world.loadStrategy(record.assessment.strategy.hash);
  const found = explainRecord(record, strategy);
  if (isRefusal(found)) return { text: `${found.detail[language]}\n`, wire: null };
  const told = toldJson(found, withheld);
  const { assessment: _, ...wire } = told;
  return { text: explanationText(told, language), wire: localised(wire, language) };
}
