// What a strategy does to a line, apart from the amounts of that line: the treatment with its rate or amount and the
// guards that apply, or nothing. Many cells share one effect, and laws about amounts are shown effect by effect.

import { type Action, actions } from "../../domain/assessment.ts";
import type { GuardIr, TreatmentIr } from "../ir.ts";
import { choose, combine, constant, type Ref } from "./diagram.ts";
import { coolDownDays } from "./fact-classes.ts";
import { belongs, type Graph, testsOf } from "./graph.ts";

export type Effect =
  | Readonly<{ action: Exclude<Action, "decrease"> }>
  | Readonly<{
      action: "decrease";
      treatment: TreatmentIr;
      /** the rate in basis points or the amount in minor units; NaN where it is a fact or the treatment has none */
      amount: number;
      /** guards that apply to the line, cool-downs apart */
      guards: readonly GuardIr[];
    }>;

/** An effect that lowers the limit. */
export type Decrease = Extract<Effect, { action: "decrease" }>;

/** Effects by number, and the number of the effect as a function of the facts. */
export type Effects = Readonly<{ list: readonly Effect[]; ref: Ref }>;

/** Where an action stands between mild and harsh. */
export function rankOf(action: Action): number {
  return actions.indexOf(action);
}

/** The effect of the whole strategy; all tables must have been added to the graph. */
export function effectsOf(graph: Graph): Effects {
  const { program, diagram } = graph;
  const known = new Map<string, number>();
  const list: Effect[] = [];
  const numberOf = (key: string, effect: Effect): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, list.length);
    return list.push(effect) - 1;
  };
  const simple = (action: Exclude<Action, "decrease">): Ref =>
    constant(diagram, numberOf(action, { action }));
  const none = simple("none");
  const guards = program.guards.filter((guard) => guard.kind !== "cool-down");
  const applying = applyingGuards(graph, guards);
  const byTreatment = program.limit.treatments.map((treatment): Ref => {
    const { action } = treatment;
    if (action !== "decrease") return simple(action);
    const number = (amount: number, set: number): number =>
      numberOf(`${treatment.id} ${amount} ${set}`, {
        action,
        treatment,
        amount,
        guards: applying.sets[set]!,
      });
    return combine(diagram, amountOf(graph, treatment), applying.ref, number);
  });
  const chosen = byTreatment.reduce((rest, effect, at) => {
    const stopped = cooling(graph, program.limit.treatments[at]!.action);
    const here = belongs(graph, program.limit.selectSlot, { bounds: [at, at], unknown: false });
    return choose(diagram, here, choose(diagram, stopped, none, effect), rest);
  }, none);
  return { list, ref: choose(diagram, graph.included, chosen, none) };
}

/** The rate or amount that a treatment reads; NaN where it has none or reads it from a fact. */
function amountOf({ diagram, slots }: Graph, { target }: TreatmentIr): Ref {
  const unknown = constant(diagram, Number.NaN);
  if (target === null || target.method === "cut-to-balance") return unknown;
  const source = target.method === "cut-by-rate" ? target.rate : target.amount;
  if (source.kind === "constant") return constant(diagram, source.value);
  return source.table < 0 ? unknown : slots.get(source.slot)!;
}

/** Which guards apply, as the number of a set of guards. */
function applyingGuards(
  graph: Graph,
  guards: readonly GuardIr[],
): Readonly<{ sets: readonly (readonly GuardIr[])[]; ref: Ref }> {
  const { diagram } = graph;
  const sets: (readonly GuardIr[])[] = [[]];
  const ref = guards.reduce(
    (before, guard) => {
      const larger = new Map<number, number>();
      const enlarged = (set: number): number => {
        const found = larger.get(set);
        if (found !== undefined) return found;
        const made = sets.push([...sets[set]!, guard]) - 1;
        larger.set(set, made);
        return made;
      };
      const applies = testsOf(graph, guard.tests);
      return combine(diagram, before, applies, (set, on) => (on === 0 ? set : enlarged(set)));
    },
    constant(diagram, 0),
  );
  return { sets, ref };
}

/** Whether a cool-down stops the action. */
function cooling(graph: Graph, action: Action): Ref {
  const { program, diagram } = graph;
  const no = constant(diagram, 0);
  return program.guards.reduce((rest, guard) => {
    if (guard.kind !== "cool-down" || !guard.actions.includes(action)) return rest;
    const early = belongs(graph, program.line.daysSinceDecrease, coolDownDays(guard.days));
    const stops = choose(diagram, testsOf(graph, guard.tests), early, no);
    return choose(diagram, stops, constant(diagram, 1), rest);
  }, no);
}
