// How fast this process goes on a sweep, for people who watch it: from the reports of the last seconds, kept in memory
// only, because nothing may ever depend on it.

import type { Id } from "../../domain/id.ts";

/** `add`: how many lines a pass has behind it by now · `of`: lines per second of late, null while unknown. */
export type SweepRates = Readonly<{
  add: (id: Id, lines: number) => void;
  of: (id: Id) => number | null;
  forget: (id: Id) => void;
}>;

const rateWindowMs = 15_000;

/** Lines per second over the last seconds, from how many each report says are done. */
export function sweepRates(now: () => number): SweepRates {
  const reports = new Map<Id, readonly Readonly<{ at: number; lines: number }>[]>();
  return {
    add: (id, lines) => {
      const at = now();
      const held = (reports.get(id) ?? []).filter((one) => at - one.at <= rateWindowMs);
      // The second pass counts from the beginning.
      const same = held.every((one) => one.lines <= lines);
      reports.set(id, [...(same ? held : []), { at, lines }]);
    },
    of: (id) => {
      const held = reports.get(id) ?? [];
      const [first, last] = [held[0], held.at(-1)];
      if (first === undefined || last === undefined || last.at === first.at) return null;
      return Math.round(((last.lines - first.lines) * 1_000) / (last.at - first.at));
    },
    forget: (id) => void reports.delete(id),
  };
}
