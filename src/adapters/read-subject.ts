// The row that a command is about, whatever kind of subject it has: the API and the command line look it up alike.

import type { Id } from "../domain/id.ts";
import type { Text } from "../domain/text.ts";
import type { Reads } from "../flow/ports.ts";
import type { SubjectKind } from "../flow/step.ts";

/** A subject's version and its line; a line is its own. */
export type SubjectRow = Readonly<{ id: Id; ver: number; lineId: Id }>;

/** Null where there is no such row. */
export async function readSubject(
  reads: Reads,
  kind: SubjectKind,
  id: Id,
): Promise<SubjectRow | null> {
  switch (kind) {
    case "line": {
      const line = await reads.line(id);
      return line === null ? null : { id, ver: line.ver, lineId: id };
    }
    case "decision":
      return reads.decision(id);
    case "review-case":
      return reads.review(id);
    case "notice":
      return reads.notice(id);
    case "offer":
      return reads.offer(id);
    case "alert":
      return reads.alert(id);
    case "reminder":
      return reads.reminder(id);
  }
}

/** What people call each kind. */
export const subjectNames: Readonly<Record<SubjectKind, Text>> = {
  line: { en: "line", zh: "授信" },
  decision: { en: "decision", zh: "决定" },
  "review-case": { en: "review case", zh: "复核件" },
  notice: { en: "notice", zh: "通知" },
  offer: { en: "offer", zh: "协商要约" },
  alert: { en: "alert", zh: "预警" },
  reminder: { en: "reminder", zh: "还款提醒" },
};
