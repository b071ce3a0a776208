// Complaints of the demo are the same for a seed, begin after their line, and come to an end or stay open.

import { expect, test } from "vitest";
import { demoLastDate, demoMonthEnds, demoMonths } from "./demo-calendar.ts";
import { demoComplaints } from "./demo-complaints.ts";

const lines = Array.from({ length: 4_000 }, (_, number) => ({
  ...{ seed: 7, number, firstMonth: number % 6 },
}));

function told(line: (typeof lines)[number]) {
  return Array.from({ length: demoMonths + 1 }, (_, month) => demoComplaints(line, month)).flat();
}

test("about one line in forty complains, most of them about fees and service, and most are heard", () => {
  const all = lines.map(told).filter((heard) => heard.length > 0);
  expect(all.length).toBeGreaterThan(lines.length / 60);
  expect(all.length).toBeLessThan(lines.length / 28);
  const resolved = all.filter((heard) => heard.length === 2).length / all.length;
  expect(resolved).toBeGreaterThan(0.6);
  expect(resolved).toBeLessThan(1);
  const topics = Map.groupBy(all, ([first]) => first!.topic);
  expect(topics.get("fees")!.length).toBeGreaterThan(topics.get("notice")!.length);
});

test("each is opened once, after its line, and resolved later or not at all", () => {
  for (const line of lines) {
    const [opened, resolved, ...more] = told(line);
    if (opened === undefined) continue;
    expect(more).toEqual([]);
    expect(opened).toMatchObject({ state: "opened", channel: expect.any(String) });
    expect(opened.asOf > demoMonthEnds[line.firstMonth]!).toBe(true);
    if (resolved === undefined) continue;
    expect(resolved).toEqual({ state: "resolved", asOf: resolved.asOf });
    expect(resolved.asOf > opened.asOf && resolved.asOf <= demoLastDate).toBe(true);
  }
});

test("the same seed tells the same", () => {
  expect(lines.map(told)).toEqual(lines.map(told));
});
