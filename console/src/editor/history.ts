// Undo and redo of a document: what was before and what was taken back, in bounds.
import type { Doc } from "./document.ts";

const mostSteps = 200;

export type History = Readonly<{
  past: readonly Doc[];
  present: Doc;
  future: readonly Doc[];
  /** what the last step changed, for writing that goes on there; null: the next step is one of its own */
  mark: string | null;
}>;

/** A document that nobody has changed yet. */
export function begun(present: Doc): History {
  return { past: [], present, future: [], mark: null };
}

/** The document after a step. Steps with the same mark, one after the other, are undone as one. */
export function stepped(history: History, next: Doc, mark: string | null = null): History {
  if (next === history.present) return history;
  const goesOn = mark !== null && mark === history.mark;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-mostSteps);
  return { past, present: next, future: [], mark };
}

export function undone({ past, present, future, mark }: History): History {
  const before = past.at(-1);
  if (before === undefined) return { past, present, future, mark };
  return { past: past.slice(0, -1), present: before, future: [present, ...future], mark: null };
}

export function redone({ past, present, future, mark }: History): History {
  const [next, ...rest] = future;
  if (next === undefined) return { past, present, future, mark };
  return { past: [...past, present], present: next, future: rest, mark: null };
}
