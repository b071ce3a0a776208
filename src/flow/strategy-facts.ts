// A strategy that reads a fact made of signals declares it as the facts document does, or its numbers would mean something
// else than its author thinks; and a name that is declared there stands for nothing else. A trigger tests only what is
// looked at when news comes in.

import { type DeclaredFacts, declaredSource, formOf } from "../domain/declared-fact.ts";
import { exposureForm, exposureSource } from "../domain/exposure.ts";
import type { FactDeclaration } from "../domain/facts.ts";
import { firstRefusal, refuse, type Refusal } from "../domain/refusal.ts";
import type { Strategy } from "../policy/strategy.ts";

/** Refuses (invalid) a dictionary that does not agree with the declared facts, and a trigger on one that is not watched. */
export function strategyFactsRefusal(
  declared: DeclaredFacts,
  { facts, triggers = [] }: Pick<Strategy, "facts" | "triggers">,
): Refusal | null {
  const tested = triggers.flatMap(({ id, when, was = {} }, at) => [
    ...Object.keys(when).map((name) =>
      unwatchedRefusal(declared, name, id, `/triggers/${at}/when`),
    ),
    ...Object.keys(was).map((name) => unwatchedRefusal(declared, name, id, `/triggers/${at}/was`)),
  ]);
  return firstRefusal([
    ...facts.map((fact, at) => factRefusal(declared, fact, `/facts/${at}`)),
    ...tested,
  ]);
}

function factRefusal(
  { facts, measures, exposure }: DeclaredFacts,
  fact: FactDeclaration,
  path: string,
): Refusal | null {
  const made = facts.get(fact.name);
  const summed = exposure.get(fact.name);
  const declared = made ?? summed;
  const isOurs = fact.source === declaredSource || fact.source === exposureSource;
  if (declared === undefined) {
    return isOurs
      ? refuse(
          "invalid",
          {
            en: `Fact ${fact.name}: found source "${fact.source}", expected a fact of the facts document, see tidemark facts list`,
            zh: `事实 ${fact.name}：来源为“${fact.source}”，应为事实声明文件中的事实，见 tidemark facts list`,
          },
          `${path}/name`,
        )
      : null;
  }
  const form = made === undefined ? exposureForm(summed!) : formOf(measures, made);
  const values = form.values?.map(({ value }) => value).join(", ");
  const wanted = {
    ...{
      source: made === undefined ? exposureSource : declaredSource,
      type: form.type,
      scale: form.scale ?? 0,
      unit: form.unit,
    },
    ...{ values, sensitivity: declared.sensitivity },
  };
  const found: typeof wanted = {
    ...{ source: fact.source, type: fact.type, scale: fact.scale ?? 0, unit: fact.unit },
    values: fact.values?.map(({ value }) => value).join(", "),
    sensitivity: fact.sensitivity,
  };
  const name = (Object.keys(wanted) as (keyof typeof wanted)[]).find(
    (field) => wanted[field] !== found[field],
  );
  if (name === undefined) return null;
  const [is, should] = [found[name], wanted[name]];
  return refuse(
    "invalid",
    {
      en: `Fact ${fact.name}: found ${name} ${is ?? "none"}, expected ${should ?? "none"} as the facts document says`,
      zh: `事实 ${fact.name}：${name} 为 ${is ?? "空"}，应为 ${should ?? "空"}（与事实声明文件一致）`,
    },
    `${path}/${name}`,
  );
}

function unwatchedRefusal(
  { facts, exposure }: DeclaredFacts,
  name: string,
  trigger: string,
  path: string,
): Refusal | null {
  const fact = facts.get(name);
  return (fact === undefined || fact.watched === true) && !exposure.has(name)
    ? null
    : refuse(
        "invalid",
        {
          en: `Trigger ${trigger}: found fact ${name}, expected one that the facts document watches`,
          zh: `触发器 ${trigger}：事实 ${name} 在事实声明文件中未标为 watched`,
        },
        `${path}/${name}`,
      );
}
