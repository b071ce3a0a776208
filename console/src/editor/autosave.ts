// Saves a document a moment after it changed, one save at a time, and never over somebody else's: every save names the
// document that it follows. What the server says against the document comes back with it.
import { useCallback, useEffect, useRef, useState } from "react";
import { changes } from "../api/changes.ts";
import { ProblemError } from "../api/problem.ts";
import { reads, type StrategyDraft } from "../api/reads.ts";
import type { Doc } from "./document.ts";

/** saved · waiting: will be sent soon · sending · conflict: somebody else saved since · failed: tried again later */
export type SaveState = "saved" | "waiting" | "sending" | "conflict" | "failed";

/** What is stored: the document, its hash, and what the language says against it. */
export type Saved = Readonly<{ document: Doc; hash: string; problems: StrategyDraft["problems"] }>;

export type Autosave = Readonly<{
  state: SaveState;
  saved: Saved;
  error: ProblemError | null;
  /** saves at once; false when that did not work */
  flush: () => Promise<boolean>;
  /** puts this document in the place of somebody else's */
  overwrite: () => Promise<void>;
}>;

type Version = Readonly<{ id: string; version: number }>;
type First = Pick<Saved, "document" | "hash">;

const restMs = 700;
const againMs = 5_000;

export function useAutosave({ id, version }: Version, first: First, document: Doc): Autosave {
  const [saved, setSaved] = useState<Saved>({ ...first, problems: [] });
  const [state, setState] = useState<SaveState>("waiting");
  const [error, setError] = useState<ProblemError | null>(null);
  const latest = useRef(document);
  latest.current = document;
  const known = useRef({ ...first, asked: false });
  const sending = useRef<Promise<boolean> | null>(null);

  const send = useCallback(async (): Promise<boolean> => {
    const sent = latest.current;
    setState("sending");
    try {
      const { hash, problems } = await changes.editStrategy(id, version, known.current.hash, sent);
      known.current = { hash, document: sent, asked: true };
      setSaved({ hash, problems, document: sent });
      setError(null);
      setState(latest.current === sent ? "saved" : "waiting");
      return true;
    } catch (failure) {
      const problem = failure instanceof ProblemError ? failure : new ProblemError(0, null, null);
      setError(problem);
      setState(problem.status === 412 ? "conflict" : "failed");
      return false;
    }
  }, [id, version]);

  const flush = useCallback(async (): Promise<boolean> => {
    await sending.current;
    if (known.current.asked && known.current.document === latest.current) return true;
    sending.current = send();
    return sending.current;
  }, [send]);

  // The first save changes nothing and tells what is wrong with the document as it stands.
  useEffect(() => void flush(), [flush]);
  useEffect(() => {
    if (state === "conflict" || document === known.current.document) return;
    setState((before) => (before === "sending" ? before : "waiting"));
    const timer = setTimeout(() => void flush(), restMs);
    return () => clearTimeout(timer);
    // After a failure the next try waits longer, or for the next change.
  }, [document, flush, saved]);
  useEffect(() => {
    if (state !== "failed") return;
    const timer = setTimeout(() => void flush(), againMs);
    return () => clearTimeout(timer);
  }, [state, flush]);
  useEffect(() => () => void flush(), [flush]);
  useEffect(() => {
    if (state === "saved") return;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [state]);

  const overwrite = async (): Promise<void> => {
    const theirs = await reads.strategy(id, String(version));
    known.current = { hash: theirs.hash, document: theirs.document, asked: false };
    await flush();
  };
  return { state, saved, error, flush, overwrite };
}
