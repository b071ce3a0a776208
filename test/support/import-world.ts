// What importing needs of the world, around any store: a clock that stands still, real ids, the names of the
// jurisdictions, and nothing else, because registering lines reads no strategy, pack or wording.

import { readPackFiles } from "../../src/adapters/files/pack-files.ts";
import { createIds } from "../../src/adapters/ids.ts";
import type { Actor } from "../../src/domain/actor.ts";
import { noDeclaredFacts } from "../../src/domain/declared-fact.ts";
import type { BusinessDate, Instant } from "../../src/domain/calendar.ts";
import type { Store, World } from "../../src/flow/ports.ts";
import type { RowProblem } from "../../src/portfolio/row-problem.ts";
import type { FileRow, LinesFile, Rejects } from "../../src/portfolio/ports.ts";
import { repositoryRoot } from "./documents.ts";

export const importDay = "2026-03-02" as BusinessDate;

/** The jurisdictions of the packs that come with Tidemark. */
const jurisdictions = [
  ...new Set(
    readPackFiles(`${repositoryRoot}/compliance-packs`).packs.map((pack) => pack.jurisdiction),
  ),
];

export const operator: Actor = { id: "operator-1", roles: ["operator"], scope: { kind: "all" } };

/** A world in which lines can be registered; anything else that is asked of it throws. */
export function importWorld(store: Store, today: BusinessDate = importDay): World {
  const now = `${today}T04:00:00.000Z` as Instant;
  const days = { dateOf: () => today, startOf: () => now };
  const clock = { ...days, now: async () => now, timeIn: () => days };
  const known: Partial<World> = {
    ...{ store, clock, jurisdictions, ids: createIds(), declared: noDeclaredFacts },
    observe: () => undefined,
  };
  return new Proxy(known as World, {
    get: (target, name) => {
      if (name in target) return target[name as keyof World];
      return () => {
        throw new Error(`Import asked the world for ${String(name)}`);
      };
    },
  });
}

/** A file of lines made in a test: the header, then rows in portions of two. */
export function linesFile(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): LinesFile {
  const made: FileRow[] = rows.map((cells, index) => ({ line: index + 2, cells }));
  return {
    name: "lines.csv",
    header: { line: 1, columns },
    rows: made.length,
    read: async function* () {
      for (let from = 0; from < made.length; from += 2) yield made.slice(from, from + 2);
    },
  };
}

/** Rejects kept in a list; `state` says how they ended. */
export type KeptRejects = Rejects & {
  readonly problems: RowProblem[];
  state: "open" | "finished" | "abandoned";
};

export function keepRejects(): KeptRejects {
  const kept: KeptRejects = {
    problems: [],
    state: "open",
    write: async (problems) => {
      kept.problems.push(...problems);
    },
    finish: async () => {
      kept.state = "finished";
      return kept.problems.length === 0 ? null : "rejects.csv";
    },
    abandon: async () => {
      kept.state = "abandoned";
    },
  };
  return kept;
}
