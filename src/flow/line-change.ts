// A change to a line as notice law looks at it, with what is known on this day and no more. A customer agreed to it only
// where there is proof. What Tidemark cannot know is left out and so read strictly: whether the customer asked for it,
// and whether it affects a whole class of lines.

import type { LineChangeAsked } from "../compliance/adverse-action.ts";
import type { GatedAction } from "../compliance/pack.ts";
import type { BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import { profileFacts } from "../domain/line-profile.ts";
import type { Context } from "./step.ts";

/** The change that a decision makes to its line when it does `action` today. */
export function changeToday(
  decision: Decision,
  line: CreditLine,
  action: GatedAction,
  context: Pick<Context, "today" | "strategy">,
): LineChangeAsked {
  const { cause } = decision.record;
  return {
    ...{ action, cause },
    ...(decision.agreedAt === null ? {} : { agreement: "agreed" as const }),
    ...(isOverdue(decision, line, context.today) ? { presentlyOverdue: true } : {}),
    ...(quotesBureau(decision, context) ? { bureauDataUsed: true } : {}),
  };
}

/** Only where the decision read today that it is, and something is still owed: it may have been paid since another day. */
function isOverdue({ record }: Decision, { drawnMinor }: CreditLine, today: BusinessDate): boolean {
  const { asOf, facts } = record.assessment;
  const daysPastDue = facts[profileFacts.daysPastDue];
  return asOf === today && drawnMinor > 0 && typeof daysPastDue === "number" && daysPastDue > 0;
}

/** True where a fact of a reason that is cited is declared as the credit bureau's. */
function quotesBureau({ record }: Decision, context: Pick<Context, "strategy">): boolean {
  const { reasons, strategy } = record.assessment;
  const cited = new Set(reasons.flatMap(({ facts }) => facts));
  return context
    .strategy(strategy.hash)
    .document.facts.some(({ name, source }) => source === "bureau" && cited.has(name));
}
