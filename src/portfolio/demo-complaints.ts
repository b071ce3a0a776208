// Who complains in the demo: one line in forty, once in the year, about what fits its life; most complaints are resolved
// within weeks, some are still open when the demo is handed over.

import { addDays, type BusinessDate } from "../domain/calendar.ts";
import {
  complaintChannels,
  type ComplaintChannel,
  type ComplaintState,
  type ComplaintTopic,
} from "../domain/complaint.ts";
import { demoMonthEnds, demoMonths } from "./demo-calendar.ts";
import type { DemoLine } from "./demo-line.ts";
import { pickWeighted, randomOf, type Weighted } from "./demo-random.ts";

const share = 1 / 40;
const resolvedShare = 0.85;

/** Nothing was cut before the demo's own life begins, so nobody complains of that. */
const topics: Weighted<ComplaintTopic> = [
  ["fees", 34],
  ["service", 26],
  ["collections", 18],
  ["data", 14],
  ["notice", 8],
];

/** What happens to a complaint on one day. */
export type DemoComplaint = Readonly<{ asOf: BusinessDate; state: ComplaintState }> &
  Readonly<{ channel?: ComplaintChannel; topic?: ComplaintTopic }>;

/** What is heard of the line's complaint, if it has one, in one month, in order. */
export function demoComplaints(
  { seed, number, firstMonth }: Pick<DemoLine, "seed" | "number" | "firstMonth">,
  month: number,
): readonly DemoComplaint[] {
  const random = randomOf(seed, 9, number);
  if (month <= firstMonth || !random.chance(share)) return [];
  const opened = addDays(
    demoMonthEnds[random.between(firstMonth, demoMonths - 1)]!,
    random.between(1, 28),
  );
  const channel = random.pick(complaintChannels);
  const topic = pickWeighted(random, topics);
  const heard: DemoComplaint[] = [{ asOf: opened, state: "opened", channel, topic }];
  if (random.chance(resolvedShare)) {
    heard.push({ asOf: addDays(opened, random.between(2, 25)), state: "resolved" });
  }
  return heard.filter(
    ({ asOf }) => asOf > demoMonthEnds[month - 1]! && asOf <= demoMonthEnds[month]!,
  );
}
