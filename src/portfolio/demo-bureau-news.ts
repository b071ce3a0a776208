// News of a few lines after the last statement: the bureau says that the customer borrowed elsewhere and is late there.
// It comes as a signal with facts, as such news comes in earnest, and gives the second sweep of the demo its cases.

import type { FactValue } from "../domain/facts.ts";
import type { Command } from "../flow/step.ts";
import { demoMonths, demoNewsDate } from "./demo-calendar.ts";
import { demoSignal, type DemoTelling } from "./demo-commands.ts";
import { demoFacts } from "./demo-facts.ts";
import type { DemoMonth } from "./demo-life.ts";
import type { DemoLine } from "./demo-line.ts";
import type { DemoPlan } from "./demo-history.ts";

const oneLineIn = 60;

/** Numbers of the lines that there is news of. */
export function demoNewsNumbers({ lines }: DemoPlan): readonly number[] {
  return Array.from({ length: Math.floor(lines / oneLineIn) }, (_, at) => at * oneLineIn + 7);
}

/** The signal about one line. */
export function bureauNews(
  telling: Pick<DemoTelling, "ids">,
  line: DemoLine,
  life: readonly DemoMonth[],
): Command {
  const before = demoFacts(line, life, demoMonths);
  const lower = (fact: string, points: number): FactValue => {
    const value = before[fact];
    return typeof value === "number" ? Math.max(300, value - points) : null;
  };
  return demoSignal(telling, line, {
    source: "demo-bureau",
    id: `${line.reference}-${demoNewsDate}`,
    type: "facts",
    asOf: demoNewsDate,
    facts: {
      behaviourScore: lower("behaviourScore", 110),
      scoreChange90Days: -110,
      bureauScore: lower("bureauScore", 85),
      multiLenderCount3m: 5,
      overdueOthers: true,
      incomeChange: -3_500,
    },
  });
}
