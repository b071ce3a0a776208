// No file of src imports itself through others, types included: a cycle means that two files are one thing under two
// names, and the layers could no longer be read from the inside out.
import { parseSource, resolveImport } from "./syntax.ts";
import { isSource, type Tree, type Violation } from "./tree.ts";

/** One violation for each cycle of imports, at the file that comes first in the alphabet. */
export function checkCycles(tree: Tree): readonly Violation[] {
  const graph = importGraph(tree);
  const done = new Set<string>();
  const cycles = new Map<string, readonly string[]>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      const cycle = trail.slice(start);
      cycles.set(cycle.toSorted().join(" "), cycle);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of [...graph.keys()].toSorted()) visit(path, []);
  return [...cycles.values()].map(describeCycle);
}

function describeCycle(cycle: readonly string[]): Violation {
  const path = cycle.toSorted()[0] ?? "";
  const first = cycle.indexOf(path);
  const turned = [...cycle.slice(first), ...cycle.slice(0, first), path];
  return { path, line: 1, message: `Cannot import in a circle: ${turned.join(" -> ")}` };
}

function importGraph(tree: Tree): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, readonly string[]>();
  for (const [path, text] of tree) {
    if (!isSource(path)) continue;
    const targets = parseSource(path, text).imports.map(({ specifier }) =>
      resolveImport(path, specifier),
    );
    graph.set(
      path,
      targets.filter((target) => target !== undefined && tree.has(target)) as readonly string[],
    );
  }
  return graph;
}
