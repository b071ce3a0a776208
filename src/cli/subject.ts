// Finding what a command is about from what a person typed: an id, or for lines the lender's own reference.

import { readSubject, subjectNames } from "../adapters/read-subject.ts";
import { reachesLine, rowScopeOf } from "../adapters/http/row-scope.ts";
import type { CreditLine } from "../domain/credit-line.ts";
import { isId, type Id } from "../domain/id.ts";
import { isRefusal, notFound, refuse, type Refusal } from "../domain/refusal.ts";
import type { Reads, RowScope } from "../flow/ports.ts";
import type { Actor } from "../domain/actor.ts";
import type { SubjectKind } from "../flow/step.ts";

/** The id that was typed, or the refusal that says what was expected. */
export function idOf(text: string): Id | Refusal {
  const id = text.toLowerCase();
  return isId(id)
    ? id
    : refuse("invalid", {
        en: `Id: found ${JSON.stringify(text)}, expected a UUID such as 0190f7a1-…`,
        zh: `编号：为 ${JSON.stringify(text)}，应为 UUID，如 0190f7a1-…`,
      });
}

/** The line of an id or of the lender's reference, which names one line in the whole installation. Refused: not-found. */
export async function findLine(reads: Reads, text: string): Promise<CreditLine | Refusal> {
  const typed = text.toLowerCase();
  const line = isId(typed) ? await reads.line(typed) : null;
  if (line !== null) return line;
  const { rows } = await reads.lines({ after: null, limit: 1 }, { reference: text });
  return rows[0] ?? notFound(subjectNames.line, text);
}

/** The id of a subject and the line that it concerns. */
export async function findSubject(
  reads: Reads,
  kind: SubjectKind,
  text: string,
): Promise<Readonly<{ id: Id; line: CreditLine }> | Refusal> {
  if (kind === "line") {
    const line = await findLine(reads, text);
    return isRefusal(line) ? line : { id: line.id, line };
  }
  const id = idOf(text);
  if (isRefusal(id)) return id;
  const row = await readSubject(reads, kind, id);
  const line = row === null ? null : await reads.line(row.lineId);
  return line === null ? notFound(subjectNames[kind], text) : { id, line };
}

/** Whose rows the actor may list. */
export function scopeOf(actor: Actor): RowScope {
  return rowScopeOf(actor.scope);
}

/** True where the line lies in the actor's scope. */
export function reaches(actor: Actor, line: CreditLine): boolean {
  return reachesLine(actor.scope, line);
}
