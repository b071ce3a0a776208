// How pages ask the server: every question carries the language, because answers are told in it, and lists keep the
// rows before while the next ones come.
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ProblemError } from "../api/problem.ts";
import { useLook } from "./language.tsx";

export type Asking = Readonly<{
  /** asks again after this many milliseconds */
  everyMs?: number;
  /** false: does not ask yet */
  when?: boolean;
  /** shows the answer to the question before until the new one comes: for lists, whose filters change */
  keep?: boolean;
}>;

/** `key` begins with the kind of thing (`lines`, `sweeps`); the rest names the question. */
export function useRead<Answer>(
  key: readonly unknown[],
  read: () => Promise<Answer>,
  { everyMs, when = true, keep = false }: Asking = {},
): UseQueryResult<Answer, ProblemError> {
  const { language } = useLook();
  const [kind, ...rest] = key;
  return useQuery<Answer, ProblemError>({
    queryKey: [kind, language, ...rest],
    queryFn: () => read(),
    enabled: when,
    refetchInterval: everyMs ?? false,
    placeholderData: (before, query) => {
      // The same question in the other language: the old words are better than an empty page.
      const same = JSON.stringify(query?.queryKey.slice(2)) === JSON.stringify(rest);
      return keep || same ? before : undefined;
    },
  });
}
