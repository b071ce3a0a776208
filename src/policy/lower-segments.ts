// The segmentation tree: at each level the first child that holds is taken. Siblings end with one that always
// holds, so that every line reaches exactly one leaf, which is its segment.

import type { Text } from "../domain/text.ts";
import type { SegmentIr, Tests } from "./ir.ts";
import { reportDuplicate } from "./lower-facts.ts";
import { addOperand, type Lowering, lowerCondition } from "./lowering.ts";
import { pointer } from "./problem.ts";
import type { SegmentNode } from "./strategy.ts";
import { limits } from "./strategy-shape.ts";

/** Lowers the tree and makes `segment` known. An empty tree has no segments and no operand. */
export function lowerSegments(
  lowering: Lowering,
): Readonly<{ roots: readonly SegmentIr[]; slot: number; ids: readonly string[] }> {
  const walk: Walk = { leaves: [], seen: new Set(), facts: new Set() };
  const nodes = lowering.strategy.segmentation;
  const roots = lowerSiblings(lowering, nodes, "/segmentation", walk, 1);
  if (nodes.length === 0) return { roots, slot: -1, ids: [] };
  const operand = addOperand(lowering, {
    name: "segment",
    type: {
      kind: "enum",
      values: walk.leaves.map((leaf) => leaf.id),
      labels: walk.leaves.map((leaf) => leaf.label),
    },
    nullable: false,
    label: { zh: "客群", en: "Segment" },
    facts: walk.facts,
    table: -1,
    score: null,
  });
  return { roots, slot: operand.slot, ids: walk.leaves.map((leaf) => leaf.id) };
}

type Walk = {
  readonly leaves: { id: string; label: Text }[];
  readonly seen: Set<string>;
  readonly facts: Set<string>;
};

function lowerSiblings(
  lowering: Lowering,
  nodes: readonly SegmentNode[],
  path: string,
  walk: Walk,
  depth: number,
): SegmentIr[] {
  if (depth > limits.treeDepth) {
    lowering.problems.add(
      "too-deep",
      path,
      `Cannot use tree ${path}: found more than ${limits.treeDepth} levels, expected at most that many`,
      `无法使用分群树 ${path}：层级超过 ${limits.treeDepth} 层`,
    );
    return [];
  }
  const last = nodes.length - 1;
  return nodes.map((node, index) => {
    const place = pointer(path, index);
    if (walk.seen.has(node.id)) reportDuplicate(lowering, "segment", node.id, `${place}/id`);
    walk.seen.add(node.id);
    const tests = lowerCondition(lowering, node.when, `${place}/when`);
    for (const name of Object.keys(node.when)) {
      for (const fact of lowering.operands.get(name)?.facts ?? []) walk.facts.add(fact);
    }
    checkPlace(lowering, Object.keys(node.when).length, index === last, place);
    return lowerNode(lowering, node, tests, place, walk, depth);
  });
}

function lowerNode(
  lowering: Lowering,
  node: SegmentNode,
  tests: Tests,
  path: string,
  walk: Walk,
  depth: number,
): SegmentIr {
  const { id, label, children } = node;
  if (children !== undefined) {
    const lowered = lowerSiblings(lowering, children, `${path}/children`, walk, depth + 1);
    return { id, label, code: -1, tests, children: lowered };
  }
  walk.leaves.push({ id, label });
  return { id, label, code: walk.leaves.length - 1, tests, children: [] };
}

function checkPlace(lowering: Lowering, conditions: number, last: boolean, path: string): void {
  if (last === (conditions === 0)) return;
  lowering.problems.add(
    last ? "gap" : "never-matches",
    `${path}/when`,
    last
      ? `Cannot use segment ${path}: found a condition on the last of its siblings, expected {} so that every line has a segment`
      : `Cannot use segment ${path}: found {} before its last sibling, expected a condition so that later siblings can be reached`,
    last
      ? `无法使用客群 ${path}：同级最后一个节点带有条件，应为 {}，以保证每个额度都有客群`
      : `无法使用客群 ${path}：{} 出现在同级最后一个节点之前，其后的节点将无法到达`,
  );
}
