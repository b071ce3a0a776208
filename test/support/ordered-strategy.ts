// Small random strategies whose tables run from mild to harsh along two facts, so that direction laws have a chance to
// hold, with a treatment, a rate or a guard out of order now and then.

import { compileStrategy, type CompiledStrategy } from "../../src/policy/compile.ts";
import { parseStrategy } from "../../src/policy/parse.ts";
import { randomFrom, type Random } from "./random.ts";
import { changed, sha256, strategyDocument } from "./strategy-document.ts";

const treatments = ["keep", "cut", "balance", "freeze", "close"];

/** The strategy of a seed; directions are declared on days late and use. */
export function orderedStrategy(seed: number): CompiledStrategy {
  const random = randomFrom(seed);
  const document = strategyDocument();
  const facts = document["facts"] as Record<string, unknown>[];
  for (const fact of facts) {
    if (fact["name"] === "late" || fact["name"] === "use") fact["harsherWhen"] = "higher";
  }
  changed("/tables/0/inputs", ["late", "use", "region"], document);
  changed("/tables/0/rows", treatmentRows(random), document);
  changed("/tables/1/rows", rateRows(random), document);
  changed("/limitRule/treatments/2/target/bufferBp", random.pick([0, 0, 500]), document);
  changed("/limitRule/rounding/mode", random.pick(["down", "up"]), document);
  changed("/limitRule/belowDrawn", random.pick(["never", "never", "allowed"]), document);
  const guards = document["guards"] as unknown[];
  changed("/guards", random.some(guards, random.integer(0, guards.length)), document);
  if (random.chance(0.2)) changed("/limitRule/floors", [oddFloor], document);
  const parsed = parseStrategy(document);
  if (parsed.strategy === null) throw new Error(JSON.stringify(parsed.problems));
  return compileStrategy(parsed.strategy, sha256);
}

const oddFloor = { id: "odd", label: { zh: "零头下限", en: "Odd floor" }, amount: "1234.56" };

/** Rows under first hit: the worst first; each is reached by days late, by use or by both. */
function treatmentRows(random: Random) {
  const count = random.integer(1, 4);
  // Neither of the two cuts is always the harsher one, so most strategies use one of them only.
  const left = random.pick(["balance", "balance", "cut", "none of them"]);
  const usable = treatments.filter((one) => one !== left);
  const chosen = random.some(usable, count).map((one) => treatments.indexOf(one));
  const ordered = random.chance(0.6) ? chosen.toSorted((left, right) => right - left) : chosen;
  let [late, use] = [100, 12_000];
  return ordered.map((treatment, at) => {
    late -= random.integer(1, 25);
    use -= random.integer(1, 2_500);
    const byLate = random.chance(0.7);
    const byUse = !byLate || random.chance(0.3);
    const name = treatments[treatment]!;
    const when = [
      byLate ? `>= ${Math.max(1, late)}` : "-",
      byUse ? `>= ${(Math.max(3_001, use) / 10_000).toFixed(4)}` : "-",
      random.chance(0.2) ? '"north"' : "-",
    ];
    return {
      ...{ id: `R${at}`, note: { zh: "一行", en: "A row" }, when, then: [`"${name}"`] },
      reasons: [{ code: "R01", facts: [byLate ? "late" : "use"] }],
    };
  });
}

/** Rates that add up with use; out of order where one of them ends instead of beginning. */
function rateRows(random: Random) {
  const base = { id: "S0", note: { zh: "基础", en: "Base" }, when: ["-", "-"], then: ["0.25"] };
  const more = Array.from({ length: random.integer(0, 3) }, (_, at) => {
    const from = (random.integer(3_001, 9_000) / 10_000).toFixed(4);
    return {
      ...{ id: `S${at + 1}`, note: { zh: "更多", en: "More" } },
      when: [random.chance(0.85) ? `>= ${from}` : `[${from}..0.95]`, "-"],
      then: ["0.1"],
      reasons: [{ code: "R10", facts: ["use"] }],
    };
  });
  return [base, ...more];
}
