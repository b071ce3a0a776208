// All that is made here of what a line was told and of what was told about where it lives, with what each value rests on.

import type { DerivedFact } from "./derive-facts.ts";
import type { EnvironmentValue } from "./environment-fact.ts";

/** What each declared fact of a line rests on, those made of its own signals and those about where it lives. */
export type ExplainedFacts = Readonly<{
  derived: readonly DerivedFact[];
  environment: readonly EnvironmentValue[];
}>;
