// Traits and the looks at behaviour of a facts document, held against the facts and measures that they name.

import { type DeclaredFacts, fieldOf, formOf } from "../domain/declared-fact.ts";
import { exposureForm } from "../domain/exposure.ts";
import { scaledInteger } from "../domain/money.ts";
import type { Trait } from "../domain/trait.ts";
import { pointer, type Problems } from "./problem.ts";

/** A document that is being checked: what is wrong with it so far, and its facts. */
export type Checking = Readonly<{ problems: Problems; declared: DeclaredFacts }>;

/** The measures of behaviour are amounts. */
export function checkBehaviour({ problems, declared }: Checking, use: string, of: string): void {
  const measured = declared.measures.get(of);
  const field = measured === undefined ? undefined : fieldOf(measured);
  if (field?.type === "money") return;
  const known = [...declared.measures.values()].filter((one) => fieldOf(one)?.type === "money");
  const names = known.map(({ id }) => id).join(", ");
  problems.add(
    "type-mismatch",
    pointer("/behaviour", use),
    `Cannot look at behaviour: found measure "${of}", expected one of amounts: ${names}`,
    `无法观察用款行为：为度量“${of}”，应为金额类度量：${names}`,
  );
}

/** Traits are told to all staff, so they rest on nothing personal. */
export function checkTrait(
  { problems, declared }: Checking,
  path: string,
  { name: of, when }: Trait,
): void {
  when.forEach(({ fact: named, atLeast, atMost }, at) => {
    const made = declared.facts.get(named);
    const summed = declared.exposure.get(named);
    const form =
      made === undefined ? summed && exposureForm(summed) : formOf(declared.measures, made);
    const { sensitivity = "personal" } = made ?? summed ?? {};
    const isOpen = sensitivity === "ordinary" || sensitivity === "financial";
    const place = pointer(`${path}/when`, at);
    if (form?.type !== "number" || !isOpen) {
      problems.add(
        "type-mismatch",
        `${place}/fact`,
        `Cannot test trait ${of}: found ${named}, expected a declared fact that is a number and not personal`,
        `无法检验特征“${of}”：为 ${named}，应为已声明、取值为数值且不涉个人信息的事实`,
      );
      return;
    }
    const bounds = [atLeast, atMost].filter((text) => text !== undefined);
    const isRead = bounds.every((text) => scaledInteger(text, form.scale ?? 0) !== null);
    if (bounds.length > 0 && isRead) return;
    problems.add(
      "type-mismatch",
      place,
      `Cannot test trait ${of}: found ${bounds.join(" and ") || "no bound"}, expected atLeast or atMost with at most ${form.scale ?? 0} decimals`,
      `无法检验特征“${of}”：为 ${bounds.join("、") || "无界限"}，应填写 atLeast 或 atMost，最多 ${form.scale ?? 0} 位小数`,
    );
  });
}
