// A costly read that many ask for at once is made once: who asks while it is made gets the same answer, and for a few
// times as long as it took it is given again. Cheap reads are as fresh as ever, costly ones never pile up.

const reuse = 4;
const mostKept = 100;

type Kept<Answer> = Readonly<{ answer: Promise<Answer>; until: () => number }>;

/** `read`, shared among those whose key is the same. `now` is real time in milliseconds. A failure is not kept. */
export function sharedAnswer<Input, Answer>(
  read: (input: Input) => Promise<Answer>,
  keyOf: (input: Input) => string,
  now: () => number,
): (input: Input) => Promise<Answer> {
  const kept = new Map<string, Kept<Answer>>();
  return (input) => {
    const key = keyOf(input);
    const held = kept.get(key);
    if (held !== undefined && now() <= held.until()) return held.answer;
    const began = now();
    let until = Number.POSITIVE_INFINITY;
    const answer = read(input);
    const entry = { answer, until: () => until };
    answer.then(
      () => (until = now() + reuse * (now() - began)),
      () => {
        if (kept.get(key) === entry) kept.delete(key);
      },
    );
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, entry);
    return answer;
  };
}
