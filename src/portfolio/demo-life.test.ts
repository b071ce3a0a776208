// The demo portfolio is told by numbers: the same seed gives the same lines for ever, delinquency moves at the measured
// rates within sampling error, and the shock shows where it hits and nowhere else.

import { describe, expect, test } from "vitest";
import { demoMonths, demoShock } from "./demo-calendar.ts";
import { demoFacts, demoNews } from "./demo-facts.ts";
import { demoLife, demoWarmUp } from "./demo-life.ts";
import { demoLine, type DemoLine } from "./demo-line.ts";
import { measuredTransitions, type RollState } from "./demo-roll.ts";

const seed = 20_260_630;

/** Index of a status in rows of counts: nothing past due comes last. */
const slot = (roll: RollState): number => roll ?? 6;

type Portfolio = readonly Readonly<{ line: DemoLine; rolls: readonly RollState[] }>[];

function portfolioOf(lines: number): Portfolio {
  return Array.from({ length: lines }, (_, number) => {
    const line = demoLine(seed, number);
    return { line, rolls: demoLife(line).map(({ roll }) => roll) };
  });
}

/** Counts of moves from status to status, of customers whom the shock does not reach. */
function movesOf(portfolio: Portfolio): readonly number[][] {
  const moves = Array.from({ length: 7 }, () => [0, 0, 0, 0, 0, 0, 0]);
  for (const { line, rolls } of portfolio) {
    if (line.customer.shockStrength > 0) continue;
    for (let at = 1; at < rolls.length; at += 1) {
      moves[slot(rolls[at - 1]!)]![slot(rolls[at]!)]! += 1;
    }
  }
  return moves;
}

/** Three standard errors of a share, with a floor for shares that are hardly ever seen. */
function sampling(share: number, of: number): number {
  return 3 * Math.sqrt(Math.max(share * (1 - share), 1 / of) / of);
}

describe("the same seed and number", () => {
  test("make the same line, whatever was made before", () => {
    const alone = demoLine(seed, 4_711);
    for (let number = 0; number < 50; number += 1) demoLife(demoLine(seed, number));
    const again = demoLine(seed, 4_711);
    expect(again).toEqual(alone);
    expect(demoLife(again)).toEqual(demoLife(alone));
  });

  test("make these bytes for ever", () => {
    const line = demoLine(seed, 3);
    expect(line).toMatchObject({ reference: "TL0000003", customer: { reference: "TC0000003" } });
    expect(demoFacts(line, demoLife(line), demoMonths)).toMatchSnapshot();
  });

  test("of another seed make another line", () => {
    const scores = (one: number): readonly number[] =>
      demoLife(demoLine(one, 3)).map(({ behaviourScore }) => behaviourScore);
    expect(scores(seed + 1)).not.toEqual(scores(seed));
  });
});

describe("delinquency", () => {
  const portfolio = portfolioOf(60_000);
  const moves = movesOf(portfolio);

  test("moves at the measured rates, within sampling error", () => {
    const anchors = [
      [0, 1],
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 5],
    ] as const;
    for (const [from, to] of anchors) {
      const counts = measuredTransitions[from]!;
      const measured = counts[to]! / counts.reduce((sum, count) => sum + count, 0);
      const all = moves[from]!.reduce((sum, count) => sum + count, 0);
      const found = moves[from]![to]! / all;
      expect(all, `moves from ${from}`).toBeGreaterThan(15);
      expect(Math.abs(found - measured), `${from} to ${to}: ${found} of ${all}`).toBeLessThan(
        sampling(measured, all),
      );
    }
  });

  test("gives the rates that the anchors name", () => {
    const rate = (from: number, to: number): string => {
      const counts = measuredTransitions[from]!;
      return ((100 * counts[to]!) / counts.reduce((sum, count) => sum + count, 0)).toFixed(1);
    };
    expect([rate(0, 1), rate(1, 0), rate(1, 1), rate(1, 2)]).toEqual([
      "1.9",
      "49.9",
      "31.8",
      "5.2",
    ]);
    expect([rate(2, 3), rate(3, 4), rate(4, 5), rate(5, 5)]).toEqual([
      "30.3",
      "58.9",
      "66.5",
      "90.4",
    ]);
  });

  test("leaves few lines behind at any month end before the shock", () => {
    for (let month = 0; month < demoShock.month; month += 1) {
      const late = portfolio.filter(({ rolls }) => rolls[demoWarmUp + month] !== null).length;
      expect(late / portfolio.length).toBeGreaterThan(0.02);
      expect(late / portfolio.length).toBeLessThan(0.07);
    }
  });

  test("clusters where the shock hits, and nowhere else", () => {
    const share = (chosen: Portfolio, month: number): number =>
      chosen.filter(({ rolls }) => rolls[demoWarmUp + month] !== null).length / chosen.length;
    const hit = portfolio.filter(
      ({ line: { customer } }) =>
        customer.region === demoShock.region &&
        demoShock.industries.some((one) => one === customer.industry),
    );
    const far = portfolio.filter(
      ({ line: { customer } }) =>
        customer.region !== demoShock.region &&
        demoShock.industries.every((one) => one !== customer.industry),
    );
    expect(share(hit, 12)).toBeGreaterThan(3 * share(hit, 9));
    expect(Math.abs(share(far, 12) - share(far, 9))).toBeLessThan(0.01);
  });
});

describe("facts", () => {
  const lines = Array.from({ length: 3_000 }, (_, number) => demoLine(seed, number));

  test("fall in score where the shock hits", () => {
    const falls = (inRegion: boolean): number => {
      const chosen = lines.filter(
        ({ customer, firstMonth }) =>
          firstMonth === 0 &&
          (customer.region === demoShock.region) === inRegion &&
          demoShock.industries.some((one) => one === customer.industry) === inRegion,
      );
      const changes = chosen.map((line) =>
        Number(demoFacts(line, demoLife(line), 12)["scoreChange90Days"]),
      );
      return changes.reduce((sum, change) => sum + change, 0) / changes.length;
    };
    expect(falls(true)).toBeLessThan(-50);
    expect(falls(false)).toBeGreaterThan(-10);
  });

  test("as news over the facts before are the facts of the month", () => {
    for (const line of lines.slice(0, 200)) {
      const life = demoLife(line);
      for (let month = line.firstMonth + 1; month <= demoMonths; month += 1) {
        expect({ ...demoFacts(line, life, month - 1), ...demoNews(line, life, month) }).toEqual(
          demoFacts(line, life, month),
        );
      }
    }
  });

  test("are whole numbers, words, yes and no, or unknown", () => {
    for (const line of lines) {
      for (const value of Object.values(demoFacts(line, demoLife(line), demoMonths))) {
        if (typeof value === "number") expect(Number.isSafeInteger(value)).toBe(true);
        else expect(["string", "boolean", "object"]).toContain(typeof value);
      }
    }
  });
});
