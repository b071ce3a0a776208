// A strategy that reads a fact made of signals declares it as the facts document does, or its numbers would mean something
// else than its author thinks; and a name that is declared there stands for nothing else. A trigger tests only what is
// looked at when news comes in.

import { declaredForm, type DeclaredFacts, declaredSource } from "../../domain/declared-fact.ts";
import { exposureSource } from "../../domain/exposure.ts";
import { environmentSource } from "../../domain/environment-fact.ts";
import type { FactDeclaration } from "../../domain/facts.ts";
import { collectProblems, pointer, type Problem, type Problems } from "../problem.ts";
import type { Strategy } from "../strategy.ts";

/** Facts that are declared otherwise than the signals make them, and triggers on facts that are not watched. */
export function declaredFactProblems(
  declared: DeclaredFacts,
  { facts, triggers = [] }: Pick<Strategy, "facts" | "triggers">,
): readonly Problem[] {
  const problems = collectProblems();
  facts.forEach((fact, at) => factProblem(declared, fact, `/facts/${at}`, problems));
  triggers.forEach(({ id, when, was = {} }, at) => {
    for (const name of Object.keys(when)) {
      unwatchedProblem(declared, name, id, pointer(`/triggers/${at}/when`, name), problems);
    }
    for (const name of Object.keys(was)) {
      unwatchedProblem(declared, name, id, pointer(`/triggers/${at}/was`, name), problems);
    }
  });
  return problems.list;
}

function factProblem(
  declared: DeclaredFacts,
  fact: FactDeclaration,
  path: string,
  problems: Problems,
): void {
  const form = declaredForm(declared, fact.name);
  if (form === undefined) {
    if (![declaredSource, environmentSource, exposureSource].includes(fact.source)) return;
    return problems.add(
      "unknown-name",
      `${path}/name`,
      `Fact ${fact.name}: found source "${fact.source}", expected a fact of the facts document, see tidemark facts list`,
      `事实 ${fact.name}：来源为“${fact.source}”，应为事实声明文件中的事实，见 tidemark facts list`,
    );
  }
  const values = form.values?.map(({ value }) => value).join(", ");
  const wanted = {
    ...{ source: form.source, type: form.type, scale: form.scale ?? 0, unit: form.unit },
    ...{ values, sensitivity: form.sensitivity },
  };
  const found: typeof wanted = {
    ...{ source: fact.source, type: fact.type, scale: fact.scale ?? 0, unit: fact.unit },
    values: fact.values?.map(({ value }) => value).join(", "),
    sensitivity: fact.sensitivity,
  };
  const name = (Object.keys(wanted) as (keyof typeof wanted)[]).find(
    (field) => wanted[field] !== found[field],
  );
  if (name === undefined) return;
  const [is, should] = [found[name], wanted[name]];
  problems.add(
    "not-as-declared",
    `${path}/${name}`,
    `Fact ${fact.name}: found ${name} ${is ?? "none"}, expected ${should ?? "none"} as it is made of signals`,
    `事实 ${fact.name}：${name} 为 ${is ?? "空"}，应为 ${should ?? "空"}（该事实依据信号生成）`,
  );
}

function unwatchedProblem(
  { facts, exposure }: DeclaredFacts,
  name: string,
  trigger: string,
  path: string,
  problems: Problems,
): void {
  const fact = facts.get(name);
  if ((fact === undefined || fact.watched === true) && !exposure.has(name)) return;
  problems.add(
    "not-as-declared",
    path,
    `Trigger ${trigger}: found fact ${name}, expected one that the facts document watches`,
    `触发器 ${trigger}：事实 ${name} 在事实声明文件中未标为 watched`,
  );
}
