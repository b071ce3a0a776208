// The example of what happens when a source is silent: its golden cases, and the same from the asks and the macro series that
// its facts come of.

import { beforeEach, describe, expect, test } from "vitest";
import { readStrategyFile, readYamlFile } from "../../src/adapters/files/strategy-file.ts";
import { serviceActor } from "../../src/domain/actor.ts";
import { addMilliseconds } from "../../src/domain/calendar.ts";
import type { CreditLine } from "../../src/domain/credit-line.ts";
import { isRefusal } from "../../src/domain/refusal.ts";
import { askSource } from "../../src/flow/ask-source.ts";
import { lineFactsOf } from "../../src/flow/evaluate.ts";
import { takeSignals } from "../../src/flow/take-signals.ts";
import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { evaluate, isUnevaluable } from "../../src/policy/evaluate.ts";
import { declaredFactProblems } from "../../src/policy/check/declared-facts.ts";
import { parseGoldenCases, runGoldenCases } from "../../src/policy/golden.ts";
import { lineReader } from "../../src/portfolio/lines-to-assess.ts";
import { down, playedSources, type PlayedSources } from "../support/connectors.ts";
import { lineIn } from "../support/declared-facts.ts";
import { repositoryRoot } from "../support/documents.ts";
import { standardFacts } from "../support/standard-facts.ts";
import { sha256 } from "../support/strategy-document.ts";
import { memoryWorld, type TestWorld } from "../support/world.ts";

const folder = `${repositoryRoot}/examples/silent-bureau`;

async function strategyOf(): Promise<CompiledStrategy> {
  const { strategy, problems } = await readStrategyFile(`${folder}/strategy.yaml`);
  if (strategy === null) throw new Error(problems.map(({ message }) => message.en).join("\n"));
  return compileStrategy(strategy, sha256);
}

test("says what its golden cases say, over facts as they are declared", async () => {
  const compiled = await strategyOf();
  const file = await readYamlFile(`${folder}/golden.yaml`);
  if ("problems" in file) throw new Error(JSON.stringify(file.problems));
  const ready = parseGoldenCases(file.value, compiled);
  if ("problems" in ready) throw new Error(JSON.stringify(ready.problems));
  expect(runGoldenCases(compiled, ready)).toEqual([]);
  expect(declaredFactProblems(standardFacts, compiled.document)).toEqual([]);
});

test("is refused where it takes a fact of the environment for something else", async () => {
  const { document } = await strategyOf();
  const facts = document.facts.map((fact) =>
    fact.source === "environment" ? { ...fact, unit: "percent" } : fact,
  );
  const [problem] = declaredFactProblems(standardFacts, { facts });
  expect(problem?.message.en).toBe(
    "Fact unemploymentChange12Months: found unit percent, expected value as it is made of signals",
  );
});

describe("of a line whose bureau is asked", () => {
  let given: TestWorld;
  let line: CreditLine;
  let sources: PlayedSources;
  let compiled: CompiledStrategy;

  beforeEach(async () => {
    [given, sources, compiled] = [memoryWorld(), playedSources(), await strategyOf()];
    line = await lineIn(given.world, "C-1");
    await tell("consent", "C-1", { purpose: "account-review", state: "given" });
    await tell("macro-value", "country/cn", macro("2026-01-01", 62_000));
    await tell("macro-value", "country/cn", macro("2025-01-01", 50_000));
  });

  const macro = (period: string, value: number) => ({ series: "unemployment", period, value });

  async function tell(type: string, subject: string, data: object): Promise<void> {
    const time = await given.world.clock.now();
    const id = `${type}-${JSON.stringify(data)}`;
    const event = {
      ...{ specversion: "1.0", source: "test", type: `tidemark.signal.${type}`, id },
      ...{ subject, time, data },
    };
    const actor = serviceActor("test");
    const [taken] = await takeSignals(given.world, actor, [{ event }], { clockSkewMs: 0 });
    expect(taken!.outcome).toBe("recorded");
  }

  async function ask(): Promise<void> {
    const { world } = given;
    const request = { source: "bureau", line, purpose: "account-review" } as const;
    const asked = await askSource(world, sources, { ...request, actor: serviceActor("test") });
    expect(isRefusal(asked)).toBe(false);
  }

  /** What a sweep of today would say. */
  async function said(): Promise<string> {
    const { world, portfolio } = given;
    const knownAt = await world.clock.now();
    const view = { asOf: world.clock.dateOf(knownAt), knownAt, portfolio: null };
    const lines = await lineReader(world, portfolio, view, [compiled.document])([line.bucket]);
    const [one] = lines.get(line.bucket)!;
    const own = lineFactsOf(one!.line, one!.decreasedLast12MonthsMinor, view.asOf);
    const assessment = evaluate(compiled, { ...one!.facts, ...own }, view.asOf);
    if (isUnevaluable(assessment)) throw new Error(JSON.stringify(assessment));
    const { outcome, route } = assessment;
    return outcome.action === "decrease" ? `${outcome.toMinor} ${route}` : outcome.action;
  }

  test("the answer decides, then its age, the times and the consent", async () => {
    expect(await said()).toBe("none");
    sources.answers({ data: { score: 640, inquiries30Days: 12 } });
    await ask();
    expect(await said()).toBe("700000 straight-through");
    sources.answers(down);
    await given.clock.set(addMilliseconds(await given.world.clock.now(), 45 * 86_400_000));
    await ask();
    expect(await said()).toBe("900000 review");
    await tell("consent", "C-1", { purpose: "account-review", state: "withdrawn" });
    await given.clock.set(addMilliseconds(await given.world.clock.now(), 60_000));
    await ask();
    expect(await said()).toBe("none");
  });
});
