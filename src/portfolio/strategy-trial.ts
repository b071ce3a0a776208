// A strategy version tried on one line, on facts that somebody wrote down, or on those of a decision with some corrected,
// beside the version in force: what it would do and why, with nothing stored. It is asked while a draft is written, so the
// document may still hold problems, and by whoever answers an appeal.

import type { BusinessDate } from "../domain/calendar.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import type { Decision } from "../domain/decision.ts";
import type { FactValue, FactValues } from "../domain/facts.ts";
import { isRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import { lineFactsOf } from "../flow/evaluate.ts";
import type { StoredStrategy, World } from "../flow/ports.ts";
import { readStored } from "../flow/strategy-laws.ts";
import { missing } from "../flow/strategy-life.ts";
import { compileStrategy, type CompiledStrategy } from "../policy/compile.ts";
import { evaluate, isUnevaluable, type Unevaluable } from "../policy/evaluate.ts";
import { explain } from "../policy/explain.ts";
import { readFactText } from "../policy/fact-text.ts";
import type { Strategy } from "../policy/strategy.ts";
import { lineReader } from "./lines-to-assess.ts";
import type { PortfolioStore, Trial, TriedOn } from "./ports.ts";

/**
 * Tries a stored version in any state.
 * Refused: not-found, invalid (the document holds problems; a fact cannot be read, is missing or out of its bounds),
 * facts-erased (those of the decision).
 */
export async function tryStrategy(
  world: Pick<World, "store" | "clock" | "declared">,
  portfolio: PortfolioStore,
  id: string,
  version: number,
  on: TriedOn,
): Promise<Trial | Refusal> {
  const stored = await world.store.strategies.find(id, version);
  if (stored === null) return missing(id, version);
  const strategy = readStored(stored);
  if (isRefusal(strategy)) return strategy;
  const asOf =
    "decision" in on
      ? on.decision.record.assessment.asOf
      : world.clock.dateOf(await world.clock.now());
  const facts =
    "line" in on
      ? await factsOf(world, portfolio, strategy, on.line, asOf)
      : "decision" in on
        ? correctedFacts(strategy, on.decision, on.facts)
        : writtenFacts(strategy, on.facts);
  if (isRefusal(facts)) return facts;
  const explanation = explain(compiledOf(strategy, stored), facts, asOf);
  if ("missing" in explanation) return unevaluableRefusal(explanation);
  return { explanation, against: await inForceOn(world, stored, facts, asOf) };
}

const compiledOf = (strategy: Strategy, { hash }: StoredStrategy): CompiledStrategy =>
  compileStrategy(strategy, () => hash);

/** What a sweep of today would know of the line. */
async function factsOf(
  world: Pick<World, "store" | "clock" | "declared">,
  store: PortfolioStore,
  strategy: Strategy,
  { id, bucket, portfolio }: CreditLine,
  asOf: BusinessDate,
): Promise<FactValues> {
  const seen = { asOf, knownAt: await world.clock.now(), portfolio };
  const lines = await lineReader(world, store, seen, [strategy])([bucket]);
  const found = lines.get(bucket)!.find(({ line }) => line.id === id)!;
  return { ...found.facts, ...lineFactsOf(found.line, found.decreasedLast12MonthsMinor, asOf) };
}

function writtenFacts(
  { facts: declared, currency }: Strategy,
  texts: Readonly<Record<string, string | null>>,
): FactValues | Refusal {
  const facts: Record<string, FactValue> = {};
  for (const declaration of declared) {
    const { name } = declaration;
    const text = Object.hasOwn(texts, name) ? texts[name] : null;
    if (text === null || text === undefined) continue;
    const read = readFactText(declaration, currency, text);
    if ("problem" in read) {
      const { en, zh } = read.problem;
      return refuse(
        "invalid",
        { en: `Fact ${name}: ${en}`, zh: `事实 ${name}：${zh}` },
        `/${name}`,
      );
    }
    facts[name] = read.value;
  }
  const unknown = Object.keys(texts).find((name) => !declared.some((one) => one.name === name));
  return unknown === undefined ? facts : unknownRefusal(unknown);
}

/** The facts that a decision read, with those written down in place of its own. */
function correctedFacts(
  strategy: Strategy,
  { id, record }: Decision,
  texts: Readonly<Record<string, string | null>>,
): FactValues | Refusal {
  const known = Object.entries(record.assessment.facts);
  if (known.length === 0) {
    return refuse("facts-erased", {
      en: `Cannot try on decision ${id}: its facts were erased`,
      zh: `无法以决定 ${id} 试算：其事实已删除`,
    });
  }
  const written = writtenFacts(strategy, texts);
  if (isRefusal(written)) return written;
  const kept = known.filter(([name]) => !Object.hasOwn(texts, name));
  return { ...Object.fromEntries(kept), ...written };
}

function unknownRefusal(name: string): Refusal {
  return refuse("invalid", {
    en: `Fact ${name}: found a name that the strategy does not declare, expected one of its facts`,
    zh: `事实 ${name}：策略未声明该名称，应为其事实之一`,
  });
}

function unevaluableRefusal({ missing: absent, invalid }: Unevaluable): Refusal {
  const wrong = invalid.map((one) => `${one.fact} ${one.found} (${one.expected})`);
  const en = [absent.length > 0 ? `no ${absent.join(", ")}` : "", ...wrong].filter(Boolean);
  const zh = [absent.length > 0 ? `缺少 ${absent.join("、")}` : "", ...wrong].filter(Boolean);
  return refuse("invalid", {
    en: `Try strategy: found ${en.join("; ")}, expected every fact that may not be unknown`,
    zh: `试算策略：${zh.join("；")}；不可未知的事实均须有值`,
  });
}

async function inForceOn(
  { store }: Pick<World, "store">,
  { id, version }: StoredStrategy,
  facts: FactValues,
  asOf: BusinessDate,
): Promise<Trial["against"]> {
  const active = await store.strategies.active(id);
  if (active === null || active.version === version) return null;
  const strategy = readStored(active);
  if (isRefusal(strategy)) return null;
  const assessment = evaluate(compiledOf(strategy, active), facts, asOf);
  return isUnevaluable(assessment) ? null : { version: active.version, assessment };
}
